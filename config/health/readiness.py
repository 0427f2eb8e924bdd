"""Whether this process can do its work: one fault, or none, for each thing that it depends on."""

import asyncio
import logging
from datetime import timedelta
from secrets import token_hex

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection
from django.utils import timezone

from stations.ocpp.node import Node
from stations.services.nodes import beat_age

logger = logging.getLogger(__name__)

MAX_BEAT_AGE = timedelta(seconds=30)
# A process that has just started is not to blame for a beat that starts with it.
BEAT_GRACE_S = 60
# About one second's work: beyond it stations wait noticeably.
MAX_DEPTH = 5_000
PATIENCE_S = 3.0


async def readiness(node: Node, *, up_s: float) -> dict[str, str]:
    """Return the faults by what was looked at, "" for none; takes three seconds at most."""
    (database, beat), layer = await asyncio.gather(_database_faults(up_s), _layer_fault())
    return {
        "database": database,
        "channel_layer": layer,
        "beat": beat,
        "intake": intake_fault(node),
    }


def intake_fault(node: Node) -> str:
    """Return what is wrong with the intake of this process."""
    if node.id is None:
        return "the node has not started"
    if node.intake.depth > MAX_DEPTH:
        return f"{node.intake.depth} messages wait, expected at most {MAX_DEPTH}"
    return ""


def beat_fault(age: timedelta | None, *, up_s: float) -> str:
    """Return what is wrong with Celery beat, which was last seen `age` ago."""
    if up_s < BEAT_GRACE_S or (age is not None and age <= MAX_BEAT_AGE):
        return ""
    if age is None:
        return "Celery beat was never seen, is it running?"
    return f"Celery beat was last seen {age.total_seconds():.0f} s ago, is it running?"


async def _database_faults(up_s: float) -> tuple[str, str]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            age = await sync_to_async(_read_beat_age, thread_sensitive=False)()
    except Exception as fault:
        logger.exception("database is not ready")
        return f"no answer: {type(fault).__name__}", "unknown without the database"
    return "", beat_fault(age, up_s=up_s)


def _read_beat_age() -> timedelta | None:
    """In a thread of the loop's pool, which keeps no connection."""
    try:
        return beat_age(timezone.now())
    finally:
        connection.close()


async def _layer_fault() -> str:
    """Send a message to ourselves; without the layer commands are found by polling, later."""
    layer = get_channel_layer()
    if layer is None:
        return "there is no channel layer"
    expected = {"type": "health.probe", "id": token_hex(8)}
    try:
        async with asyncio.timeout(PATIENCE_S):
            channel = await layer.new_channel()
            await layer.send(channel, expected)
            found = await layer.receive(channel)
    except Exception as fault:
        logger.exception("channel layer is not ready")
        return f"no answer: {type(fault).__name__}"
    return "" if found["id"] == expected["id"] else "another message came back"
