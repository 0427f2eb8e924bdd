"""Serves the probe application: probe_server.py daphne|uvicorn PORT WORKERS."""

import sys

from django.utils.module_loading import import_string
from probe_application import application, node, tell

if __name__ == "__main__":
    kind, port, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    run = import_string(f"config.serving.{kind}.run_{kind}")
    if kind == "daphne":
        run(application, host="127.0.0.1", port=port, node=node, ready=tell)
    else:
        path = "probe_application:application"
        run(path, host="127.0.0.1", port=port, workers=workers, ready=tell)
    tell("ended")
