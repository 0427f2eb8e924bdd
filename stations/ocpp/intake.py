"""The intake: one writer thread takes all that waits and commits it as one batch.

No timer: while one batch commits, the next gathers, so that latency is low when idle and batches
grow under load. Answers are released only after the commit: an answered message is on disk.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from stations.ocpp.batch import run_batch
from stations.ocpp.items import JobItem
from stations.ocpp.patience import insist, is_passing
from stations.ocpp.routing import Routes, Stage

logger = logging.getLogger(__name__)

MAX_BATCH = 400  # items; beyond it rows a statement cost no less and latency grows


class Intake:
    """The queue before the writer thread; `submit` may be called from the server's loop only."""

    def __init__(
        self,
        routes: Routes,
        stages: Sequence[Stage],
        *,
        prepare: Callable[[Any], None] | None = None,
    ) -> None:
        self.node_id: int | None = None
        self._routes = routes
        self._stages = stages
        self._prepare = prepare
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ocpp-intake", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()
        self.batches = 0
        self.items = 0

    @property
    def depth(self) -> int:
        """Return how many items wait."""
        return self._queue.qsize()

    @property
    def is_running(self) -> bool:
        """Say whether the writer lives."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the writer; must be called in the server's loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def submit(self, item: Any) -> None:
        """Queue an item for the next batch."""
        self._queue.put(item)

    async def stop(self) -> None:
        """Finish what waits, release its answers, end the thread."""
        if not self._thread.is_alive():
            return
        self._queue.put(None)
        await self._ended.wait()  # no join: a stuck writer must not hold the process at its exit

    def _run(self) -> None:
        is_open = True
        try:
            while is_open:
                waiting = [self._queue.get()]
                while len(waiting) < MAX_BATCH:
                    try:
                        waiting.append(self._queue.get_nowait())
                    except queue.Empty:
                        break
                is_open = None not in waiting
                self._process_safely([item for item in waiting if item is not None])
        finally:
            connection.close()
            self._hand_over(self._ended.set)

    def _process_safely(self, waiting: list[Any]) -> None:
        """The writer outlives whatever happens: without it the node answers nobody."""
        try:
            self._process(waiting)
        except Exception:
            logger.exception("intake failed, going on with what comes next")

    def _process(self, waiting: list[Any]) -> None:
        items = [item for item in waiting if not isinstance(item, JobItem)]
        if items:
            self._commit(items)
        for job in waiting:
            if isinstance(job, JobItem):
                self._commit_job(job)

    def _commit(self, items: list[Any]) -> None:
        """Commit a batch; one that fails is handled item by item, so that a bad one fails alone."""
        error = self._failure_of(items)
        if error is None:
            return
        if len(items) == 1 or is_passing(error):
            self._fail(items, error)
            return
        logger.error("batch of %s items failed, going one by one", len(items), exc_info=error)
        for position, item in enumerate(items):
            error = self._failure_of([item])
            if error is not None and is_passing(error):
                self._fail(items[position:], error)
                return
            if error is not None:
                self._fail([item], error)

    def _failure_of(self, items: list[Any]) -> Exception | None:
        """Commit items in one transaction and release them, or return what went wrong."""
        try:
            insist(lambda: self._run_batch(items))
        except Exception as error:  # noqa: BLE001 - the edge; who gets it logs it
            return error
        self.batches += 1
        self.items += len(items)
        self._hand_over(partial(_release, items))
        return None

    def _fail(self, items: Sequence[Any], error: Exception) -> None:
        names = ", ".join(_station_of(item) for item in items[:10])
        logger.error("%s items failed, of stations %s", len(items), names, exc_info=error)
        for item in items:
            self._hand_over(partial(item.fail, error))

    def _run_batch(self, items: list[Any]) -> None:
        now = timezone.now()
        self._prepare_safely(now)
        run_batch(items, routes=self._routes, stages=self._stages, now=now, node_id=self.node_id)

    def _prepare_safely(self, now: datetime) -> None:
        """What cannot be prepared ahead may be there already: the batch itself will tell."""
        if self._prepare is None:
            return
        try:
            self._prepare(now)
        except Exception as error:
            if is_passing(error):
                raise
            logger.exception("could not prepare for %s", now.date())

    def _commit_job(self, job: JobItem) -> None:
        def attempt() -> None:
            with transaction.atomic():
                job.result = job.job(timezone.now())

        try:
            insist(attempt)
        except Exception as error:
            logger.exception("job of the node failed")
            self._hand_over(partial(job.fail, error))
            return
        self._hand_over(job.release)

    def _hand_over(self, release: Callable[[], None]) -> None:
        # An empty context: otherwise asgiref would queue this behind a view that waits.
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(release, context=contextvars.Context())


def _release(items: Sequence[Any]) -> None:
    for item in items:
        item.release()


def _station_of(item: Any) -> str:
    holder = getattr(item, "connection", None) or getattr(item, "knock", None)
    return str(getattr(holder, "identity", "-"))
