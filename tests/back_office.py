"""The whole back office for flows: the real ASGI application on a free port, real database."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

from asgiref.sync import SyncToAsync
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[1]
START_TIMEOUT_S = 20
STOP_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class BackOffice:
    """A running back office; `node` is None where it runs in another process."""

    url: str
    node: Any = None
    process: subprocess.Popen[str] | None = None

    @property
    def ws_url(self) -> str:
        """Return the address that stations add their identity to."""
        return self.url.replace("http://", "ws://", 1) + "/ocpp"


@contextmanager
def back_office_in_thread() -> Iterator[BackOffice]:
    """Serve with uvicorn in a thread; the node is drained at the end."""
    from config.asgi import application_of
    from config.ocpp import routes, stages
    from config.serving.uvicorn import AnnouncingServer, uvicorn_config
    from stations.ocpp.node import Node

    node = Node(routes(), stages())
    config = uvicorn_config(application_of(node), host="127.0.0.1", port=0, workers=1)
    urls: Queue[str] = Queue()
    server = AnnouncingServer(config, urls.put)
    thread = threading.Thread(target=server.run, name="back-office", daemon=True)
    thread.start()
    try:
        yield BackOffice(urls.get(timeout=START_TIMEOUT_S), node)
    finally:
        server.should_exit = True
        thread.join(STOP_TIMEOUT_S)
        # The thread that asgiref keeps for synchronous views keeps its connection as well.
        SyncToAsync.single_thread_executor.submit(connections.close_all).result()
        assert not thread.is_alive(), f"the back office did not end within {STOP_TIMEOUT_S} s"


@contextmanager
def back_office_in_process(server: str, *, data_dir: Path, **env: str) -> Iterator[BackOffice]:
    """Serve with `manage.py serve` on the database of the test; it may be killed meanwhile."""
    command = [sys.executable, "manage.py", "serve", "--server", server, "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(data_dir), **env},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield BackOffice(_announced_url(process), process=process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOP_TIMEOUT_S)


def _announced_url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if "http://" not in line:
        raise RuntimeError(f"the back office did not start, it said {line!r}")
    return line.split()[-1]


def database_url() -> str:
    """Return the address of the test database, as another process must be told."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"
