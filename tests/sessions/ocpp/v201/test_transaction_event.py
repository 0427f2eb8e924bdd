"""TransactionEvent of OCPP 2.0.1: one session from events in whatever order they come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.domain.words import SessionState
from sessions.models import ChargingSession, MeterValue
from stations.domain.command import CommandKind, CommandState
from stations.domain.setup_state import RegistrationStatus
from stations.models import Connector
from tests import factories
from tests.sessions.tokens import token_for
from tests.stations.ocpp.batches import V201, Line, told_at

pytestmark = pytest.mark.django_db

TOKEN = {"idToken": {"idToken": "04AB", "type": "ISO14443"}}
STRANGER = {"idToken": {"idToken": "FF00", "type": "ISO14443"}}


@pytest.fixture
def line():
    line = Line(V201)
    token_for(line.station, "04AB")
    return line


def event(event_type, seq_no, *, transaction=None, ago=timedelta(), **more):
    told = {
        "eventType": event_type,
        "timestamp": told_at(ago=ago),
        "triggerReason": "Authorized",
        "seqNo": seq_no,
        "transactionInfo": {"transactionId": "T-1"} | (transaction or {}),
    }
    return told | more


def started(seq_no=0, **more):
    return event("Started", seq_no, **({"evse": {"id": 1, "connectorId": 1}} | TOKEN | more))


def updated(seq_no, **more):
    return event("Updated", seq_no, **more)


def ended(seq_no, **more):
    return event("Ended", seq_no, **more)


def metered(energy_wh, **sample):
    return {
        "meterValue": [{"timestamp": told_at(), "sampledValue": [{"value": energy_wh, **sample}]}]
    }


def send(line, *events):
    return [line.call("TransactionEvent", told) for told in events]


def only_session():
    return ChargingSession.objects.get()


def test_start_opens_a_session(line):
    evse = factories.evse(line.station)
    assert send(line, started(**metered(1000))) == [{"idTokenInfo": {"status": "Accepted"}}]
    session = only_session()
    assert (session.state, session.authorization) == (SessionState.ACTIVE, "Accepted")
    assert (session.evse, session.connector) == (evse, evse.connectors.get())
    assert (session.token_uid, session.token.uid) == ("04AB", "04AB")
    assert (session.start_meter_wh, session.last_meter_wh) == (1000, 1000)
    assert session.start_key == "tx:T-1"
    assert line.log.session_id == session.pk


def test_start_at_a_new_connector_adds_it(line):
    send(line, started(evse={"id": 3}))
    connector = Connector.objects.get(station=line.station)
    assert (connector.ocpp_evse_id, connector.ocpp_connector_id) == (3, 1)
    assert only_session().connector == connector


def test_event_without_a_token_is_answered_with_nothing(line):
    assert send(line, started(idToken=None)) == [{}]
    assert only_session().authorization == ""


def test_update_brings_the_session_up_to_date(line):
    charging = {"chargingState": "Charging"}
    send(line, started(**metered(1000)), updated(1, transaction=charging, **metered(1500)))
    session = only_session()
    assert (session.charging_state, session.last_meter_wh) == ("Charging", 1500)
    assert session.last_seq_no == 1
    assert MeterValue.objects.filter(session=session).count() == 2


def test_end_ends_the_session(line):
    reason = {"stoppedReason": "EVDisconnected"}
    send(line, started(**metered(1000)), ended(1, transaction=reason, **metered(3500)))
    session = only_session()
    assert (session.state, session.stop_reason) == (SessionState.ENDED, "EVDisconnected")
    assert (session.last_meter_wh, session.energy_wh) == (3500, 2500)
    assert session.flags == []


def test_end_without_a_reason_or_meter_was_local(line):
    send(line, started(**metered(1000)), ended(1))
    assert (only_session().stop_reason, only_session().last_meter_wh) == ("Local", 1000)


def test_meter_that_ends_at_zero_counts(line):
    send(line, started(**metered(7)), ended(1, **metered(0)))
    assert only_session().last_meter_wh == 0


@pytest.mark.parametrize("message_id", ["same", "other"])
@pytest.mark.parametrize("last", [0, 1, 2])
def test_repeated_event_changes_nothing(line, message_id, last):
    events = [started(**metered(1000)), updated(1, **metered(1500)), ended(2, **metered(2000))]
    send(line, *events[:last])
    answer = line.call("TransactionEvent", events[last], message_id="same")
    before = ChargingSession.objects.values().get()
    assert line.call("TransactionEvent", events[last], message_id=message_id) == answer
    assert ChargingSession.objects.values().get() == before
    assert MeterValue.objects.count() == last + 1


def test_whole_transaction_replayed_changes_nothing(line):
    events = [started(**metered(1000)), updated(1, **metered(1500)), ended(2, **metered(2000))]
    send(line, *events)
    before = ChargingSession.objects.values().get()
    send(line, *events)
    assert ChargingSession.objects.values().get() == before
    assert MeterValue.objects.count() == 3


def test_same_transaction_id_of_another_station_is_another_session(line):
    send(line, started())
    send(Line(V201), started())
    assert ChargingSession.objects.count() == 2


@pytest.mark.parametrize("first", [updated, ended])
def test_transaction_whose_start_was_lost_is_made_from_what_is_known(line, first):
    send(line, first(4, evse={"id": 1}, **TOKEN, **metered(1500)))
    session = only_session()
    assert session.flags == ["start_lost"]
    assert (session.evse.number, session.token_uid) == (1, "04AB")
    assert session.ended_at is None if first is updated else session.state == "ended"


def test_start_that_comes_late_tells_when_it_began(line):
    late = started(ago=timedelta(hours=1), **metered(1000))
    send(line, updated(1, **metered(1500)), late, ended(2, **metered(2000)))
    session = only_session()
    assert timezone.now() - session.started_at > timedelta(minutes=59)
    assert (session.start_meter_wh, session.last_meter_wh) == (1000, 2000)
    assert session.flags == []


def test_start_that_comes_late_without_a_meter_leaves_it(line):
    send(line, updated(1, **metered(1500)), started())
    assert only_session().start_meter_wh == 1500


def test_gaps_in_the_numbers_are_flagged(line):
    send(line, started(), updated(3), updated(7))
    assert only_session().flags == ["gap:1-2", "gap:4-6"]


def test_counter_that_runs_on_or_stands_still_is_no_gap(line):
    send(line, started(seq_no=41), updated(42), updated(42, ago=timedelta(minutes=1)))
    assert only_session().flags == []


def test_late_event_does_not_turn_the_state_back(line):
    suspended = {"chargingState": "SuspendedEV"}
    charging = {"chargingState": "Charging"}
    send(line, started(), updated(2, transaction=suspended), updated(1, transaction=charging))
    assert only_session().charging_state == "SuspendedEV"


def test_event_after_the_end_opens_nothing(line):
    send(line, started(), ended(2), updated(1, **metered(1500)))
    assert only_session().state == SessionState.ENDED
    assert MeterValue.objects.count() == 1


def test_evse_and_token_may_come_later(line):
    evse = factories.evse(line.station)
    send(line, started(evse=None, idToken=None), updated(1, evse={"id": 1}, **TOKEN))
    session = only_session()
    assert (session.evse, session.connector) == (evse, evse.connectors.get())
    assert (session.token.uid, session.authorization) == ("04AB", "Accepted")


def test_event_that_tells_nothing_new_leaves_the_session_without_a_place(line):
    send(line, started(evse=None), updated(1))
    assert only_session().evse is None


def test_second_end_changes_nothing(line):
    send(line, started(), ended(1, **metered(9)), ended(2, transaction={"stoppedReason": "Other"}))
    assert only_session().stop_reason == "Local"


def test_new_evse_may_come_later(line):
    send(line, started(evse=None), updated(1, evse={"id": 2, "connectorId": 2}))
    session = only_session()
    assert session.evse.number == 2
    assert session.connector == Connector.objects.get()


def test_evse_that_comes_later_ends_who_was_left_there(line):
    send(line, started())
    other = {"transaction": {"transactionId": "T-2"}}
    send(line, started(evse=None, **other), updated(1, evse={"id": 1}, **other))
    assert ChargingSession.objects.get(start_key="tx:T-1").stop_reason == "NewSession"
    assert ChargingSession.objects.get(start_key="tx:T-2").ended_at is None


def test_invalid_token_is_answered_and_kept_as_refused(line):
    assert send(line, started(**STRANGER)) == [{"idTokenInfo": {"status": "Invalid"}}]
    assert (only_session().state, only_session().token) == (SessionState.REFUSED, None)


def test_repeat_of_a_refused_start_stays_refused(line):
    told = started(**STRANGER)
    send(line, told)
    token_for(line.station, "FF00")
    assert send(line, told) == [{"idTokenInfo": {"status": "Invalid"}}]


def test_second_token_that_is_valid_begins_the_session(line):
    send(line, started(**STRANGER), updated(1, **STRANGER), updated(2, **TOKEN))
    session = only_session()
    assert (session.state, session.ended_at) == (SessionState.ACTIVE, None)
    assert (session.token.uid, session.authorization) == ("04AB", "Accepted")


def test_token_that_stops_a_session_is_answered_but_does_not_own_it(line):
    other = token_for(line.station, "FF00")
    assert send(line, started(), ended(1, **STRANGER))[1] == {"idTokenInfo": {"status": "Accepted"}}
    assert only_session().token != other


def test_new_transaction_ends_the_one_that_runs_there(line):
    send(line, started(), started(transaction={"transactionId": "T-2"}))
    left_open = ChargingSession.objects.get(start_key="tx:T-1")
    assert (left_open.stop_reason, left_open.flags) == ("NewSession", ["presumed_ended"])


def test_presumed_end_takes_the_true_values(line):
    send(line, started(), started(transaction={"transactionId": "T-2"}), ended(1, **metered(9)))
    session = ChargingSession.objects.get(start_key="tx:T-1")
    assert (session.stop_reason, session.flags, session.last_meter_wh) == ("Local", [], 9)


def test_connector_that_is_free_ends_the_session(line):
    send(line, started())
    line.call("StatusNotification", status("Available", 1))
    assert only_session().stop_reason == "EvseAvailable"


def test_free_connector_beside_one_in_use_ends_nothing(line):
    factories.evse(line.station, connectors=2)
    line.call("StatusNotification", status("Occupied", 2))
    send(line, started(evse={"id": 1, "connectorId": 2}))
    line.call("StatusNotification", status("Available", 1))
    assert only_session().ended_at is None


def test_free_evse_ends_no_session_elsewhere(line):
    send(line, started())
    line.call("StatusNotification", status("Available", 1, evse=2))
    assert only_session().ended_at is None


def status(word, connector_id, evse=1):
    told = {"timestamp": told_at(), "connectorStatus": word}
    return told | {"evseId": evse, "connectorId": connector_id}


@pytest.mark.parametrize("registration", [RegistrationStatus.PENDING, RegistrationStatus.REJECTED])
def test_event_that_was_refused_is_no_repeat_later(registration):
    line = Line(V201, registration=registration)
    told = started()
    assert line.refusal("TransactionEvent", told) == "SecurityError"
    line.station.registration = RegistrationStatus.ACCEPTED
    line.station.save()
    token_for(line.station, "04AB")
    assert send(line, told, updated(1)) == [{"idTokenInfo": {"status": "Accepted"}}, {}]
    assert only_session().flags == []


@pytest.mark.parametrize("evse", [{"id": 251}, {"id": -1}, {"id": 1, "connectorId": 251}])
def test_event_of_an_impossible_evse_is_taken(line, evse):
    assert send(line, started(evse=evse)) == [{"idTokenInfo": {"status": "Accepted"}}]
    assert only_session().evse is None


def test_remote_start_is_named(line):
    command = factories.command(
        line.station,
        kind=CommandKind.REMOTE_START,
        state=CommandState.ACCEPTED,
        sent_at=timezone.now(),
    )
    send(line, started(transaction={"remoteStartId": command.pk}))
    command.refresh_from_db()
    assert only_session().remote_start_id == command.pk
    assert command.effect_seen_at is not None


def test_remote_start_of_a_car_that_waits_is_named(line):
    command = factories.command(
        line.station,
        kind=CommandKind.REMOTE_START,
        state=CommandState.ACCEPTED,
        sent_at=timezone.now(),
    )
    send(line, started(idToken=None), updated(1, transaction={"remoteStartId": command.pk}))
    command.refresh_from_db()
    assert only_session().remote_start_id == command.pk
    assert command.effect_seen_at is not None


def test_clock_that_was_never_set_gives_way_to_ours(line):
    send(line, started(timestamp="1970-01-01T00:00:00Z"))
    assert timezone.now() - only_session().started_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("unit", "value", "energy_wh"),
    [
        ({"unit": "kWh"}, 1.5, 1500),
        ({"unit": "Wh", "multiplier": 3}, 2, 2000),
        ({"unit": "Wh", "multiplier": 99}, 2, None),
        ({}, "1500,4", 1500),
        (None, 1500, 1500),
    ],
)
def test_energy_is_read_with_its_unit(line, unit, value, energy_wh):
    sample = {} if unit is None else {"unitOfMeasure": unit}
    send(line, started(**metered(value, **sample)))
    assert MeterValue.objects.get().energy_wh == energy_wh


@pytest.mark.parametrize(
    ("unit", "value", "power_w"),
    [
        ({"unit": "kW"}, 7.4, 7400),
        ({"multiplier": 3}, 11, 11000),
        ({"multiplier": 12}, 11, None),
        ({"unit": "PS"}, 11, None),
        ({}, "x", None),
    ],
)
def test_power_is_read_with_its_unit(line, unit, value, power_w):
    sample = {"measurand": "Power.Active.Import", "unitOfMeasure": unit}
    send(line, started(**metered(value, **sample)))
    assert MeterValue.objects.get().power_w == power_w


@pytest.mark.parametrize(("value", "percent"), [(80.4, 80), (101, None), ("x", None)])
def test_state_of_charge_is_read(line, value, percent):
    send(line, started(**metered(value, measurand="SoC")))
    assert MeterValue.objects.get().soc_percent == percent


@pytest.mark.parametrize("more", [{"phase": "L1"}, {"measurand": "Voltage"}])
def test_value_of_one_phase_or_another_kind_is_no_total(line, more):
    send(line, started(**metered(230, **more)))
    reading = MeterValue.objects.get()
    assert (reading.energy_wh, reading.power_w) == (None, None)
    assert reading.samples[0]["value"] == 230


def test_unknown_event_type_is_refused(line):
    told = event("Paused", 0)
    assert line.refusal("TransactionEvent", told) == "PropertyConstraintViolation"


def test_missing_field_is_refused(line):
    told = started()
    del told["seqNo"]
    assert line.refusal("TransactionEvent", told) == "OccurrenceConstraintViolation"


def test_accepted_token_replaces_a_refused_one_of_a_running_session(line):
    answers = send(line, started(idToken=None), updated(1, **STRANGER), updated(2, **TOKEN))
    session = only_session()
    assert [list(answer.values()) for answer in answers[1:]] == [
        [{"status": "Invalid"}],
        [{"status": "Accepted"}],
    ]
    assert (session.token.uid, session.authorization) == ("04AB", "Accepted")


def test_late_reading_does_not_raise_the_energy_of_an_ended_session(line):
    power = {"measurand": "Power.Active.Import"}
    send(line, started(**metered(1000)), ended(3, **metered(2000)))
    send(line, updated(1, **metered(2500)), updated(2, **metered(7000, **power)))
    session = only_session()
    assert (session.last_meter_wh, session.last_power_w) == (2000, None)
    assert MeterValue.objects.filter(session=session).count() == 4


def test_start_after_the_end_still_tells_the_meter(line):
    send(line, ended(1, **metered(2000)), started(ago=timedelta(hours=1), **metered(1200)))
    assert (only_session().start_meter_wh, only_session().last_meter_wh) == (1200, 2000)


def test_refused_start_ends_nobody(line):
    send(line, started(), started(**STRANGER, transaction={"transactionId": "T-2"}))
    assert ChargingSession.objects.get(start_key="tx:T-1").ended_at is None


def test_refused_start_that_is_accepted_later_ends_who_was_left_there(line):
    other = {"transaction": {"transactionId": "T-2"}}
    send(line, started(), started(**STRANGER, **other), updated(1, **TOKEN, **other))
    assert ChargingSession.objects.get(start_key="tx:T-1").stop_reason == "NewSession"


def test_refused_session_that_learns_its_place_ends_nobody(line):
    other = {"transaction": {"transactionId": "T-2"}}
    send(line, started(), started(evse=None, **STRANGER, **other))
    send(line, updated(1, evse={"id": 1}, **other))
    assert ChargingSession.objects.get(start_key="tx:T-1").ended_at is None


def test_status_from_before_the_session_does_not_end_it(line):
    send(line, started(ago=timedelta(minutes=5)))
    told = status("Available", 1) | {"timestamp": told_at(ago=timedelta(minutes=6))}
    line.call("StatusNotification", told)
    assert only_session().ended_at is None


def presume_ended(line):
    send(line, started(ago=timedelta(hours=1), **metered(1000)))
    told = status("Available", 1) | {"timestamp": told_at(ago=timedelta(minutes=30))}
    line.call("StatusNotification", told)


def test_free_connector_ends_the_session_when_it_was_reported(line):
    presume_ended(line)
    assert timezone.now() - only_session().ended_at > timedelta(minutes=29)


@pytest.mark.parametrize(
    "more", [{"transaction": {"chargingState": "Charging"}}, metered(1500)], ids=["state", "meter"]
)
def test_session_seen_to_run_takes_its_presumed_end_back(line, more):
    presume_ended(line)
    send(line, updated(1, **more))
    session = only_session()
    assert (session.state, session.ended_at, session.flags) == (SessionState.ACTIVE, None, [])
    assert session.stop_reason == ""


@pytest.mark.parametrize(
    "more",
    [
        {"transaction": {"chargingState": "Charging"}, "ago": timedelta(minutes=40)},
        {"transaction": {"chargingState": "Idle"}},
        metered(1000),
    ],
    ids=["before", "idle", "still"],
)
def test_presumed_end_stays_while_nothing_speaks_against_it(line, more):
    presume_ended(line)
    send(line, updated(1, **more))
    assert only_session().flags == ["presumed_ended"]


def test_presumed_end_stays_while_another_session_runs_there(line):
    presume_ended(line)
    other = {"transactionId": "T-2"}
    send(line, started(transaction=other), updated(1, transaction={"chargingState": "Charging"}))
    assert ChargingSession.objects.get(start_key="tx:T-1").flags == ["presumed_ended"]


def test_missing_events_that_come_close_the_gap(line):
    send(line, started(), updated(3), updated(2))
    assert only_session().flags == ["gap:1-1"]
    send(line, updated(1))
    assert only_session().flags == []
