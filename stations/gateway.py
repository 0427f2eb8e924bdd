"""The way to the nodes that hold sockets: best effort, since every node polls as well."""

import asyncio
import logging
import threading
import time
from collections.abc import Collection

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

COMMANDS_QUEUED = "commands.queued"
STATION_MOVED = "station.moved"
PATIENCE_S = 1.0
SECONDS_BETWEEN_COMPLAINTS = 60.0


class Complaints:
    """Lets one complaint a minute through: an outage is one fact, not a thousand."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._last_s: float | None = None

    def is_due(self, now_s: float) -> bool:
        """Say whether to complain now; a yes counts as done."""
        with self._guard:
            last_s = self._last_s
            if last_s is not None and now_s - last_s < SECONDS_BETWEEN_COMPLAINTS:
                return False
            self._last_s = now_s
            return True


_complaints = Complaints()


def node_channel(node_id: int) -> str:
    """Return the name of the channel that a node listens to."""
    return f"node-{node_id}"


def wake_nodes(node_ids: Collection[int], station_ids: Collection[int]) -> None:
    """Tell nodes that commands wait for these stations; a failure is logged and swallowed.

    For synchronous callers, at most 1 s. The message is {"type": "commands.queued", "station_ids"}.
    """
    if not node_ids:
        return
    try:
        async_to_sync(_send)(sorted(node_ids), sorted(station_ids))
    except Exception:
        if _complaints.is_due(time.monotonic()):
            logger.exception("could not wake nodes %s, they will poll", sorted(node_ids))


async def _send(node_ids: list[int], station_ids: list[int]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    message = {"type": COMMANDS_QUEUED, "station_ids": station_ids}
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(layer.send(node_channel(node_id), message) for node_id in node_ids))


async def close_elsewhere(node_id: int | None, station_id: int, token: str) -> None:
    """Tell the node that held a station's older socket to close it; a failure is logged.

    The message is {"type": "station.moved", "station_id", "token"}, the token of the new socket.
    Without it the older socket is closed when the station next speaks over it.
    """
    layer = get_channel_layer()
    if layer is None or node_id is None:
        return
    message = {"type": STATION_MOVED, "station_id": station_id, "token": token}
    try:
        async with asyncio.timeout(PATIENCE_S):
            await layer.send(node_channel(node_id), message)
    except Exception:
        if _complaints.is_due(time.monotonic()):
            logger.exception("could not tell node %s that a station has moved", node_id)
