"""Celery inside the web process: worker and beat as threads, for the embedded size."""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from celery import Celery
from celery.app.trace import setup_worker_optimizations
from celery.beat import Scheduler, Service
from celery.worker import state

WORKER_THREADS = 4
BEAT_INTERVAL_S = 1
STOP_TIMEOUT_S = 2.0
EXIT_CODE = 0
START_TIMEOUT_S = 10.0

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _CeleryThreads:
    app: Celery
    worker: Any
    beat: Service
    threads: list[threading.Thread] = field(default_factory=list)


_running: list[_CeleryThreads] = []


def start_celery_threads(app: Celery) -> None:
    """
    Run the tasks and the schedule of `app` in this process; returns when tasks are taken.

    The threads are daemons without signal handlers: stopping is up to `stop_celery_threads`.
    Raises RuntimeError when they run already or the worker does not start.
    """
    if _running:
        raise RuntimeError("Celery threads are running, expected them to be stopped first")
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # this process has run its checks
    is_ready = threading.Event()
    setup_worker_optimizations(app)  # also makes it the app of all threads
    celery = _CeleryThreads(app, _worker(app, is_ready), _beat(app))
    _running.append(celery)
    _start(celery, "celery-worker", celery.worker.start)
    if not is_ready.wait(START_TIMEOUT_S):
        stop_celery_threads()
        raise RuntimeError(f"Celery worker did not start within {START_TIMEOUT_S} s")
    _start(celery, "celery-beat", celery.beat.start)


def stop_celery_threads() -> None:
    """Take no more tasks, and give those that run up to two seconds; harmless when not running."""
    while _running:
        celery = _running.pop()
        celery.beat.stop()
        state.should_stop = EXIT_CODE  # type: ignore[assignment]  # stubs: only its first value
        for _ in range(2):  # the worker waits for messages twice, 2 s each, before it looks
            celery.app.send_task("celery.accumulate")
        deadline = monotonic() + STOP_TIMEOUT_S
        for thread in celery.threads:
            thread.join(deadline - monotonic())
            if thread.is_alive():
                logger.warning("%s is still busy, leaving it behind", thread.name)
        state.should_stop = None


def _worker(app: Celery, is_ready: threading.Event) -> Any:
    return app.WorkController(
        pool="threads",
        concurrency=WORKER_THREADS,
        hostname=f"embedded-{os.getpid()}@localhost",
        ready_callback=lambda _consumer: is_ready.set(),
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        task_events=False,
    )


def _beat(app: Celery) -> Service:
    return Service(app, max_interval=BEAT_INTERVAL_S, scheduler_cls=Scheduler)


def _start(celery: _CeleryThreads, name: str, target: Callable[[], None]) -> None:
    thread = threading.Thread(target=target, name=name, daemon=True)
    celery.threads.append(thread)
    thread.start()
