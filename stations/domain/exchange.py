"""A CALL and its answer as the message log keeps them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Direction(StrEnum):
    """Who sent the CALL: `in` is the station."""

    IN = "in"
    OUT = "out"


class Outcome(StrEnum):
    """How a CALL ended; the last two are frames that belong to none."""

    RESULT = "result"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    MALFORMED = "malformed"
    UNMATCHED = "unmatched"


@dataclass(slots=True)
class Exchange:
    """One row of the message log: texts are as on the wire; `session` may be an unsaved one."""

    station_id: int
    connection: str
    direction: Direction
    action: str
    message_id: str
    payload: str
    received_at: datetime
    answered_at: datetime | None = None
    answer: str = ""
    outcome: Outcome = Outcome.RESULT
    error_code: str = ""
    session: Any = None
