"""Which window wins, and what windows may look like."""

import functools
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from scheduling.domain.statuses import WindowStatus
from scheduling.domain.windows import (
    CurrentWindow,
    RangeError,
    overlaps,
    takes_out_of_service,
    validate_range,
    winning_operator_window,
    winning_sensor_window,
    winning_window,
)
from tests.scheduling.domain.strategies import at, instants, make_window, window_lists

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "current"),
    [(at(0) - TICK, False), (at(0), True), (at(8) - TICK, True), (at(8), False)],
)
def test_window_holds_from_its_start_until_just_before_its_end(now, current):
    assert make_window().is_current(now) is current


def test_window_without_end_holds_until_it_is_ended():
    assert make_window(ends_at=None).is_current(at(1_000_000))


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        (make_window(target="location", starts_at=at(1)), make_window(target="station")),
        (make_window(target="station", starts_at=at(1)), make_window(target="evse")),
        (make_window(created_at=at(1)), make_window(starts_at=at(1))),
        (make_window(window_id=2), make_window(created_at=at(1))),
        (make_window(occurrence_id=2), make_window(window_id=2)),
        (make_window(), make_window(occurrence_id=2)),
        (make_window("OUT_OF_SERVICE", "location"), make_window("AVAILABLE", "station")),
        (make_window("AVAILABLE", "station"), make_window("FAULTED", "evse")),
    ],
)
def test_narrower_then_later_operator_window_wins(loser, winner):
    for windows in ([loser, winner], [winner, loser]):
        assert winning_operator_window(windows, at(2)) is winner


@pytest.mark.parametrize(
    ("loser", "winner"),
    [
        (make_window("BLOCKED", "station"), make_window("RESERVED", "evse")),
        (make_window("RESERVED", starts_at=at(1)), make_window("BLOCKED")),
        (make_window("BLOCKED"), make_window("BLOCKED", starts_at=at(1))),
        (make_window("RESERVED"), make_window("RESERVED", created_at=at(1))),
    ],
)
def test_narrower_then_blocked_then_later_sensor_window_wins(loser, winner):
    for windows in ([loser, winner], [winner, loser]):
        assert winning_sensor_window(windows, at(2)) is winner


def test_ranks_do_not_compete():
    operator, sensor = make_window("MAINTENANCE", "location"), make_window("BLOCKED", "evse")
    assert winning_operator_window([operator, sensor], at(2)) is operator
    assert winning_sensor_window([operator, sensor], at(2)) is sensor
    assert winning_window([operator, sensor], at(2)) is operator


@pytest.mark.parametrize(
    ("available_on", "blocked_on", "stands"),
    [
        ("location", "location", True),
        ("location", "evse", True),
        ("station", "location", False),
        ("station", "station", True),
        ("evse", "location", False),
        ("evse", "station", False),
        ("evse", "evse", True),
    ],
)
def test_available_withdraws_sensor_windows_of_wider_targets(available_on, blocked_on, stands):
    available = make_window("AVAILABLE", available_on)
    blocked = make_window("BLOCKED", blocked_on)
    windows = [available, blocked]
    assert winning_sensor_window(windows, at(2)) is (blocked if stands else None)
    assert winning_window(windows, at(2)) is (blocked if stands else available)


def test_available_withdraws_nothing_before_it_starts_or_once_it_is_over():
    available = make_window("AVAILABLE", "evse", starts_at=at(2), ends_at=at(4))
    blocked = make_window("BLOCKED", "location")
    for minute, winner in [(1, blocked), (2, None), (4, blocked)]:
        assert winning_sensor_window([available, blocked], at(minute)) is winner


def _beats(a: CurrentWindow, b: CurrentWindow) -> int:
    """Return 1 if a beats b within one rank, -1 otherwise: the rules read one after another."""
    order = ["location", "station", "evse"]
    comparisons: list[tuple[Any, Any]] = [
        (order.index(a.target), order.index(b.target)),
        (a.status == "BLOCKED", b.status == "BLOCKED"),
        (a.starts_at, b.starts_at),
        (a.created_at, b.created_at),
        (a.window_id, b.window_id),
        (a.occurrence_id, b.occurrence_id),
    ]
    return next((1 if mine > others else -1 for mine, others in comparisons if mine != others), 0)


