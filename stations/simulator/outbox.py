"""Transaction messages of a simulated station: sent in order, kept while offline, never lost."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from stations.simulator.state import CallRefused, NotConnected, QueuedMessage


class Outbox:
    """A queue whose head is removed only when it has been answered."""

    def __init__(
        self, send: Callable[[Any], Awaitable[dict[str, Any]]], may_send: Callable[[], bool]
    ) -> None:
        self._send = send
        self._may_send = may_send
        self._queue: deque[QueuedMessage] = deque()
        self._flushing = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._queue)

    async def put(self, message: QueuedMessage) -> None:
        """Add a message and send what can be sent; errors as `flush`."""
        self._queue.append(message)
        await self.flush()

    async def flush(self) -> None:
        """Send all that waits, oldest first, until the connection fails.

        Raises CallRefused for a message that was refused (it is dropped), TimeoutError for one
        that was not answered (it stays).
        """
        async with self._flushing:
            while self._queue and self._may_send():
                message = self._queue[0]
                try:
                    answer = await self._send(message.build())
                except NotConnected:
                    return
                except CallRefused:
                    self._queue.popleft()
                    raise
                self._queue.popleft()
                if message.settle is not None:
                    message.settle(answer)
