"""Send on a socket at once, without a task for each frame.

ASGI's send is a coroutine that almost never waits. It is driven here by hand; only when it does
wait (the socket's buffer is full) a task takes over.
"""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

Event = dict[str, Any]
Send = Callable[[Event], Awaitable[None]]

_tasks: set[asyncio.Task[None]] = set()


class Outbox:
    """The way out of one socket: frames leave in order, also when the peer reads slowly."""

    __slots__ = ("_rest", "_send")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._rest: asyncio.Task[None] | None = None

    def send(self, event: Event) -> None:
        """Send `event`, after those that still wait; must be called in the server's loop."""
        if self._rest is not None and not self._rest.done():
            self._rest = _keep(_after(self._rest, self._send(event)))
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


def _keep(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.get_running_loop().create_task(coroutine)
    _tasks.add(task)
    task.add_done_callback(_forget)
    return task


def _forget(task: asyncio.Task[None]) -> None:
    _tasks.discard(task)
    if not task.cancelled():
        task.exception()  # a closed socket: its receive loop sees the end


async def _after(previous: asyncio.Task[None], sending: Awaitable[None]) -> None:
    await asyncio.wait([previous])
    await sending


@types.coroutine
def _resume(awaited: Any, coroutine: Coroutine[Any, Any, None]) -> Generator[Any, Any, None]:
    """Hand what the coroutine waits for to the task's loop, then let the coroutine go on."""
    while True:
        yield awaited
        try:
            awaited = coroutine.send(None)
        except StopIteration:
            return


async def _finish(awaited: Any, coroutine: Coroutine[Any, Any, None]) -> None:
    await _resume(awaited, coroutine)
