"""What is asked of stations, and what follows from their answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduling.domain.reconciliation import (
    Follower,
    Order,
    plan,
    retry_after,
    values_after_answer,
)
from scheduling.domain.statuses import Availability, AvailabilityOutcome
from stations.domain.reported_status import ReportedStatus

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
IN, OUT = Availability.OPERATIVE, Availability.INOPERATIVE

ASTRAY = Follower(
    evse_id=1,
    station_id=1,
    desired=OUT,
    confirmed=IN,
    outcome=None,
    attempts=0,
    is_due=True,
    is_retired=False,
    is_connected=True,
    is_accepted=True,
    is_waiting=False,
    asked=None,
    asked_of_station=False,
    reported=ReportedStatus.AVAILABLE,
)
FOLLOWING = replace(
    ASTRAY, confirmed=OUT, outcome=AvailabilityOutcome.ACCEPTED, asked=OUT, asked_of_station=True
)


def orders(*followers):
    return [
        (order.evse_id, order.availability, order.evse_ids) for order in plan(followers, NOW).orders
    ]


def change(**fields):
    return plan([replace(FOLLOWING, **fields)], NOW).changes.get(1)


def test_single_evse_is_its_station():
    assert plan([ASTRAY], NOW).orders == [Order(1, None, OUT, (1,))]


def test_station_with_one_evse_that_stays_is_told_by_evse():
    assert orders(ASTRAY, replace(ASTRAY, evse_id=2, desired=IN)) == [(1, OUT, (1,))]


def test_retired_evse_does_not_count_for_the_whole():
    retired = replace(ASTRAY, evse_id=2, desired=IN, is_retired=True)
    assert orders(ASTRAY, retired) == [(None, OUT, (1,))]
    assert plan([retired], NOW).changes == {2: {"due_at": None}}


def test_stations_are_told_apart():
    other = replace(ASTRAY, evse_id=2, station_id=2, desired=IN, confirmed=OUT)
    assert orders(ASTRAY, other) == [(None, OUT, (1,)), (2, IN, (2,))]


def test_evse_that_was_told_alone_is_told_alone_again():
    alone = replace(FOLLOWING, desired=IN, asked_of_station=False)
    whole = replace(FOLLOWING, desired=IN, evse_id=2)
    assert orders(alone, whole) == [(None, IN, (2,)), (1, IN, (1,))]


def test_evse_that_goes_out_is_not_made_operative_by_the_way():
    back = replace(FOLLOWING, desired=IN)
    out = replace(ASTRAY, evse_id=2, asked_of_station=True)
    assert orders(back, out) == [(2, OUT, (2,)), (None, IN, (1,))]


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"is_due": False}, None),
        ({"is_waiting": True}, {"due_at": None}),
        ({"is_connected": False}, {"due_at": None}),
        ({"desired": IN, "confirmed": IN}, {"due_at": None}),
        ({"reported": ReportedStatus.UNAVAILABLE}, {"due_at": None}),
        ({"reported": ReportedStatus.FAULTED}, {"due_at": None}),
        ({"outcome": None}, {"due_at": None}),
    ],
)
def test_evse_that_follows_rests(fields, changed):
    assert change(**fields) == changed


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [({"is_connected": False}, "offline"), ({"is_accepted": False}, "pending")],
)
def test_evse_out_of_reach_waits_until_something_calls(fields, outcome):
    made = plan([replace(ASTRAY, **fields)], NOW)
    assert made.changes == {1: {"due_at": None, "outcome": outcome, "outcome_at": NOW}}


def test_usable_evse_has_ignored_what_it_accepted():
    assert change() == {
        "outcome": "ignored",
        "outcome_at": NOW,
        "confirmed": "Operative",
        "attempts": 1,
        "due_at": NOW + timedelta(minutes=1),
    }


@pytest.mark.parametrize(
    ("reported", "outcome"),
    [(ReportedStatus.UNAVAILABLE, "accepted"), (ReportedStatus.AVAILABLE, "ignored")],
)
def test_scheduled_change_has_come_true_or_has_not(reported, outcome):
    scheduled = AvailabilityOutcome.SCHEDULED
    assert change(outcome=scheduled, reported=reported)["outcome"] == outcome


@pytest.mark.parametrize("outcome", [AvailabilityOutcome.TIMED_OUT, AvailabilityOutcome.IGNORED])
def test_doubt_is_removed_by_asking_for_the_opposite(outcome):
    unsure = replace(ASTRAY, desired=IN, outcome=outcome, asked=OUT, asked_of_station=True)
    assert orders(unsure) == [(None, IN, (1,))]


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (100, 60)]
)
def test_retries_slow_down(attempts, minutes):
    assert retry_after(attempts) == timedelta(minutes=minutes)


@pytest.mark.parametrize("outcome", list(AvailabilityOutcome))
def test_answer_to_what_is_no_longer_desired_is_due_at_once(outcome):
    values = values_after_answer(replace(ASTRAY, desired=IN), OUT, outcome, NOW)
    assert (values["due_at"], values["outcome"]) == (NOW, outcome.value)


@pytest.mark.parametrize(("asked", "due_at"), [(IN, None), (OUT, NOW + timedelta(minutes=5))])
def test_only_what_is_out_of_service_is_verified(asked, due_at):
    follower = replace(ASTRAY, desired=asked, attempts=3)
    values = values_after_answer(follower, asked, AvailabilityOutcome.ACCEPTED, NOW)
    assert (values["confirmed"], values["due_at"], values["attempts"]) == (asked, due_at, 0)
