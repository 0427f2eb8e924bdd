"""A batch as a whole: what it costs, what it leaves in the log, who is served in it."""

import json

import pytest
from django.db import connection
from django.test import override_settings

from diagnostics.models import Message
from scheduling.models import PublishedStatus
from sessions.models import ChargingSession, MeterValue
from stations.domain.setup_state import RegistrationStatus
from stations.models import Station, StationConnection
from tests import factories
from tests.sessions.tokens import token_for
from tests.statements import counted_statements
from tests.stations.ocpp.batches import V16, V201, Line, commit, told_at

pytestmark = pytest.mark.django_db

MAX_STATEMENTS = 20
TOKEN = {"idToken": {"idToken": "04AB", "type": "ISO14443"}}
SAMPLES = [{"timestamp": "2026-01-01T00:00:00Z", "sampledValue": [{"value": "1500"}]}]


def event(event_type, seq_no):
    told = {"eventType": event_type, "seqNo": seq_no, "timestamp": told_at()}
    place = {"evse": {"id": 1, "connectorId": 1}, "transactionInfo": {"transactionId": "T-1"}}
    return told | place | TOKEN | {"triggerReason": "Authorized", "meterValue": SAMPLES}


def start():
    return {"connectorId": 1, "idTag": "04AB", "meterStart": 1000, "timestamp": told_at()}


def status(version, word="Available"):
    if version is V16:
        return {"connectorId": 1, "errorCode": "NoError", "status": word}
    return {"evseId": 1, "connectorId": 1, "connectorStatus": word}


def boot(version):
    if version is V16:
        return {"chargePointVendor": "Maker", "chargePointModel": "Twin"}
    return {"reason": "PowerUp", "chargingStation": {"vendorName": "Maker", "model": "Twin"}}


ACTIONS = [
    (V16, "Heartbeat", lambda _: {}),
    (V16, "BootNotification", lambda _: boot(V16)),
    (V16, "StatusNotification", lambda _: status(V16)),
    (V16, "Authorize", lambda _: {"idTag": "04AB"}),
    (V16, "StartTransaction", lambda _: start()),
    (V16, "MeterValues", lambda _: {"connectorId": 1, "meterValue": SAMPLES}),
    (V16, "StopTransaction", lambda n: {"transactionId": n, "meterStop": 9, "timestamp": "x"}),
    (V201, "Heartbeat", lambda _: {}),
    (V201, "BootNotification", lambda _: boot(V201)),
    (V201, "StatusNotification", lambda _: status(V201)),
    (V201, "Authorize", lambda _: TOKEN),
    (V201, "TransactionEvent", lambda _: event("Started", 0)),
    (V201, "TransactionEvent", lambda _: event("Updated", 1)),
    (V201, "TransactionEvent", lambda _: event("Ended", 2)),
    (V201, "MeterValues", lambda _: {"evseId": 1, "meterValue": SAMPLES}),
]


@pytest.fixture
def operator():
    operator = factories.operator()
    token_for(factories.station(operator=operator), "04AB")
    return operator


EQUIPMENT = {"vendor": "Maker", "model": "Twin", "setup_state": "ACTIVE"}


def full_batch(operator, *, rounds, with_status=False):
    """Known stations with each a message of its own, all frequent actions together."""
    stations = [
        (Line(version, operator=operator, **EQUIPMENT), action, payload)
        for version, action, payload in ACTIONS * rounds
    ]
    lines = [line for line, _, _ in stations]
    if with_status:
        for line in lines:
            line.say("StatusNotification", status(line.connection.version, "Faulted"))
        commit(*lines)
    for line, action, payload in stations:
        line.say(action, payload(factories.session(line.station).pk))
    return lines


def statements_of(lines):
    connection.ensure_connection()
    with counted_statements() as found:
        commit(*lines)
    return found


def test_full_batch_takes_few_statements(operator):
    lines = full_batch(operator, rounds=14, with_status=True)
    found = statements_of(lines)
    assert len(lines) >= 200
    assert len(found) <= MAX_STATEMENTS, "\n".join(text[:100] for text in found)
    assert all(line.wire.frames[-1][0] == 3 for line in lines)


@pytest.mark.parametrize("with_status", [True, False], ids=["known", "new"])
def test_statements_do_not_grow_with_the_batch(operator, with_status):
    one, many = (
        statements_of(full_batch(operator, rounds=rounds, with_status=with_status))
        for rounds in (1, 14)
    )
    assert len(many) == len(one)


@override_settings(OCPP_LOG_HEARTBEATS=True)
def test_each_message_of_a_full_batch_has_its_answer_and_row(operator):
    lines = full_batch(operator, rounds=2)
    commit(*lines)
    assert Message.objects.count() == len(lines) == 30
    assert MeterValue.objects.filter(session=None).count() == 4
    assert ChargingSession.objects.filter(start_key="tx:T-1").count() == 6
    assert set(PublishedStatus.objects.values_list("status", flat=True)) >= {"AVAILABLE"}


def test_station_of_a_newer_socket_is_not_served_by_the_older_one():
    line = Line()
    line.say("BootNotification", boot(V16))
    StationConnection.objects.filter(station=line.station).update(token="newer")
    commit(line)
    assert line.wire.close_code == 1008
    assert line.wire.frames == []
    assert line.log.error_code == "GenericError"
    line.station.refresh_from_db()
    assert line.station.vendor == ""


def test_station_that_was_deleted_is_closed():
    line = Line()
    line.say("Heartbeat")
    Station.objects.all().delete()
    commit(line)
    assert line.wire.close_code == 1008


@pytest.mark.parametrize("version", [V16, V201])
def test_rejected_station_may_only_boot(version):
    line = Line(version, registration=RegistrationStatus.REJECTED)
    assert line.refusal("StatusNotification", status(version)) == "SecurityError"
    assert line.call("BootNotification", boot(version))["status"] == "Rejected"
    assert Message.objects.filter(error_code="SecurityError").count() == 1


def test_row_of_the_log_keeps_both_sides():
    line = Line()
    text = '[2, "m-1", "DataTransfer",  {"vendorId": "v",   "unknown": {"a": 1}} ]'
    line.connection.receive(text)
    commit(line)
    row = line.log
    assert row.payload == '{"vendorId": "v",   "unknown": {"a": 1}}'
    assert json.loads(row.answer) == {"status": "UnknownVendorId"}
    assert (row.direction, row.action, row.message_id) == ("in", "DataTransfer", "m-1")
    assert (row.outcome, row.error_code, row.connection) == ("result", "", line.token)
    assert row.answered_at >= row.received_at


def test_row_of_a_refused_message_tells_why():
    line = Line()
    line.refusal("Authorize", {"idTag": ["no", "text"]})
    row = line.log
    assert (row.outcome, row.error_code) == ("error", "TypeConstraintViolation")
    assert "idTag" in row.answer


def test_number_as_message_id_keeps_its_type():
    line = Line()
    line.connection.receive('[2,17,"Heartbeat",{}]')
    commit(line)
    assert line.wire.frames[0][:2] == [3, 17]


def test_action_written_with_escapes_is_logged_as_it_was_read():
    line = Line()
    line.connection.receive(r'[2,"m","Heart\u0062eats","no object"]')
    line.connection.receive(r'[2,"m","Brew\u0062",{}]')
    commit(line)
    assert line.log.payload == "{}"
