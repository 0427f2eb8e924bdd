"""Repeats of messages that have no key of their own: each is named by a hash of what it says."""

from hashlib import blake2b
from typing import Any

import orjson

from sessions.selectors import claim_messages
from stations.ocpp.work import Work


def message_key(*parts: Any) -> int:
    """Return 64 bits that name a message by what it says."""
    text = orjson.dumps(parts, default=str)
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)


def need_claim(work: Work, station_id: int, key: int) -> None:
    """Ask that a message is noted as handled with this batch."""
    work.need(claim_messages, ((station_id, key),))


def is_repeat(work: Work, station_id: int, key: int) -> bool:
    """Say whether the message had been handled before this batch."""
    return (station_id, key) not in work.loaded(claim_messages)
