"""What the reconciler drives a station to."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.published_status import Desired, desired_availability
from scheduling.domain.statuses import Availability, Cause
from scheduling.domain.windows import (
    CurrentWindow,
    takes_out_of_service,
    winning_operator_window,
    winning_sensor_window,
)
from tests.scheduling.domain.strategies import at, instants, make_window, window_lists

NOW = at(4)


def desired(
    windows: list[CurrentWindow],
    now: datetime = NOW,
    *,
    disabled: bool = False,
    switch: bool = False,
    manual: Availability | None = None,
) -> Desired:
    return desired_availability(
        windows, now, disabled=disabled, out_of_order_makes_unavailable=switch, manual=manual
    )


def test_nothing_set_is_operative_by_default():
    assert desired([]) == Desired(Availability.OPERATIVE, Cause.DEFAULT)


@pytest.mark.parametrize("manual", [None, *Availability])
def test_disabled_outdoes_windows_and_commands_by_hand(manual):
    answer = desired([make_window("AVAILABLE")], disabled=True, manual=manual)
    assert answer == Desired(Availability.INOPERATIVE, Cause.DISABLED)


@pytest.mark.parametrize("manual", Availability)
@pytest.mark.parametrize("status", ["AVAILABLE", "OUT_OF_SERVICE"])
def test_command_by_hand_outdoes_windows(status, manual):
    assert desired([make_window(status)], manual=manual) == Desired(manual, Cause.MANUAL)


@pytest.mark.parametrize("switch", [False, True])
def test_out_of_order_follows_the_operators_switch(switch):
    window = make_window("OUT_OF_ORDER")
    answer = desired([window], switch=switch)
    refusing = Desired(Availability.INOPERATIVE, Cause.WINDOW, window)
    assert answer == (refusing if switch else Desired(Availability.OPERATIVE, Cause.DEFAULT))


def test_window_of_a_wider_target_that_does_not_win_takes_nothing_out():
    windows = [make_window("OUT_OF_SERVICE", "location"), make_window("MAINTENANCE", "evse")]
    assert desired(windows) == Desired(Availability.OPERATIVE, Cause.DEFAULT)


def test_available_makes_the_station_operative_under_a_wider_window():
    available = make_window("AVAILABLE", "station")
    answer = desired([make_window("OUT_OF_SERVICE", "location"), available])
    assert answer == Desired(Availability.OPERATIVE, Cause.WINDOW, available)


@pytest.mark.parametrize("others", [[], [make_window("MAINTENANCE", "evse")]])
def test_winning_sensor_window_may_take_out_of_service(others):
    sensor = make_window("BLOCKED", "station", takes_out_of_service=True)
    answer = desired([sensor, *others])
    assert answer == Desired(Availability.INOPERATIVE, Cause.WINDOW, sensor)


@pytest.mark.parametrize(
    ("available_on", "availability"),
    [("location", "Inoperative"), ("station", "Operative"), ("evse", "Operative")],
)
def test_only_a_narrower_sensor_window_speaks_against_available(available_on, availability):
    sensor = make_window("BLOCKED", "station", takes_out_of_service=True)
    answer = desired([make_window("AVAILABLE", available_on), sensor])
    assert answer.availability == availability


def test_window_takes_out_of_service_only_while_it_is_current():
    window = make_window("OUT_OF_SERVICE", starts_at=at(2), ends_at=at(4))
    answers = [desired([window], at(minute)).availability for minute in (1, 2, 3, 4)]
    assert answers == ["Operative", "Inoperative", "Inoperative", "Operative"]


@given(window_lists(), instants, st.booleans())
def test_desire_agrees_with_an_independent_reading(windows, now, switch):
    winners = [winning_operator_window(windows, now), winning_sensor_window(windows, now)]
    present = sorted((w for w in winners if w), key=lambda w: w.target.narrowness, reverse=True)
    if winners[0] and winners[0].status == "AVAILABLE":
        narrower_first = present[: 1 + present.index(winners[0])]
        present = [w for w in narrower_first if w.target != winners[0].target]
    refusing = any(takes_out_of_service(w, out_of_order_makes_unavailable=switch) for w in present)
    answer = desired(windows, now, switch=switch)
    assert (answer.availability == "Inoperative") == refusing
    assert answer.window is None or answer.window in winners
