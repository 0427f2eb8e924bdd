"""StartTransaction of OCPP 1.6: always answered with an id, one session however often it comes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.domain.words import SessionState
from sessions.models import ChargingSession
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Connector
from tests import factories
from tests.sessions.tokens import token_for
from tests.stations.ocpp.batches import Line, told_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    line = Line()
    token_for(line.station, "04AB")
    return line


def start(**changes):
    told = {"connectorId": 1, "idTag": "04AB", "meterStart": 1000, "timestamp": told_at()}
    return told | changes


def only_session():
    return ChargingSession.objects.get()


def test_start_opens_a_session(line):
    evse = factories.evse(line.station)
    answer = line.call("StartTransaction", start())
    session = only_session()
    assert answer == {"transactionId": session.pk, "idTagInfo": {"status": "Accepted"}}
    assert (session.state, session.authorization) == (SessionState.ACTIVE, "Accepted")
    assert (session.evse, session.connector) == (evse, evse.connectors.get())
    assert (session.token_uid, session.token.uid) == ("04AB", "04AB")
    assert (session.start_meter_wh, session.last_meter_wh) == (1000, 1000)
    assert line.log.session_id == session.pk


def test_start_at_a_new_connector_adds_it(line):
    line.call("StartTransaction", start(connectorId=3))
    connector = Connector.objects.get(station=line.station)
    assert (connector.ocpp_evse_id, connector.ocpp_connector_id) == (3, 1)
    assert only_session().connector == connector
    assert only_session().evse == connector.evse


@pytest.mark.parametrize("message_id", ["same", "other"])
def test_repeated_start_gets_the_same_answer(line, message_id):
    told = start()
    first = line.call("StartTransaction", told, message_id="same")
    assert line.call("StartTransaction", told, message_id=message_id) == first
    assert only_session().pk == first["transactionId"]


def test_start_replayed_after_the_stop_gets_its_id(line):
    told = start()
    first = line.call("StartTransaction", told)
    stop = {"transactionId": first["transactionId"], "meterStop": 2000, "timestamp": told_at()}
    line.call("StopTransaction", stop)
    assert line.call("StartTransaction", told)["transactionId"] == first["transactionId"]
    assert only_session().state == SessionState.ENDED


def test_refused_start_is_kept_as_refused(line):
    answer = line.call("StartTransaction", start(idTag="UNKNOWN"))
    session = only_session()
    assert answer == {"transactionId": session.pk, "idTagInfo": {"status": "Invalid"}}
    assert (session.state, session.authorization_reason) == ("refused", "token is unknown")
    assert session.ended_at == session.started_at
    assert session.token is None


def test_repeat_of_a_refused_start_stays_refused(line):
    told = start(idTag="LATER")
    line.call("StartTransaction", told)
    token_for(line.station, "LATER")
    assert line.call("StartTransaction", told)["idTagInfo"] == {"status": "Invalid"}
    assert only_session().state == SessionState.REFUSED


def test_token_of_another_operator_is_invalid(line):
    token_for(factories.station(), "ELSEWHERE")
    answer = line.call("StartTransaction", start(idTag="ELSEWHERE"))
    assert answer["idTagInfo"] == {"status": "Invalid"}
    assert only_session().token is None


def test_held_station_gets_an_id_and_invalid():
    line = Line(registration=RegistrationStatus.PENDING)
    token_for(line.station, "04AB")
    answer = line.call("StartTransaction", start())
    assert answer["transactionId"] == only_session().pk
    assert answer["idTagInfo"] == {"status": "Invalid"}


@pytest.mark.parametrize("fields", [{"is_disabled": True}, {"setup_state": SetupState.RETIRED}])
def test_station_out_of_use_charges_nobody(fields):
    line = Line(**fields)
    token_for(line.station, "04AB")
    assert line.call("StartTransaction", start())["idTagInfo"] == {"status": "Blocked"}


def test_new_start_ends_the_session_that_runs_there(line):
    first = line.call("StartTransaction", start())["transactionId"]
    line.call("StartTransaction", start(meterStart=1500))
    left_open = ChargingSession.objects.get(pk=first)
    assert (left_open.state, left_open.stop_reason) == (SessionState.ENDED, "NewSession")
    assert left_open.flags == ["presumed_ended"]


def test_session_of_another_connector_goes_on(line):
    first = line.call("StartTransaction", start())["transactionId"]
    line.call("StartTransaction", start(connectorId=2))
    assert ChargingSession.objects.get(pk=first).ended_at is None


@pytest.mark.parametrize("connector_id", [-1, 0, 251, 10**9])
def test_start_at_an_impossible_connector_is_answered(line, connector_id):
    answer = line.call("StartTransaction", start(connectorId=connector_id))
    assert answer == {"transactionId": only_session().pk, "idTagInfo": {"status": "Accepted"}}
    assert only_session().evse is None


def test_start_at_one_connector_too_many_is_answered(line):
    for number in range(1, 251):
        factories.evse(line.station, number=number)
    Connector.objects.filter(ocpp_evse_id=1).update(ocpp_evse_id=251)
    answer = line.call("StartTransaction", start(connectorId=1))
    assert answer["idTagInfo"] == {"status": "Accepted"}
    assert only_session().evse is None


@pytest.mark.parametrize("timestamp", ["1970-01-01T00:00:12Z", "2000-01-01T00:00:00", "soon"])
def test_clock_that_was_never_set_gives_way_to_ours(line, timestamp):
    before = timezone.now()
    line.call("StartTransaction", start(timestamp=timestamp))
    assert only_session().started_at >= before
    assert only_session().flags == ["clock_not_set"]


def test_start_from_the_time_offline_keeps_its_own_time(line):
    line.call("StartTransaction", start(timestamp=told_at(ago=timedelta(hours=30))))
    assert timezone.now() - only_session().started_at > timedelta(hours=29)
    assert only_session().flags == []


@pytest.mark.parametrize(
    ("told", "energy_wh"), [("1000,4", 1000), (1000.6, 1001), (-5, None), ("broken", None)]
)
def test_meter_is_read_as_well_as_it_can_be(line, told, energy_wh):
    line.call("StartTransaction", start(meterStart=told))
    assert only_session().start_meter_wh == energy_wh


def test_start_without_a_token_is_incomplete(line):
    told = start()
    del told["idTag"]
    assert line.refusal("StartTransaction", told) == "ProtocolError"
    assert not ChargingSession.objects.exists()


def test_refused_start_ends_nobody(line):
    first = line.call("StartTransaction", start())["transactionId"]
    line.call("StartTransaction", start(idTag="STRANGER"))
    assert ChargingSession.objects.get(pk=first).ended_at is None


def test_older_start_that_is_replayed_does_not_end_a_newer_session(line):
    newer = line.call("StartTransaction", start())["transactionId"]
    line.call("StartTransaction", start(timestamp=told_at(ago=timedelta(hours=3))))
    assert ChargingSession.objects.get(pk=newer).ended_at is None


def test_predecessor_ends_when_the_new_session_began(line):
    first = start(timestamp=told_at(ago=timedelta(hours=3)))
    line.call("StartTransaction", first)
    line.call("StartTransaction", start(timestamp=told_at(ago=timedelta(hours=2))))
    older, newer = ChargingSession.objects.order_by("started_at")
    assert older.ended_at == newer.started_at


AT = "2025-05-01T10:00:00Z"
NEVER_SET = "1970-01-01T00:00:12Z"


def stop(line, transaction_id):
    told = {"transactionId": transaction_id, "meterStop": 1000, "timestamp": told_at()}
    line.call("StopTransaction", told)


def test_second_session_of_a_clock_that_was_never_set_is_another_one(line):
    told = start(timestamp=NEVER_SET)
    first = line.call("StartTransaction", told)["transactionId"]
    stop(line, first)
    second = line.call("StartTransaction", told)["transactionId"]
    assert second != first
    assert ChargingSession.objects.get(pk=second).state == SessionState.ACTIVE


def test_repeat_of_a_second_session_without_a_clock_is_known_while_it_runs(line):
    told = start(timestamp=NEVER_SET)
    stop(line, line.call("StartTransaction", told)["transactionId"])
    second = line.call("StartTransaction", told)
    assert line.call("StartTransaction", told) == second
    assert ChargingSession.objects.count() == 2


def test_token_that_is_too_long_is_invalid_and_gets_an_id(line):
    answer = line.call("StartTransaction", start(idTag="X" * 255))
    assert answer == {"transactionId": only_session().pk, "idTagInfo": {"status": "Invalid"}}
    assert only_session().token_uid == "X" * 36


def test_starts_of_a_token_that_is_too_long_are_told_apart(line):
    for meter in (1000, 1000, 2000):
        line.call("StartTransaction", start(idTag="X" * 255, timestamp=AT, meterStart=meter))
    assert ChargingSession.objects.count() == 2


def test_connector_as_decimal_number_is_taken(line):
    line.call("StartTransaction", start(connectorId=1.0))
    assert only_session().connector == Connector.objects.get(ocpp_evse_id=1)
