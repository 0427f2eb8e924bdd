"""Tests of the pump: who takes a command, what is sent, and how an answer settles it."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import connection

from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.domain.ocpp_version import OcppVersion
from stations.domain.setup_state import RegistrationStatus
from stations.models import Command, Connector, Evse, Node, Station
from stations.ocpp.frames import CallError, CallResult, Payload
from stations.ocpp.pump import Answer, CommandPump
from stations.services.command_expiry import NODE_GRACE
from stations.services.secrets import seal
from stations.signals import commands_settled
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET = "0123456789abcdef0123456789abcdef01234567"
V16 = OcppVersion.V16

pump = CommandPump()


@pytest.fixture
def node() -> Node:
    return factories.node()


@pytest.fixture
def station(node: Node) -> Station:
    return connected(node)


@pytest.fixture
def settled() -> Iterator[list[list[int]]]:
    batches: list[list[int]] = []

    def note(sender: object, commands: list[Command], **kwargs: object) -> None:
        batches.append([command.pk for command in commands])

    commands_settled.connect(note, weak=False)
    yield batches
    commands_settled.disconnect(note)


def connected(node: Node, *, version: OcppVersion = V16, **fields: Any) -> Station:
    station = factories.station(ocpp_version=version, **fields)
    factories.connect(station, node, connected_at=NOW - MINUTE)
    return station


def queue(station: Station, kind: CommandKind = CommandKind.CLEAR_CACHE, **fields) -> Command:
    values = {
        "station": station,
        "kind": kind,
        "source": CommandSource.API,
        "created_at": NOW,
        "expires_at": NOW + MINUTE,
    }
    return Command.objects.create(**values | fields)


def take(node: Node, **options):
    return pump.take_queued(node.pk, now=NOW, **options)


def answer(command: Command, reply: CallResult | CallError | None, version: OcppVersion = V16):
    return pump.settle([Answer(command.pk, version, reply)], now=NOW + MINUTE)


def result(**payload) -> CallResult:
    return CallResult("m", payload)


def sent(node: Node, station: Station, **fields) -> Command:
    command = queue(station, **fields)
    assert len(take(node)) == 1
    command.refresh_from_db()
    return command


def test_a_command_is_sent_and_says_so(node, station):
    command = queue(station, CommandKind.RESET, params={"type": "Soft"}, timeout_s=20)
    (call,) = take(node)
    command.refresh_from_db()
    assert (call.command_id, call.station_id) == (command.pk, station.pk)
    assert (call.action, call.payload_text, call.timeout_s) == ("Reset", '{"type":"Soft"}', 20)
    assert (command.state, command.action, command.sent_at) == ("sent", "Reset", NOW)
    assert command.message_id == call.message_id
    assert 0 < len(call.message_id) <= 36
    assert command.expires_at == NOW + timedelta(seconds=20) + NODE_GRACE


def test_commands_of_a_station_go_in_order_and_one_at_a_time(node, station):
    commands = [queue(station) for _ in range(3)]
    order = []
    for command in commands:
        order += [call.command_id for call in take(node)]
        assert take(node) == []
        answer(command, result(status="Accepted"))
    assert order == [command.pk for command in commands]


def test_only_stations_of_the_node_are_served(node, station):
    queue(station)
    assert take(factories.node()) == []
    assert take(node, station_ids=[station.pk + 1]) == []
    assert len(take(node, station_ids=[station.pk])) == 1


def test_a_station_without_a_socket_waits(node, station):
    queue(station)
    station.connection.token = ""
    station.connection.save()
    assert take(node) == []


def test_an_expired_command_is_passed_over(node, station):
    queue(station, expires_at=NOW)
    alive = queue(station)
    assert [call.command_id for call in take(node)] == [alive.pk]


def test_no_more_are_taken_than_asked_for(node):
    for _ in range(3):
        queue(connected(node))
    assert len(take(node, limit=2)) == 2
    assert len(take(node, limit=2)) == 1


def test_the_number_of_queries_does_not_grow_with_the_stations(node):
    for _ in range(6):
        station = connected(node)
        queue(station, CommandKind.UNLOCK_CONNECTOR, evse=factories.evse(station))
    with counted_statements() as statements:
        calls = take(node)
    assert len(statements) == 5  # two of them are the savepoint
    assert len(calls) == 6
    answers = [Answer(call.command_id, V16, result(status="Unlocked")) for call in calls]
    with counted_statements() as statements:
        assert len(pump.settle(answers, now=NOW).commands) == 6
    assert len(statements) == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_takers_one_wins(node):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time, and its test database one connection")
    for _ in range(20):
        station = connected(node)
        queue(station), queue(station)
    barrier, taken = threading.Barrier(2), list[int]()

    def run() -> None:
        barrier.wait()
        try:
            taken.extend(call.command_id for call in take(node))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken += [call.command_id for call in take(node)]
    assert len(taken) == len(set(taken)) == 20
    assert Command.objects.filter(state=CommandState.SENT).count() == 20


class OvertakenCommand:
    """A translation during which another process sends a command to the same station."""

    def request(self, order: CommandOrder) -> tuple[str, Payload]:
        station = Command.objects.get(pk=order.command_id).station
        queue(station, state=CommandState.SENT)
        return "ClearCache", {}

    def outcome(self, answer: Payload) -> CommandAnswer:
        return CommandAnswer(CommandState.ACCEPTED)


def test_a_taker_that_was_overtaken_takes_nothing(node, station):
    command = queue(station)
    overtaken = CommandPump({V16: {CommandKind.CLEAR_CACHE: OvertakenCommand()}})
    assert overtaken.take_queued(node.pk, now=NOW) == []
    command.refresh_from_db()
    assert command.state == CommandState.QUEUED


def test_a_rejected_station_gets_nothing(node):
    command = queue(connected(node, registration=RegistrationStatus.REJECTED))
    assert take(node) == []
    command.refresh_from_db()
    assert command.state == CommandState.QUEUED


def test_a_held_station_is_configured_and_nothing_else(node, settled):
    refused = queue(connected(node, registration=RegistrationStatus.PENDING))
    held = connected(node, registration=RegistrationStatus.PENDING)
    asked = queue(held, CommandKind.GET_CONFIGURATION)
    assert [call.command_id for call in take(node)] == [asked.pk]
    refused.refresh_from_db()
    assert (refused.state, refused.error_code) == ("failed", "NotPossible")
    assert refused.error.startswith("The station is not accepted yet.")
    assert settled == [[refused.pk]]


def test_what_the_version_cannot_say_fails_with_a_reason(node, station):
    command = queue(station, CommandKind.REMOTE_START, params={"token": "t" * 21})
    assert take(node) == []
    command.refresh_from_db()
    assert command.state == CommandState.FAILED
    assert command.error.startswith("OCPP 1.6 does not allow this RemoteStartTransaction: idTag")


def test_a_connection_of_no_version_fails(node, station):
    station.connection.version = ""
    station.connection.save()
    command = queue(station)
    assert take(node) == []
    command.refresh_from_db()
    assert command.error == "The connection's OCPP version is not known."


def test_a_raw_call_goes_as_it_is(node, station):
    queue(station, CommandKind.RAW, params={"action": "Odd", "payload": {"a": [1]}})
    (call,) = take(node)
    assert (call.action, call.payload_text) == ("Odd", '{"a":[1]}')


def test_a_secret_is_in_the_sent_payload_alone(node, station, caplog):
    caplog.set_level(logging.DEBUG)
    params = {"key": "AuthorizationKey", "value": SECRET}
    command = queue(
        station,
        CommandKind.CHANGE_CONFIGURATION,
        params=params | {"value": "***"},
        secret_params=seal(orjson.dumps(params).decode()),
    )
    (call,) = take(node)
    assert SECRET in call.payload_text
    assert call.logged_text == '{"key":"AuthorizationKey","value":"***"}'
    answer(command, result(status="Accepted"))
    command.refresh_from_db()
    assert (command.state, command.secret_params) == ("accepted", "")
    assert SECRET not in caplog.text


def test_a_secret_of_another_key_fails(node, station, settings):
    command = queue(station, CommandKind.CHANGE_CONFIGURATION, secret_params="gAAAA")
    assert take(node) == []
    command.refresh_from_db()
    assert command.error.startswith("The command's secret was encrypted with another key.")
    assert command.secret_params == ""


def test_secrets_in_answers_are_hidden(node, station):
    command = sent(node, station, kind=CommandKind.GET_CONFIGURATION)
    key = {"key": "AuthorizationKey", "readonly": False, "value": SECRET}
    answer(command, result(configurationKey=[key]))
    command.refresh_from_db()
    assert command.answer == {"configurationKey": [key | {"value": "***"}]}


def unlock(node: Node, station: Station, evse: Evse, **params) -> dict[str, int]:
    queue(station, CommandKind.UNLOCK_CONNECTOR, evse=evse, params=params)
    calls = take(node)
    return orjson.loads(calls[0].payload_text) if calls else {}


def test_an_evse_is_addressed_by_its_first_connector(node):
    for version, payload in (
        (V16, {"connectorId": 4}),
        (OcppVersion.V201, {"evseId": 4, "connectorId": 1}),
    ):
        station = connected(node, version=version)
        evse = factories.evse(station, number=4, connectors=2)
        assert unlock(node, station, evse) == payload


def test_an_evse_without_connectors_is_addressed_by_its_number(node, station):
    evse = factories.evse(station, number=4, connectors=0)
    assert unlock(node, station, evse) == {"connectorId": 4}


def test_a_connector_is_found_within_its_evse(node):
    station = connected(node, version=OcppVersion.V201)
    evse = factories.evse(station, number=4, connectors=2)
    assert unlock(node, station, evse, connector=2) == {"evseId": 4, "connectorId": 2}
    other = connected(node, version=OcppVersion.V201)
    assert unlock(node, other, factories.evse(other), connector=2) == {}
    command = Command.objects.get(station=other)
    assert command.error == "The EVSE has no connector 2."


def test_merged_connectors_of_16_keep_their_numbers(node, station):
    evse = factories.evse(station, number=1)
    Connector.objects.create(station=station, evse=evse, ocpp_evse_id=2)
    assert unlock(node, station, evse, connector=2) == {"connectorId": 2}


@pytest.mark.parametrize(
    ("version", "payload_text"),
    [(V16, '{"connectorId":3,"type":"Operative"}'), (OcppVersion.V201, None)],
)
def test_a_connector_alone_is_an_address_in_16_only(node, version, payload_text):
    params = {"availability": "Operative", "connector": 3}
    queue(connected(node, version=version), CommandKind.CHANGE_AVAILABILITY, params=params)
    assert [call.payload_text for call in take(node)] == ([payload_text] if payload_text else [])


@pytest.mark.parametrize(
    ("reply", "state", "code", "error"),
    [
        (result(status="Accepted"), "accepted", "", ""),
        (result(status="Rejected"), "rejected", "Rejected", ""),
        (CallError("m", "NotSupported", "no"), "rejected", "NotSupported", "no"),
        (CallError("m", "NotImplemented", ""), "rejected", "NotImplemented", ""),
        (CallError("m", "InternalError", "x" * 300), "failed", "InternalError", "x" * 255),
        (CallError("m", "E" * 60, ""), "failed", "E" * 50, ""),
        (None, "timed_out", "NoAnswer", "The station did not answer in time."),
    ],
)
def test_an_answer_settles_the_command(node, station, settled, reply, state, code, error):
    command = sent(node, station)
    settlement = answer(command, reply)
    command.refresh_from_db()
    assert (command.state, command.error_code, command.error) == (state, code, error)
    assert command.settled_at == NOW + MINUTE
    assert command.answer == (reply.payload if isinstance(reply, CallResult) else None)
    assert [each.state for each in settlement.commands] == [state]
    assert (settlement.late, settled) == ([], [[command.pk]])


def test_an_answer_is_read_in_the_version_of_its_socket(node):
    station = connected(node, version=OcppVersion.V201)
    command = sent(node, station, kind=CommandKind.RESET, params={"type": "Soft"})
    answer(command, result(status="Scheduled"), OcppVersion.V201)
    command.refresh_from_db()
    assert (command.state, command.error_code) == ("accepted", "Scheduled")


def test_a_late_answer_changes_nothing(node, station, settled):
    command = sent(node, station)
    answer(command, None)
    settlement = answer(command, result(status="Accepted"))
    command.refresh_from_db()
    assert (settlement.commands, settlement.late) == ([], [command.pk])
    assert (command.state, command.answer) == ("timed_out", None)
    assert len(settled) == 1


def test_a_batch_of_answers_is_announced_once(node, settled):
    commands = [sent(node, connected(node)) for _ in range(3)]
    answers = [Answer(each.pk, V16, result(status="Accepted")) for each in commands]
    assert pump.settle(answers, now=NOW).late == []
    assert settled == [[each.pk for each in commands]]


def test_nothing_to_settle_is_announced_to_nobody(settled):
    assert pump.settle([], now=NOW).commands == []
    assert settled == []


def test_command_that_could_not_be_sent_is_queued_with_its_own_expiry(node):
    command = queue(connected(node))
    (call,) = take(node)
    pump.put_back(call)
    again = Command.objects.get(pk=command.pk)
    assert (again.state, again.expires_at) == (CommandState.QUEUED, command.expires_at)
    assert len(take(node)) == 1
