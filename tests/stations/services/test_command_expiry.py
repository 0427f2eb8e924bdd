"""Tests of ending commands that nobody will answer."""

from datetime import UTC, datetime, timedelta

import pytest

from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.models import Command, Station
from stations.services.command_expiry import NODE_GRACE, RECONNECT_GRACE, expire_commands
from stations.signals import commands_settled
from stations.tasks import expire_commands as expire_commands_task
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def command(station: Station | None = None, **fields) -> Command:
    values = {
        "station": station or factories.station(),
        "kind": CommandKind.CLEAR_CACHE,
        "source": CommandSource.API,
        "created_at": NOW - timedelta(minutes=5),
        "expires_at": NOW + SECOND,
        "secret_params": "sealed",
    }
    return Command.objects.create(**values | fields)


def state_of(command: Command) -> str:
    command.refresh_from_db()
    return command.state


def test_a_queued_command_expires_at_its_time():
    due, waiting = command(expires_at=NOW), command()
    assert expire_commands(NOW) == 1
    assert (state_of(due), state_of(waiting)) == ("expired", "queued")
    assert (due.secret_params, due.settled_at, due.error_code) == ("", NOW, "Expired")


def test_a_sent_command_times_out_when_its_node_did_not_end_it():
    sent = command(state=CommandState.SENT, sent_at=NOW - 40 * SECOND, expires_at=NOW)
    under_way = command(state=CommandState.SENT, sent_at=NOW - 5 * SECOND)
    assert expire_commands(NOW) == 1
    assert (state_of(sent), sent.error_code) == ("timed_out", "NoAnswer")
    assert state_of(under_way) == "sent"
    assert timedelta() < NODE_GRACE


def test_a_newer_socket_ends_what_the_older_one_carried():
    station = factories.station()
    sent = command(station, state=CommandState.SENT, sent_at=NOW - 20 * SECOND)
    connection = factories.connect(station, connected_at=NOW - RECONNECT_GRACE + SECOND)
    assert expire_commands(NOW) == 0
    connection.connected_at = NOW - RECONNECT_GRACE
    connection.save()
    assert expire_commands(NOW) == 1
    assert state_of(sent) == "timed_out"


def test_what_was_sent_over_the_open_socket_stays():
    station = factories.station()
    sent = command(station, state=CommandState.SENT, sent_at=NOW - 20 * SECOND)
    factories.connect(station, connected_at=NOW - 60 * SECOND)
    assert expire_commands(NOW) == 0
    assert state_of(sent) == "sent"


def test_a_station_is_free_for_its_next_command_afterwards():
    station = factories.station()
    command(station, state=CommandState.SENT, sent_at=NOW - 60 * SECOND, expires_at=NOW)
    expire_commands(NOW)
    assert state_of(command(station, state=CommandState.SENT, sent_at=NOW)) == "sent"


def test_settled_commands_stay_as_they_are():
    accepted = command(state=CommandState.ACCEPTED, expires_at=NOW - SECOND)
    assert expire_commands(NOW) == 0
    assert state_of(accepted) == "accepted"


def test_all_that_ended_is_announced_once():
    batches = []

    def note(sender, commands, **kwargs):
        batches.append({(each.pk, each.state) for each in commands})

    commands_settled.connect(note, weak=False)
    try:
        queued = command(expires_at=NOW)
        sent = command(state=CommandState.SENT, sent_at=NOW - 60 * SECOND, expires_at=NOW)
        expire_commands(NOW)
        expire_commands(NOW)
    finally:
        commands_settled.disconnect(note)
    assert batches == [{(queued.pk, "expired"), (sent.pk, "timed_out")}]


def test_the_task_ends_what_is_over():
    command(expires_at=NOW)
    assert expire_commands_task() == 1
