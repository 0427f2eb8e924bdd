"""Celery beside the web processes: worker and beat as children, for `make run` when scaled."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

WORKER_THREADS = 8
STOP_TIMEOUT_S = 10
SECONDS_BETWEEN_LOOKS = 1
AS_ASKED = (None, 0, -signal.SIGINT, -signal.SIGTERM)
"""Return codes of what runs, or was told to end: Ctrl-C reaches the children before us."""

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

Child = subprocess.Popen[bytes]

logger = logging.getLogger(__name__)


@contextmanager
def celery_processes(*commands: tuple[str, ...]) -> Iterator[list[Child]]:
    """Run the commands (by default worker and beat) while the block runs; restart what crashes."""
    children: list[Child] = []
    is_over = threading.Event()
    watcher = threading.Thread(target=_keep_alive, args=(children, is_over), name="celery-watcher")
    try:
        for command in commands or (WORKER, BEAT):
            children.append(_started(command))
        watcher.start()
        yield children
    finally:
        is_over.set()
        if watcher.ident is not None:
            watcher.join()
        for child in children:
            child.terminate()
        for child in children:
            _await_end(child)


def _started(command: tuple[str, ...]) -> Child:
    return subprocess.Popen(command)  # noqa: S603 - fixed commands of our own


def _keep_alive(children: list[Child], is_over: threading.Event) -> None:
    while not is_over.wait(SECONDS_BETWEEN_LOOKS):
        for position, child in enumerate(children):
            if child.poll() not in AS_ASKED:
                logger.error("%s ended with %s, starting it again", child.args, child.returncode)
                children[position] = _started(child.args)  # type: ignore[arg-type]


def _await_end(child: Child) -> None:
    try:
        child.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
