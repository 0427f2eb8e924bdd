"""Tests of asking stations for something: what is queued, what is refused, who is woken."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from cryptography.fernet import Fernet
from django.db import transaction

from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.models import Command, Evse, Station
from stations.services import commands
from stations.services.command_checks import CommandRefused
from stations.services.commands import (
    CommandRequest,
    StationOffline,
    cancel,
    send_command,
    send_commands,
)
from stations.services.secrets import SecretUnreadable, seal, unseal
from stations.signals import commands_settled
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "0123456789abcdef0123456789abcdef01234567"
API = CommandSource.API


@pytest.fixture
def station():
    station = factories.station()
    factories.connect(station, factories.node())
    return station


@pytest.fixture
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr(commands, "wake_nodes", lambda *ids: calls.append(ids))
    return calls


@pytest.fixture
def settled():
    batches = []

    def note(sender, commands, **kwargs):
        batches.append([(command.pk, command.state) for command in commands])

    commands_settled.connect(note, weak=False)
    yield batches
    commands_settled.disconnect(note)


def errors(
    station: Station, kind: str, params: dict[str, Any] | None = None, *, evse: Evse | None = None
) -> dict[str, list[str]]:
    with pytest.raises(CommandRefused) as caught:
        send_command(station, kind, params, source=API, evse=evse)
    return caught.value.message_dict


def test_a_command_is_queued_in_its_normal_form(station):
    command = send_command(station, "reset", {"type": "soft"}, source=API)
    command.refresh_from_db()
    assert (command.kind, command.params, command.state) == ("reset", {"type": "Soft"}, "queued")
    assert command.expires_at - command.created_at == timedelta(seconds=60)
    assert (command.secret_params, command.timeout_s) == ("", 60)


def test_the_nodes_of_the_stations_are_woken_after_the_commit(
    station, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send_command(station, "clear_cache", source=API)
        assert not woken
    assert woken == [({station.connection.node_id}, {station.pk})]


def test_an_unknown_kind_is_refused(station):
    assert "There is no command dance" in errors(station, "dance")["kind"][0]


def test_wrong_params_are_refused_by_name(station):
    assert errors(station, "reset", {"type": "Warm", "force": 1}).keys() == {"type", "force"}
    assert not Command.objects.exists()


def test_an_evse_is_found_by_number_uid_and_evse_id(station):
    evse = factories.evse(station, number=2, evse_id="NL*CHD*E2", evse_id_key="NLCHDE2")
    for name in (2, "2", str(evse.uid), "nl*chd*e2"):
        command = send_command(station, "unlock_connector", {"evse": name}, source=API)
        assert command.evse == evse
        assert command.params == {}


@pytest.mark.parametrize("name", [3, 2**40, "3", "NL*CHD*E9", "", True, [1]])
def test_an_unknown_evse_is_refused(station, name):
    factories.evse(station, number=1)
    assert errors(station, "unlock_connector", {"evse": name}).keys() == {"evse"}


def test_an_evse_of_another_station_is_refused(station):
    elsewhere = factories.evse(factories.station())
    assert errors(station, "unlock_connector", evse=elsewhere) == {
        "evse": ["The EVSE belongs to another station."]
    }
    assert errors(station, "unlock_connector", {"evse": str(elsewhere.uid)}).keys() == {"evse"}


def test_an_evse_is_needed_or_refused_as_the_kind_asks(station):
    evse = factories.evse(station)
    assert errors(station, "unlock_connector").keys() == {"evse"}
    assert errors(station, "clear_cache", evse=evse).keys() == {"evse"}


def test_an_offline_station_refuses_at_once():
    station = factories.station(identity="CS-OFF")
    with pytest.raises(StationOffline, match="Station CS-OFF is offline"):
        send_command(station, "clear_cache", source=API)
    assert not Command.objects.exists()


def test_a_command_may_wait_for_an_offline_station(woken, django_capture_on_commit_callbacks):
    station = factories.station()
    factories.connect(station, factories.node(), token="")
    with django_capture_on_commit_callbacks(execute=True):
        command = send_command(station, "clear_cache", source=API, expires_in=timedelta(hours=1))
    assert command.state == CommandState.QUEUED
    assert command.expires_at - command.created_at == timedelta(hours=1)
    assert woken == [(set(), set())]


def test_a_wait_returns_the_row_when_its_time_is_over(station):
    command = send_command(station, "clear_cache", source=API, wait=timedelta(milliseconds=50))
    assert command.state == CommandState.QUEUED


def test_a_wait_sees_what_was_settled_meanwhile(station, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        command = send_command(station, "clear_cache", source=API)
    Command.objects.filter(pk=command.pk).update(state="accepted", answer={"status": "Accepted"})
    waited = commands.wait_until_settled(command, timedelta(seconds=5))
    assert waited.answer == {"status": "Accepted"}


@pytest.mark.django_db(transaction=True)
def test_a_wait_inside_a_transaction_is_a_fault_of_the_program(station):
    with pytest.raises(RuntimeError), transaction.atomic():
        send_command(station, "clear_cache", source=API, wait=timedelta(seconds=5))


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (CommandKind.CHANGE_CONFIGURATION, {"key": "AuthorizationKey", "value": SECRET}),
        (
            CommandKind.CHANGE_CONFIGURATION,
            {"key": "SecurityCtrlr.BasicAuthPassword", "value": SECRET},
        ),
        (
            CommandKind.RAW,
            {
                "action": "ChangeConfiguration",
                "payload": {"key": "AuthorizationKey", "value": SECRET},
            },
        ),
    ],
)
def test_secrets_are_kept_encrypted_and_shown_as_stars(station, kind, params, caplog):
    caplog.set_level(logging.DEBUG)
    command = send_command(station, kind, params, source=API)
    command.refresh_from_db()
    assert SECRET not in repr(command.params) + command.secret_params + caplog.text
    assert "***" in repr(command.params)
    assert orjson.loads(unseal(command.secret_params)) == params


def test_a_secret_is_read_with_an_older_key_and_not_with_a_strange_one(settings):
    first, second = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [first]
    sealed = seal("secret")
    settings.FIELD_KEYS = [second, first]
    assert unseal(sealed) == "secret"
    settings.FIELD_KEYS = [second]
    with pytest.raises(SecretUnreadable):
        unseal(sealed)


def test_a_raw_call_keeps_its_payload(station):
    raw = {"action": "Reset", "payload": {"type": "Odd"}}
    assert send_command(station, "raw", raw=raw, source=API).params == raw


def test_many_commands_are_queued_in_two_queries(
    woken, django_assert_num_queries, django_capture_on_commit_callbacks
):
    node = factories.node()
    stations = [factories.station() for _ in range(5)]
    for station in stations:
        factories.connect(station, node)
    requests = [
        CommandRequest(
            station, CommandKind.RESET, source=CommandSource.TASK, params={"type": "Soft"}
        )
        for station in stations
    ]
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(2):
        created = send_commands(requests, now=NOW)
    assert len({command.pk for command in created}) == 5
    assert woken == [({node.pk}, {station.pk for station in stations})]


def test_many_commands_are_all_or_none(station):
    requests = [
        CommandRequest(station, CommandKind.CLEAR_CACHE, source=API),
        CommandRequest(factories.station(), CommandKind.CLEAR_CACHE, source=API),
    ]
    with pytest.raises(StationOffline):
        send_commands(requests)
    assert not Command.objects.exists()


def test_a_queued_command_can_be_taken_back_once(station, settled):
    command = send_command(station, "clear_cache", source=API)
    assert cancel(command, now=NOW)
    assert not cancel(command, now=NOW)
    command.refresh_from_db()
    assert (command.state, command.error_code, command.settled_at) == ("expired", "Cancelled", NOW)
    assert settled == [[(command.pk, "expired")]]


def test_a_sent_command_cannot_be_taken_back(station, settled):
    command = send_command(station, "clear_cache", source=API)
    Command.objects.filter(pk=command.pk).update(state=CommandState.SENT)
    assert not cancel(command)
    assert not settled
