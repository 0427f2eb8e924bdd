"""Servers in processes of their own, on free ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[3]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class ServerProcess:
    """A running server and what it printed."""

    def __init__(self, kind, workers=1, port=None):
        self.kind = kind
        self.port = port or free_port()
        script = str(Path(__file__).with_name("probe_server.py"))
        self.process = subprocess.Popen(
            [sys.executable, script, kind, str(self.port), str(workers)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.first_line = self.process.stdout.readline().strip()

    def connect(self, path, **options):
        return connect(f"ws://127.0.0.1:{self.port}{path}", compression=None, **options)

    def ask(self, path="/"):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return json.load(response)

    def terminate(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def finish(self):
        """Exit code, standard output and standard error of the ended process."""
        output, errors = self.process.communicate(timeout=20)
        return self.process.returncode, output, errors

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture
def start_server():
    """Starts servers that end with the test."""
    servers = []

    def start(*arguments, **options):
        servers.append(ServerProcess(*arguments, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(params=["daphne", "uvicorn"])
def fresh_server(request, start_server):
    """A server of this test alone, which may end it."""
    return start_server(request.param)


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request):
    """A server that the tests of a module share."""
    server = ServerProcess(request.param)
    yield server
    server.stop()
