"""The queue between a socket and its application: says when to stop reading and when to go on."""

import asyncio
from collections import deque
from collections.abc import Callable

from config.serving.asgi_types import Event

HIGH_WATER_FRAMES = 64
LOW_WATER_FRAMES = 32


class Inbox:
    """
    Inbound events of one socket, for one reader.

    An asyncio.Queue costs 3 KB while empty, and most sockets are idle: here the deque comes with
    the first event that has to wait and goes when the last one is taken. Frames are never refused;
    whoever fills the inbox stops reading while `is_full`, and is called when there is room again.
    """

    __slots__ = ("_events", "_on_room", "_reader", "is_full")

    def __init__(self, on_room: Callable[[], None] | None = None) -> None:
        self._events: deque[Event] | None = None
        self._reader: asyncio.Future[None] | None = None
        self._on_room = on_room
        self.is_full = False

    def __len__(self) -> int:
        return len(self._events) if self._events else 0

    def empty(self) -> bool:
        return not self._events

    def put_nowait(self, event: Event) -> None:
        if self._events is None:
            self._events = deque()
        self._events.append(event)
        if len(self._events) > HIGH_WATER_FRAMES:
            self.is_full = True
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Event:
        """The next event; a cancelled wait loses none."""
        while not self._events:
            reader = self._reader = asyncio.get_running_loop().create_future()
            try:
                await reader
            finally:
                if self._reader is reader:
                    self._reader = None
        event = self._events.popleft()
        if not self._events:
            self._events = None
        if self.is_full and len(self) < LOW_WATER_FRAMES:
            self.is_full = False
            if self._on_room is not None:
                self._on_room()
        return event
