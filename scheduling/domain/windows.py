"""Status windows over time: which are current, which wins, and what it does to the station."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scheduling.domain.statuses import (
    OPERATOR_STATUSES,
    SENSOR_STATUSES,
    TargetKind,
    WindowStatus,
)


class RangeError(ValueError):
    """A window's start and end cannot be accepted; the message is written for people."""


class Span(Protocol):
    """Anything that lasts from starts_at until just before ends_at (None: without end)."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class CurrentWindow:
    """One occurrence of a status window, current or upcoming; it holds [starts_at, ends_at)."""

    window_id: int
    occurrence_id: int
    status: WindowStatus
    target: TargetKind
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime
    takes_out_of_service: bool | None
    has_started: bool = False  # for certain, though this process's clock may be behind

    def is_current(self, now: datetime) -> bool:
        """Tell whether the window holds at this instant: its start counts, its end does not."""
        has_started = self.has_started or self.starts_at <= now
        return has_started and (self.ends_at is None or now < self.ends_at)


def winning_operator_window(
    windows: Iterable[CurrentWindow], now: datetime
) -> CurrentWindow | None:
    """Return the current operator window of the narrowest target, AVAILABLE ones included.

    Then the later start wins, then the later creation, then the higher id. An AVAILABLE window
    withdraws wider ones by being narrower: no rule of its own is needed here.
    """
    current = (
        window
        for window in windows
        if window.status in OPERATOR_STATUSES and window.is_current(now)
    )
    return max(current, key=_operator_precedence, default=None)


def winning_sensor_window(windows: Iterable[CurrentWindow], now: datetime) -> CurrentWindow | None:
    """Return the current BLOCKED or RESERVED window of the narrowest target, BLOCKED first.

    Any current AVAILABLE window withdraws those of a wider target than its own.
    """
    current = [window for window in windows if window.is_current(now)]
    floor = max(
        (each.target.narrowness for each in current if each.status is WindowStatus.AVAILABLE),
        default=0,
    )
    standing = (
        window
        for window in current
        if window.status in SENSOR_STATUSES and window.target.narrowness >= floor
    )
    return max(standing, key=_sensor_precedence, default=None)


def winning_window(windows: Sequence[CurrentWindow], now: datetime) -> CurrentWindow | None:
    """Return the window that speaks for the EVSE, the station's own report left aside.

    An AVAILABLE window hides no sensor: it speaks only where no sensor window stands.
    """
    operator = winning_operator_window(windows, now)
    if operator is not None and operator.status is not WindowStatus.AVAILABLE:
        return operator
    return winning_sensor_window(windows, now) or operator


def takes_out_of_service(window: CurrentWindow, *, out_of_order_makes_unavailable: bool) -> bool:
    """Tell whether the window makes the station refuse sessions.

    AVAILABLE never does. Otherwise the window's own setting decides; where it has none,
    OUT_OF_SERVICE does, OUT_OF_ORDER follows the operator's switch, and no other does.
    """
    if window.status is WindowStatus.AVAILABLE:
        return False
    if window.takes_out_of_service is not None:
        return window.takes_out_of_service
    if window.status is WindowStatus.OUT_OF_ORDER:
        return out_of_order_makes_unavailable
    return window.status is WindowStatus.OUT_OF_SERVICE


def validate_range(starts_at: datetime, ends_at: datetime | None, *, now: datetime) -> None:
    """Raise RangeError unless a window may be created with this start and end (None: open)."""
    if ends_at is None:
        return
    if ends_at <= starts_at:
        raise RangeError("The window does not end after it starts. Choose a later end.")
    if ends_at <= now:
        raise RangeError(
            "The window lies wholly in the past. Choose an end in the future, or leave it empty."
        )


def overlaps(a: Span, b: Span) -> bool:
    """Tell whether two spans share an instant; spans that adjoin do not."""
    return (b.ends_at is None or a.starts_at < b.ends_at) and (
        a.ends_at is None or b.starts_at < a.ends_at
    )


def _operator_precedence(window: CurrentWindow) -> tuple[int, datetime, datetime, int, int]:
    return (window.target.narrowness, *_recency(window))


def _sensor_precedence(window: CurrentWindow) -> tuple[int, bool, datetime, datetime, int, int]:
    is_blocked = window.status is WindowStatus.BLOCKED
    return (window.target.narrowness, is_blocked, *_recency(window))


def _recency(window: CurrentWindow) -> tuple[datetime, datetime, int, int]:
    return window.starts_at, window.created_at, window.window_id, window.occurrence_id