def _ranked(windows: list[CurrentWindow], now: datetime, *, sensors: bool) -> list[CurrentWindow]:
    """Withdraw windows one by one, then sort what is left: the winner comes first."""
    current = [w for w in windows if w.starts_at <= now and not (w.ends_at and w.ends_at <= now)]
    order = ["location", "station", "evse"]
    for available in [w for w in current if w.status == "AVAILABLE"]:
        place = order.index(available.target)
        current = [w for w in current if order.index(w.target) >= place]
    rank = [w for w in current if (w.status in {"BLOCKED", "RESERVED"}) == sensors]
    return sorted(rank, key=functools.cmp_to_key(_beats), reverse=True)


@given(window_lists(), instants)
def test_winners_agree_with_windows_withdrawn_one_by_one_and_sorted(windows, now):
    operators = _ranked(windows, now, sensors=False)
    sensors = _ranked(windows, now, sensors=True)
    assert winning_operator_window(windows, now) == next(iter(operators), None)
    assert winning_sensor_window(windows, now) == next(iter(sensors), None)


@given(window_lists(), instants)
def test_winners_do_not_depend_on_the_order_of_windows(windows, now):
    backwards = windows[::-1]
    assert winning_operator_window(windows, now) == winning_operator_window(backwards, now)
    assert winning_sensor_window(windows, now) == winning_sensor_window(backwards, now)


BY_DEFAULT = {
    WindowStatus.AVAILABLE: (False, False),
    WindowStatus.OUT_OF_ORDER: (False, True),
    WindowStatus.MAINTENANCE: (False, False),
    WindowStatus.COMMISSIONING: (False, False),
    WindowStatus.BLOCKED: (False, False),
    WindowStatus.RESERVED: (False, False),
    WindowStatus.OCCUPIED: (False, False),
    WindowStatus.OUT_OF_SERVICE: (True, True),
    WindowStatus.FAULTED: (False, False),
}


@pytest.mark.parametrize("status", WindowStatus)
def test_out_of_service_by_default_follows_the_table_and_the_switch(status):
    window = make_window(status)
    answers = tuple(
        takes_out_of_service(window, out_of_order_makes_unavailable=switch)
        for switch in (False, True)
    )
    assert answers == BY_DEFAULT[status]


@pytest.mark.parametrize("switch", [False, True])
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("status", WindowStatus)
def test_the_windows_own_setting_decides_except_for_available(status, own, switch):
    window = make_window(status, takes_out_of_service=own)
    answer = takes_out_of_service(window, out_of_order_makes_unavailable=switch)
    assert answer is (own and status != "AVAILABLE")


@pytest.mark.parametrize(("starts_at", "ends_at"), [(0, None), (-5, 6), (5, 6), (-5, None)])
def test_range_that_ends_after_start_and_now_is_valid(starts_at, ends_at):
    validate_range(at(starts_at), None if ends_at is None else at(ends_at), now=at(5))


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "message"),
    [
        (7, 7, "Choose a later end"),
        (8, 7, "Choose a later end"),
        (1, 4, "wholly in the past"),
        (1, 5, "wholly in the past"),
    ],
)
def test_range_that_is_empty_or_past_is_refused(starts_at, ends_at, message):
    with pytest.raises(RangeError, match=message):
        validate_range(at(starts_at), at(ends_at), now=at(5))


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ((0, 2), (2, 4), False),
        ((0, 3), (2, 4), True),
        ((0, 8), (2, 4), True),
        ((0, 2), (0, 2), True),
        ((0, 2), (3, 4), False),
        ((0, None), (2, 4), True),
        ((4, None), (2, 4), False),
        ((0, None), (2, None), True),
    ],
)
def test_spans_overlap_only_where_they_share_an_instant(a, b, shared):
    first, second = (
        make_window(starts_at=at(start), ends_at=None if end is None else at(end))
        for start, end in (a, b)
    )
    assert overlaps(first, second) is shared
    assert overlaps(second, first) is shared
