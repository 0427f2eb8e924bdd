"""The channel layer of the embedded size: in memory, and safe to send to from any thread."""

import asyncio
import logging
from collections.abc import Callable
from contextvars import Context
from copy import deepcopy
from time import time
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer

logger = logging.getLogger(__name__)


class LocalChannelLayer(InMemoryChannelLayer):
    """
    Hands messages from other threads (Celery's, sync views') to the loop of the receivers.

    The stock layer puts them into queues of a foreign loop, which does not wake who waits there.
    The receivers' loop is the one that last received. Sends from other threads do not wait for
    the delivery; what does not fit into a full channel is logged and lost, as layers may.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def receive(self, channel: str) -> dict[str, Any]:
        self._loop = asyncio.get_running_loop()
        message: dict[str, Any] = await super().receive(channel)
        return message

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Raises ChannelFull, when sent from the receivers' own thread."""
        self.require_valid_channel_name(channel)
        copied = deepcopy(message)
        if self._is_elsewhere():
            self._hand_over(lambda: self._deliver_or_log(channel, copied))
        else:
            self._deliver(channel, copied)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.require_valid_group_name(group)
        copied = deepcopy(message)
        if self._is_elsewhere():
            self._hand_over(lambda: self._deliver_to_group(group, copied))
        else:
            self._deliver_to_group(group, copied)

    def _is_elsewhere(self) -> bool:
        loop = self._loop
        if loop is None or loop.is_closed():
            return False
        return loop is not asyncio.get_running_loop()

    def _hand_over(self, deliver: Callable[[], None]) -> None:
        """In an empty context: asgiref queues what carries a view's context behind that view."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(deliver, context=Context())

    def _deliver(self, channel: str, message: dict[str, Any]) -> None:
        queue = self.channels.get(channel)
        if queue is None:
            queue = self.channels[channel] = asyncio.Queue(self.get_capacity(channel))
        if queue.full():
            raise ChannelFull(channel)
        queue.put_nowait((time() + self.expiry, message))

    def _deliver_or_log(self, channel: str, message: dict[str, Any]) -> None:
        try:
            self._deliver(channel, message)
        except ChannelFull:
            logger.warning("channel %s is full, dropped a %s", channel, message.get("type"))

    def _deliver_to_group(self, group: str, message: dict[str, Any]) -> None:
        self._clean_expired()
        for channel in list(self.groups.get(group, ())):
            self._deliver_or_log(channel, deepcopy(message))
