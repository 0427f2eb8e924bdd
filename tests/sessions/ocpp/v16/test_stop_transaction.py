"""StopTransaction of OCPP 1.6: always answered, one end however often it comes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.domain.words import SessionState
from sessions.models import ChargingSession, MeterValue
from tests import factories
from tests.sessions.tokens import token_for
from tests.stations.ocpp.batches import V16, Line, told_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    line = Line()
    token_for(line.station, "04AB")
    return line


def start(line, **changes):
    told = {"connectorId": 1, "idTag": "04AB", "meterStart": 1000, "timestamp": told_at()}
    return line.call("StartTransaction", told | changes)["transactionId"]


def stop(transaction_id, **changes):
    told = {"transactionId": transaction_id, "meterStop": 3500, "timestamp": told_at()}
    return told | changes


def test_stop_ends_the_session(line):
    transaction_id = start(line)
    assert line.call("StopTransaction", stop(transaction_id, reason="EVDisconnected")) == {}
    session = ChargingSession.objects.get()
    assert (session.state, session.stop_reason) == (SessionState.ENDED, "EVDisconnected")
    assert (session.last_meter_wh, session.energy_wh) == (3500, 2500)
    assert session.ended_at is not None
    assert line.log.session_id == session.pk


def test_stop_without_a_reason_was_local(line):
    line.call("StopTransaction", stop(start(line)))
    assert ChargingSession.objects.get().stop_reason == "Local"


def test_unknown_reason_is_kept(line):
    line.call("StopTransaction", stop(start(line), reason="VendorSaysSo"))
    assert ChargingSession.objects.get().stop_reason == "VendorSaysSo"


@pytest.mark.parametrize(("uid", "status"), [("04AB", "Accepted"), ("STRANGER", "Invalid")])
def test_stop_tells_of_its_token(line, uid, status):
    answer = line.call("StopTransaction", stop(start(line), idTag=uid))
    assert answer == {"idTagInfo": {"status": status}}


def test_transaction_data_becomes_meter_values(line):
    data = {"timestamp": told_at(), "sampledValue": [{"value": "3,4", "unit": "kWh"}]}
    line.call("StopTransaction", stop(start(line), transactionData=[data]))
    reading = MeterValue.objects.get()
    assert (reading.session, reading.energy_wh) == (ChargingSession.objects.get(), 3400)


@pytest.mark.parametrize("message_id", ["same", "other"])
def test_repeated_stop_changes_nothing(line, message_id):
    data = {"timestamp": told_at(), "sampledValue": [{"value": "3400"}]}
    told = stop(start(line), transactionData=[data])
    line.call("StopTransaction", told, message_id="same")
    before = ChargingSession.objects.values().get()
    assert line.call("StopTransaction", told, message_id=message_id) == {}
    assert ChargingSession.objects.values().get() == before
    assert MeterValue.objects.count() == 1


def test_another_stop_of_the_same_session_changes_nothing(line):
    transaction_id = start(line)
    line.call("StopTransaction", stop(transaction_id))
    line.call("StopTransaction", stop(transaction_id, meterStop=9999))
    assert ChargingSession.objects.get().last_meter_wh == 3500


def test_presumed_end_takes_the_true_values(line):
    transaction_id = start(line)
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
    line.call("StatusNotification", status)
    assert ChargingSession.objects.get().stop_reason == "EvseAvailable"
    line.call("StopTransaction", stop(transaction_id, timestamp=told_at(ago=timedelta(hours=2))))
    session = ChargingSession.objects.get()
    assert (session.stop_reason, session.flags) == ("Local", [])
    assert timezone.now() - session.ended_at > timedelta(hours=1)


@pytest.mark.parametrize("transaction_id", [4711, 2**31 + 5, 2**53])
def test_unknown_transaction_becomes_an_orphan_once(line, transaction_id):
    told = stop(transaction_id, idTag="04AB")
    for _ in range(2):
        answer = line.call("StopTransaction", told)
        assert answer == {"idTagInfo": {"status": "Accepted"}}
    orphan = ChargingSession.objects.get()
    assert (orphan.state, orphan.started_at) == (SessionState.ORPHAN, None)
    assert (orphan.token_uid, orphan.last_meter_wh) == ("04AB", 3500)
    assert orphan.ended_at is not None


def test_meter_values_of_an_orphan_are_kept(line):
    data = {"timestamp": told_at(), "sampledValue": [{"value": "3400"}]}
    line.call("StopTransaction", stop(4711, transactionData=[data]))
    assert MeterValue.objects.get().session == ChargingSession.objects.get()


@pytest.mark.parametrize("transaction_id", [-1, 0])
def test_station_without_the_id_stops_the_session_of_its_token(line, transaction_id):
    start(line)
    told = stop(transaction_id, idTag="04AB")
    for _ in range(2):
        line.call("StopTransaction", told)
    assert ChargingSession.objects.get().state == SessionState.ENDED


def test_stop_without_an_id_of_two_sessions_ends_none(line):
    start(line)
    start(line, connectorId=2)
    line.call("StopTransaction", stop(-1, idTag="04AB"))
    assert ChargingSession.objects.filter(ended_at=None).count() == 2
    assert ChargingSession.objects.filter(state=SessionState.ORPHAN).count() == 1


def test_stop_without_an_id_of_a_stranger_ends_nothing(line):
    start(line)
    line.call("StopTransaction", stop(-1, idTag="STRANGER"))
    assert ChargingSession.objects.filter(ended_at=None).count() == 1


def test_session_of_another_station_is_not_stopped(line):
    transaction_id = factories.session(Line(V16).station).pk
    line.call("StopTransaction", stop(transaction_id))
    assert ChargingSession.objects.get(pk=transaction_id).ended_at is None


def test_stop_of_a_refused_session_leaves_it_refused(line):
    transaction_id = start(line, idTag="STRANGER")
    line.call("StopTransaction", stop(transaction_id, reason="DeAuthorized"))
    session = ChargingSession.objects.get()
    assert (session.state, session.last_meter_wh) == (SessionState.REFUSED, 1000)


def test_stop_whose_start_told_no_meter_begins_and_ends_alike(line):
    line.call("StopTransaction", stop(start(line, meterStart="broken")))
    assert ChargingSession.objects.get().energy_wh == 0


def test_stop_with_a_broken_meter_keeps_the_last_reading(line):
    line.call("StopTransaction", stop(start(line), meterStop="broken"))
    assert ChargingSession.objects.get().last_meter_wh == 1000


def test_token_of_a_stop_without_an_id_is_compared_by_its_key(line):
    start(line)
    line.call("StopTransaction", stop(-1, idTag="04:ab"))
    assert ChargingSession.objects.get().state == SessionState.ENDED


def test_stop_with_neither_id_nor_token_ends_the_only_session(line):
    start(line)
    told = stop(-1)
    for _ in range(2):
        assert line.call("StopTransaction", told) == {}
    assert ChargingSession.objects.get().state == SessionState.ENDED


def test_stop_with_neither_id_nor_token_of_two_sessions_ends_none(line):
    start(line)
    start(line, connectorId=2)
    line.call("StopTransaction", stop(-1))
    assert ChargingSession.objects.filter(ended_at=None).count() == 2


def test_stop_with_neither_id_nor_token_from_before_the_session_ends_nothing(line):
    start(line)
    line.call("StopTransaction", stop(-1, timestamp=told_at(ago=timedelta(hours=1))))
    assert ChargingSession.objects.filter(ended_at=None).count() == 1


def test_transaction_as_decimal_number_is_taken(line):
    line.call("StopTransaction", stop(float(start(line))))
    assert ChargingSession.objects.get().state == SessionState.ENDED


def test_token_that_is_too_long_ends_the_session_all_the_same(line):
    answer = line.call("StopTransaction", stop(start(line), idTag="X" * 255))
    assert answer == {"idTagInfo": {"status": "Invalid"}}
    assert ChargingSession.objects.get().state == SessionState.ENDED
