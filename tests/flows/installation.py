"""Installations of the back office in processes of their own, as operators run them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from config.serving.celery_processes import BEAT, WORKER
from tests.back_office import ROOT
from tests.flows.api import Api

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
PATIENCE_S = 0.02


@dataclass
class Office:
    """One running `manage.py serve` and a program that may do everything through its API."""

    url: str
    api: Api
    process: subprocess.Popen[str] | None = None
    log: Path | None = None

    @property
    def ws_url(self) -> str:
        return self.url.replace("http://", "ws://", 1) + "/ocpp"

    def kill(self) -> None:
        """Power fails: nothing of it, nor of its Celery beside it, gets a chance to tidy up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_TIMEOUT_S)


@dataclass
class Installation:
    """A database, its settings, and the servers that are started on them."""

    database_url: str
    data_dir: Path
    token: str = ""
    env: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT_S,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def serve(self, *options: str, port: int | None = None) -> Iterator[Office]:
        """Serve until told to stop; every time at the same address, unless another is given."""
        log = self.data_dir / f"server-{time.monotonic_ns()}.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(port or self.port), *options],
                cwd=ROOT,
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        try:
            url = _announced_url(process, log)
            with Api(url, self.token) as api:
                yield Office(url, api, process, log)
        finally:
            _stop(process)

    @contextmanager
    def celery(self) -> Iterator[None]:
        """Run worker and beat, for a server without them; they are at work when this begins."""
        children = []
        try:
            for number, command in enumerate((WORKER, BEAT)):
                pid_file = self.data_dir / f"celery-{number}.pid"
                pid_file.unlink(missing_ok=True)
                words = [word for word in command if word != "--pidfile="]
                child = subprocess.Popen(
                    [*words, "--pidfile", str(pid_file)], cwd=ROOT, env=self.environment()
                )
                children.append((child, pid_file))
            for child, pid_file in children:
                _wait_for_file(pid_file, child)
            yield
        finally:
            for child, _ in children:
                child.terminate()
            for child, _ in children:
                child.wait(STOP_TIMEOUT_S)

    def environment(self) -> Mapping[str, str]:
        ours = {"DATABASE_URL": self.database_url, "DATA_DIR": str(self.data_dir)}
        return os.environ | ours | {"PORT": str(self.port)} | self.env


def free_port() -> int:
    """Chosen before the start: partners are told the address, and it stays after a restart."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_beat(office: Office) -> None:
    """Return when a Celery worker has been seen to carry out what beat asks for."""
    before = f"{time.time():.0f}"
    deadline = time.monotonic() + START_TIMEOUT_S
    while _last_beat(office) < float(before):
        assert time.monotonic() < deadline, office.log.read_text()
        time.sleep(PATIENCE_S)


def _last_beat(office: Office) -> float:
    text = requests.get(f"{office.url}/metrics", timeout=10).text
    name = "chargehand_last_beat_timestamp_seconds "
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(name))


def _announced_url(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:  # Celery beside it may speak first
        if "http://" in line:
            return line.split()[-1]
    raise AssertionError(f"the server did not start: {log.read_text()}")


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise


def _wait_for_file(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not path.exists():
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        assert time.monotonic() < deadline, f"{process.args!r} did not start"
        time.sleep(PATIENCE_S)
