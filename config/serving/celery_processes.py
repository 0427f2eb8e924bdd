"""Celery beside the web processes: worker and beat as children, for `make run` when scaled."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WORKER_THREADS = 8
STOP_TIMEOUT_S = 10

_CELERY = (sys.executable, "-m", "celery", "-A", "config")
_QUIET = ("--loglevel", "WARNING")
WORKER = (
    *_CELERY,
    "worker",
    *("--pool", "threads", "--concurrency", str(WORKER_THREADS)),
    *("--without-mingle", "--without-gossip"),
    *_QUIET,
)
BEAT = (*_CELERY, "beat", "--pidfile=", *_QUIET)


@contextmanager
def celery_processes(*commands: tuple[str, ...]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run the commands (by default worker and beat) while the block runs."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands or (WORKER, BEAT):
            children.append(subprocess.Popen(command))  # noqa: S603 - fixed commands of our own
        yield children
    finally:
        for child in children:
            child.terminate()
        for child in children:
            _await_end(child)


def _await_end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
