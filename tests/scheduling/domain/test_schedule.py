"""The resolved time line says at every instant what the winner says."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from scheduling.domain.schedule import Period, resolved_timeline
from scheduling.domain.statuses import PublicStatus
from scheduling.domain.windows import CurrentWindow, winning_window
from tests.scheduling.domain.strategies import LAST_MINUTE, at, make_window, window_lists

START, END = at(3), at(6)
HALF_MINUTES = [at(half / 2) for half in range(2 * LAST_MINUTE + 4)]


def window(
    status: str, starts: float, ends: float | None, target: str = "evse", **changes: Any
) -> CurrentWindow:
    ends_at = None if ends is None else at(ends)
    return make_window(status, target, starts_at=at(starts), ends_at=ends_at, **changes)


def timeline(
    windows: list[CurrentWindow], start: int = 0, end: int = LAST_MINUTE
) -> list[tuple[float | None, float | None, str, int]]:
    """Return the periods as (start minute, end minute, status, window id)."""
    return [
        (_minute(p.starts_at), _minute(p.ends_at), p.status.value, p.window_id)
        for p in resolved_timeline(windows, start=at(start), end=at(end))
    ]


def _minute(instant: datetime | None) -> float | None:
    return None if instant is None else (instant - at(0)) / timedelta(minutes=1)


def test_no_windows_give_an_empty_time_line():
    assert timeline([]) == []


def test_period_names_public_status_and_window():
    (period,) = resolved_timeline([window("RESERVED", 1, 2)], start=at(0), end=at(8))
    assert period == Period(at(1), at(2), PublicStatus.RESERVED, 1)


def test_narrower_window_cuts_a_wider_one_in_two():
    wide = window("MAINTENANCE", 0, 6, "location")
    narrow = window("OUT_OF_ORDER", 2, 4, window_id=2)
    assert timeline([narrow, wide]) == [
        (0, 2, "MAINTENANCE", 1),
        (2, 4, "OUT_OF_ORDER", 2),
        (4, 6, "MAINTENANCE", 1),
    ]


def test_window_that_never_wins_leaves_no_seam():
    wide = window("MAINTENANCE", 2, 4, "location", window_id=2)
    assert timeline([window("OUT_OF_ORDER", 0, None), wide]) == [(0, None, "OUT_OF_ORDER", 1)]


def test_available_opens_a_stretch_in_a_wider_window():
    windows = [window("OUT_OF_ORDER", 0, 6, "location"), window("AVAILABLE", 2, 3, window_id=2)]
    assert [status for _, _, status, _ in timeline(windows)] == [
        "OUT_OF_ORDER",
        "AVAILABLE",
        "OUT_OF_ORDER",
    ]


def test_gaps_stay_gaps_and_adjoining_windows_stay_two():
    windows = [
        window("RESERVED", 0, 1),
        window("RESERVED", 2, 3, window_id=2),
        window("RESERVED", 3, 4, window_id=3),
    ]
    assert timeline(windows) == [
        (0, 1, "RESERVED", 1),
        (2, 3, "RESERVED", 2),
        (3, 4, "RESERVED", 3),
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "listed"),
    [(1, 3, False), (1, 4, True), (1, None, True), (5, 8, True), (6, 8, False)],
)
def test_periods_that_touch_the_asked_stretch_are_listed_uncut(starts, ends, listed):
    expected = [(starts, ends, "MAINTENANCE", 1)] if listed else []
    assert timeline([window("MAINTENANCE", starts, ends)], start=3, end=6) == expected


def test_piece_of_a_running_window_that_is_over_is_not_listed():
    wide, cut = window("MAINTENANCE", 0, 8, "location"), window("OUT_OF_ORDER", 3, 5, window_id=2)
    assert timeline([wide, cut], start=3) == [
        (3, 5, "OUT_OF_ORDER", 2),
        (5, 8, "MAINTENANCE", 1),
    ]


def test_past_windows_change_nothing_in_the_time_line():
    wide, past = window("MAINTENANCE", 0, 8, "location"), window("OUT_OF_ORDER", 1, 3, window_id=2)
    assert timeline([wide, past], start=3) == timeline([wide], start=3)


@given(window_lists())
def test_periods_are_ordered_and_never_overlap(windows):
    periods = resolved_timeline(windows, start=START, end=END)
    assert all(p.ends_at is None or p.starts_at < p.ends_at for p in periods)
    assert all(a.ends_at is not None and a.ends_at <= b.starts_at for a, b in pairwise(periods))


@given(window_lists())
def test_equal_neighbours_are_merged(windows):
    for before, after in pairwise(resolved_timeline(windows, start=START, end=END)):
        alike = (before.status, before.window_id) == (after.status, after.window_id)
        assert not (alike and before.ends_at == after.starts_at)


@given(window_lists())
def test_at_every_instant_the_time_line_says_what_the_winner_says(windows):
    periods = resolved_timeline(windows, start=START, end=END)
    for now in [instant for instant in HALF_MINUTES if START <= instant < END]:
        winner = winning_window(windows, now)
        said = [
            (p.status.value, p.window_id)
            for p in periods
            if p.starts_at <= now and (p.ends_at is None or now < p.ends_at)
        ]
        assert said == ([(winner.status.value, winner.window_id)] if winner else [])
