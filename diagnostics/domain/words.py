"""The words of the message log."""

from enum import StrEnum


class Direction(StrEnum):
    """Who sent the CALL: `in` is the station."""

    IN = "in"
    OUT = "out"


class Outcome(StrEnum):
    """How a CALL ended; `malformed` is a frame that is no CALL."""

    RESULT = "result"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    MALFORMED = "malformed"
    UNMATCHED = "unmatched"
