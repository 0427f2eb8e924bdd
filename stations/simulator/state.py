"""What a simulated station knows about its EVSEs and sessions, and how its calls can fail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

# The names of these say what happened, as Django's do; hence no suffix.


class CallRefused(Exception):  # noqa: N818
    """The central system answered a CALL with a CALLERROR."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description


class NotConnected(ConnectionError):  # noqa: N818
    """There is no open connection, or it was lost before the answer came."""


class SessionRefused(Exception):  # noqa: N818
    """The station itself does not start a session here and now."""


class Outcome(StrEnum):
    """What a station says to a request that may have to wait; words of both versions."""

    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    SCHEDULED = "Scheduled"


@dataclass(slots=True, kw_only=True)
class Session:
    """One charging session; 1.6 learns the transaction id from the central system."""

    evse_id: int
    id_tag: str
    started_at: datetime
    meter_start_wh: int
    transaction_id: str | int | None = None
    remote_start_id: int | None = None
    is_remote: bool = False
    event_count: int = 0
    id_status: str = ""
    stop_reason: str | None = None


@dataclass(slots=True)
class Evse:
    """One EVSE with its connector; number 0 stands for the whole station."""

    evse_id: int
    status: str = "Available"
    error_code: str = "NoError"
    info: str | None = None
    operative: bool = True
    wanted_operative: bool | None = None
    session: Session | None = None
    reservation_id: int | None = None
    meter_wh: int = 0
    reported: tuple[str, str, str | None] | None = None

    @property
    def accepts_sessions(self) -> bool:
        """Whether neither its availability nor a scheduled change forbids new sessions."""
        return self.operative and self.wanted_operative is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at the meter."""

    read_at: datetime
    energy_wh: int
    power_w: int = 0
    context: str = "Sample.Periodic"


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A transaction message that must arrive, built as late as its transaction id allows."""

    build: Callable[[], Any]
    settle: Callable[[dict[str, Any]], None] | None = None


def as_text(moment: datetime) -> str:
    """A moment as OCPP writes it, in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
