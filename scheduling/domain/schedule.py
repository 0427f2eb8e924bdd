"""The resolved time line of an EVSE: one window at a time speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from scheduling.domain.statuses import PublicStatus
from scheduling.domain.windows import CurrentWindow, winning_window


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time [starts_at, ends_at) in which one window wins; ends_at None: open."""

    starts_at: datetime
    ends_at: datetime | None
    status: PublicStatus
    window_id: int


def resolved_timeline(
    windows: Sequence[CurrentWindow], *, start: datetime, end: datetime
) -> list[Period]:
    """Return the periods that lie at least partly in [start, end), in order, never overlapping.

    Periods keep their own bounds and are not cut at start and end, so that a running one stays
    the same from one call to the next. Stretches without a window are left out.
    """
    remaining = [w for w in windows if w.ends_at is None or w.ends_at > start]
    return [
        period
        for period in _merged(_pieces(remaining))
        if period.starts_at < end and (period.ends_at is None or period.ends_at > start)
    ]


def _pieces(windows: Sequence[CurrentWindow]) -> list[Period]:
    boundaries = {window.starts_at for window in windows}
    boundaries |= {window.ends_at for window in windows if window.ends_at is not None}
    ordered = sorted(boundaries)
    pieces = []
    for starts_at, ends_at in zip_longest(ordered, ordered[1:]):
        winner = winning_window(windows, starts_at)
        if winner is not None:
            status = PublicStatus(winner.status)
            pieces.append(Period(starts_at, ends_at, status, winner.window_id))
    return pieces


def _merged(pieces: Sequence[Period]) -> list[Period]:
    merged: list[Period] = []
    for piece in pieces:
        if merged and _continues(merged[-1], piece):
            merged[-1] = replace(merged[-1], ends_at=piece.ends_at)
        else:
            merged.append(piece)
    return merged


def _continues(before: Period, piece: Period) -> bool:
    return (before.ends_at, before.status, before.window_id) == (
        piece.starts_at,
        piece.status,
        piece.window_id,
    )
