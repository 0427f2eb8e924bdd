"""Send on a socket at once, without a task for each frame.

ASGI's send is a coroutine that almost never waits. It is driven here by hand; only when it does
wait (the socket's buffer is full) a task takes over.
"""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from typing import Any

Event = dict[str, Any]
Send = Callable[[Event], Awaitable[None]]

MAX_WAITING = 64  # frames for a peer that does not read, before we stop listening to it

_tasks: set[asyncio.Task[None]] = set()


class Outbox:
    """The way out of one socket: frames leave in order, also when the peer reads slowly."""

    __slots__ = ("_rest", "_send", "_waiting")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._rest: asyncio.Task[None] | None = None
        self._waiting = 0

    def send(self, event: Event) -> None:
        """Send `event`, after those that still wait; must be called in the server's loop."""
        if self._rest is not None and not self._rest.done():
            self._waiting += 1
            self._rest = _keep(self._send_after(self._rest, event))
            return
        coroutine = self._send(event)
        assert isinstance(coroutine, Coroutine)  # noqa: S101 - both servers' are
        try:
            awaited = coroutine.send(None)
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError):  # the socket is closed; the loop will see it
            return
        self._rest = _keep(_finish(awaited, coroutine))

    @property
    def is_full(self) -> bool:
        """Say whether so much waits that the peer is not to be listened to."""
        return self._waiting >= MAX_WAITING

    async def emptied(self) -> None:
        """Wait until all that waits now has left, or the socket is closed."""
        if self._rest is not None:
            await asyncio.wait([self._rest])

    async def _send_after(self, previous: asyncio.Task[None], event: Event) -> None:
        try:
            await asyncio.wait([previous])
            await self._send(event)
        finally:
            self._waiting -= 1


def _keep(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.get_running_loop().create_task(coroutine)
    _tasks.add(task)
    task.add_done_callback(_forget)
    return task


def _forget(task: asyncio.Task[None]) -> None:
    _tasks.discard(task)
    if not task.cancelled():
        task.exception()  # a closed socket: its receive loop sees the end


@types.coroutine
def _resume(awaited: Any, coroutine: Coroutine[Any, Any, None]) -> Generator[Any, Any, None]:
    """Hand what the coroutine waits for to the task's loop, and what comes of it back to it."""
    while True:
        try:
            yield awaited
        except BaseException as error:  # noqa: BLE001 - it belongs to the coroutine
            step: Callable[[], Any] = partial(coroutine.throw, error)
        else:
            step = partial(coroutine.send, None)
        try:
            awaited = step()
        except StopIteration:
            return


async def _finish(awaited: Any, coroutine: Coroutine[Any, Any, None]) -> None:
    await _resume(awaited, coroutine)
