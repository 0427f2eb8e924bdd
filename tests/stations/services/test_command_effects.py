"""Tests of noting that the effect of a command was seen."""

from datetime import UTC, datetime, timedelta

import pytest

from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.domain.command_effects import EffectSeen
from stations.domain.reported_status import ReportedStatus
from stations.models import Command
from stations.services.command_effects import mark_effects
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def reset(station, **fields) -> Command:
    values = {
        "station": station,
        "kind": CommandKind.RESET,
        "params": {"type": "Soft"},
        "source": CommandSource.API,
        "state": CommandState.ACCEPTED,
        "created_at": NOW - MINUTE,
        "sent_at": NOW - MINUTE,
        "expires_at": NOW + MINUTE,
    }
    return Command.objects.create(**values | fields)


def seen_at(command: Command) -> datetime | None:
    command.refresh_from_db()
    return command.effect_seen_at


def test_an_effect_is_noted_with_its_first_time():
    station = factories.station()
    command = reset(station)
    assert mark_effects([EffectSeen.reboot(station.pk)], NOW) == 1
    assert mark_effects([EffectSeen.reboot(station.pk)], NOW + MINUTE) == 0
    assert seen_at(command) == NOW


@pytest.mark.parametrize(
    "fields",
    [
        {"state": CommandState.QUEUED, "sent_at": None},
        {"state": CommandState.REJECTED},
        {"created_at": NOW - timedelta(days=2)},
        {"kind": CommandKind.CLEAR_CACHE, "params": {}},
    ],
)
def test_what_the_command_cannot_have_caused_is_not_its_effect(fields):
    station = factories.station()
    command = reset(station, **fields)
    mark_effects([EffectSeen.reboot(station.pk)], NOW)
    assert seen_at(command) is None


def test_an_effect_may_come_before_the_answer():
    station = factories.station()
    command = reset(station, state=CommandState.SENT)
    mark_effects([EffectSeen.reboot(station.pk)], NOW)
    assert seen_at(command) == NOW


def test_the_effects_of_many_stations_take_two_queries(django_assert_num_queries):
    commands, seen = [], []
    for _ in range(4):
        station = factories.station()
        evse = factories.evse(station)
        commands += [
            reset(station),
            reset(
                station,
                kind=CommandKind.CHANGE_AVAILABILITY,
                params={"availability": "Inoperative"},
                evse=evse,
            ),
        ]
        status = EffectSeen.status(station.pk, evse.pk, ReportedStatus.UNAVAILABLE)
        assert status is not None
        seen += [EffectSeen.reboot(station.pk), status]
    with django_assert_num_queries(2):
        assert mark_effects(seen, NOW) == 8
    assert all(seen_at(command) == NOW for command in commands)


def test_another_station_is_not_touched():
    command = reset(factories.station())
    mark_effects([EffectSeen.reboot(factories.station().pk)], NOW)
    assert seen_at(command) is None


def test_nothing_seen_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert mark_effects([], NOW) == 0
