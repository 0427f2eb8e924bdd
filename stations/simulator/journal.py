"""What reaches a simulated station, kept for tests, and ways to wait for it without polling."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, NamedTuple

from stations.simulator.state import NotConnected

logger = logging.getLogger(__name__)

Work = Coroutine[Any, Any, object]


class Received(NamedTuple):
    """One CALL of the central system."""

    at: datetime
    action: str
    payload: dict[str, Any]


class Journal:
    """Everything that arrived, and the tests that wait for something to arrive."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._raw_frames: deque[str] = deque(maxlen=1000)
        self._handed_out: Counter[str] = Counter()
        self._waiting: set[asyncio.Event] = set()

    def note_call(self, action: str, payload: dict[str, Any]) -> None:
        """Keep a CALL of the central system."""
        self.received.append(Received(datetime.now(UTC), action, payload))
        self.note_change()

    def note_raw(self, frame: str) -> None:
        """Keep a frame that answers no CALL of the station itself."""
        self._raw_frames.append(frame)
        self.note_change()

    def note_change(self) -> None:
        """Let everybody who waits look again."""
        for event in self._waiting:
            event.set()

    async def wait_until(self, predicate: Callable[[], object], *, within_s: float | None) -> None:
        """Return when `predicate` holds.  Raises TimeoutError."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(within_s):
                while not predicate():
                    await event.wait()
                    event.clear()
        finally:
            self._waiting.discard(event)

    async def wait_for(self, action: str, *, within_s: float) -> dict[str, Any]:
        """The payload of the oldest CALL of `action` that nobody has waited for yet."""
        turn = self._handed_out[action]
        self._handed_out[action] += 1
        try:
            await self.wait_until(lambda: len(self._payloads(action)) > turn, within_s=within_s)
        except TimeoutError:
            self._handed_out[action] -= 1
            raise
        return self._payloads(action)[turn]

    async def next_raw(self, *, is_open: Callable[[], bool], within_s: float) -> str:
        """The oldest frame that answers no CALL of the station.  Raises NotConnected."""
        await self.wait_until(lambda: self._raw_frames or not is_open(), within_s=within_s)
        if not self._raw_frames:
            raise NotConnected("connection closed before a frame came")
        return self._raw_frames.popleft()

    def _payloads(self, action: str) -> list[dict[str, Any]]:
        return [call.payload for call in self.received if call.action == action]


class Tasks:
    """Work beside the reading of frames, held so that none is lost, and ended with the station."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[object]] = set()
        self._deferred: list[Callable[[], Work]] = []

    def start(self, work: Work) -> None:
        """Run something now."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._forget)

    def defer(self, begin: Callable[[], Work]) -> None:
        """Run something once the answer to the CALL in hand has been sent."""
        self._deferred.append(begin)

    def release(self) -> None:
        """The answer is sent: begin what was deferred, one after the other."""
        deferred, self._deferred = self._deferred, []
        if deferred:
            self.start(_in_turn(deferred))

    async def stop(self) -> None:
        """Cancel what still runs and wait for its end."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _forget(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, NotConnected):
            logger.error("work of a simulated station failed", exc_info=error)


async def _in_turn(works: list[Callable[[], Work]]) -> None:
    for begin in works:
        await begin()
