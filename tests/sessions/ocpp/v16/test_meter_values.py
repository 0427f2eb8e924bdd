"""MeterValues of OCPP 1.6."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.models import ChargingSession, MeterValue
from tests import factories
from tests.sessions.tokens import token_for
from tests.stations.ocpp.batches import Line, told_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def session(line):
    token_for(line.station, "04AB")
    told = {"connectorId": 1, "idTag": "04AB", "meterStart": 1000, "timestamp": told_at()}
    line.call("StartTransaction", told)
    return ChargingSession.objects.get()


def values(*samples, transaction_id=None, connector_id=1, timestamp=None):
    value = {"timestamp": timestamp or told_at(), "sampledValue": list(samples)}
    told = {"connectorId": connector_id, "meterValue": [value]}
    return told if transaction_id is None else told | {"transactionId": transaction_id}


def only_reading():
    return MeterValue.objects.get()


def test_reading_belongs_to_its_session(line, session):
    samples = [
        {"value": "1500", "unit": "Wh", "context": "Sample.Clock"},
        {"value": "7.4", "unit": "kW", "measurand": "Power.Active.Import"},
        {"value": "81", "measurand": "SoC", "unit": "Percent"},
    ]
    assert line.call("MeterValues", values(*samples, transaction_id=session.pk)) == {}
    reading = only_reading()
    assert (reading.session, reading.context) == (session, "Sample.Clock")
    assert (reading.energy_wh, reading.power_w, reading.soc_percent) == (1500, 7400, 81)
    assert (reading.ocpp_evse_id, reading.ocpp_connector_id) == (1, 1)
    assert reading.samples == samples
    session.refresh_from_db()
    assert (session.last_meter_wh, session.last_power_w, session.energy_wh) == (1500, 7400, 500)
    assert line.log.session_id == session.pk


@pytest.mark.parametrize("message_id", ["same", "other"])
def test_repeat_is_kept_once(line, session, message_id):
    told = values({"value": "1500"}, transaction_id=session.pk)
    line.call("MeterValues", told, message_id="same")
    assert line.call("MeterValues", told, message_id=message_id) == {}
    assert MeterValue.objects.count() == 1


def test_same_values_of_another_station_are_no_repeat(line):
    told = values({"value": "1500"}, timestamp="2026-01-01T00:00:00Z")
    line.call("MeterValues", told)
    Line().call("MeterValues", told)
    assert MeterValue.objects.count() == 2


@pytest.mark.parametrize("transaction_id", [-1, 0, None])
def test_without_an_id_the_session_of_the_connector_counts(line, session, transaction_id):
    line.call("MeterValues", values({"value": "1700"}, transaction_id=transaction_id))
    assert only_reading().session == session


def test_without_an_id_another_connector_has_no_session(line, session):
    factories.evse(line.station, number=2)
    line.call("MeterValues", values({"value": "1700"}, transaction_id=-1, connector_id=2))
    assert only_reading().session is None


@pytest.mark.parametrize("connector_id", [0, 7])
def test_reading_of_no_connector_is_kept(line, connector_id):
    line.call("MeterValues", values({"value": "1700"}, connector_id=connector_id))
    assert only_reading().session is None


@pytest.mark.parametrize("transaction_id", [4711, 2**31 + 5])
def test_reading_of_an_unknown_session_is_kept(line, transaction_id):
    line.call("MeterValues", values({"value": "1700"}, transaction_id=transaction_id))
    assert only_reading().session is None


def test_session_of_another_station_gets_nothing(line):
    other = factories.session(Line().station)
    line.call("MeterValues", values({"value": "1700"}, transaction_id=other.pk))
    assert only_reading().session is None


def test_older_reading_does_not_turn_the_meter_back(line, session):
    for energy_wh in ("1500", "1400"):
        line.call("MeterValues", values({"value": energy_wh}, transaction_id=session.pk))
    session.refresh_from_db()
    assert session.last_meter_wh == 1500


@pytest.mark.parametrize(
    ("sample", "energy_wh"),
    [
        ({"value": "1,5", "unit": "kWh"}, 1500),
        ({"value": 1500.4}, 1500),
        ({"value": "1500", "measurand": "Energy.Active.Import.Register"}, 1500),
        ({"value": "1500", "phase": "L1"}, None),
        ({"value": "1500", "measurand": "Energy.Reactive.Import.Register"}, None),
        ({"value": "1500", "unit": "Celsius"}, None),
        ({"value": "-3"}, None),
        ({"value": "OCMF|{}", "format": "SignedData"}, None),
    ],
)
def test_energy_is_read_as_well_as_it_can_be(line, sample, energy_wh):
    line.call("MeterValues", values(sample))
    assert only_reading().energy_wh == energy_wh
    assert only_reading().samples == [sample]


@pytest.mark.parametrize(
    ("value", "unit", "power_w"),
    [("11000", None, 11000), ("-7.4", "kW", -7400), ("7", "PS", None), ("x", "W", None)],
)
def test_power_is_read_as_well_as_it_can_be(line, value, unit, power_w):
    sample = {"value": value, "measurand": "Power.Active.Import"}
    line.call("MeterValues", values(sample | ({"unit": unit} if unit else {})))
    assert only_reading().power_w == power_w


@pytest.mark.parametrize(("value", "percent"), [("80.4", 80), ("101", None), ("x", None)])
def test_state_of_charge_is_read_as_well_as_it_can_be(line, value, percent):
    line.call("MeterValues", values({"value": value, "measurand": "SoC"}))
    assert only_reading().soc_percent == percent


def test_energy_that_no_column_holds_is_kept_as_sample(line):
    line.call("MeterValues", values({"value": "9" * 14, "unit": "MWh"}))
    assert only_reading().energy_wh is None


def test_power_that_no_column_holds_is_kept_as_sample(line):
    line.call("MeterValues", values({"value": "9999999999", "measurand": "Power.Active.Import"}))
    assert only_reading().power_w is None


def test_value_without_samples_is_passed_over(line):
    value = {"timestamp": told_at(), "sampledValue": []}
    frame = line.frame("MeterValues", {"connectorId": 1, "meterValue": [value]})
    assert frame[0] in {3, 4}
    assert not MeterValue.objects.exists()


def test_clock_that_was_never_set_gives_way_to_ours(line):
    line.call("MeterValues", values({"value": "1"}, timestamp="1970-01-01T00:00:00Z"))
    assert timezone.now() - only_reading().sampled_at < timedelta(minutes=1)


def test_impossible_connector_is_refused(line):
    code = line.refusal("MeterValues", values({"value": "1"}, connector_id=251))
    assert code == "PropertyConstraintViolation"


def test_first_reading_begins_the_meter_of_a_session_without_one(line, session):
    ChargingSession.objects.update(start_meter_wh=None, last_meter_wh=None)
    line.call("MeterValues", values({"value": "1200"}, transaction_id=session.pk))
    session.refresh_from_db()
    assert (session.start_meter_wh, session.last_meter_wh) == (1200, 1200)


def test_late_reading_of_an_ended_session_is_kept_and_counts_for_nothing(line, session):
    told = {"transactionId": session.pk, "meterStop": 2000, "timestamp": told_at()}
    line.call("StopTransaction", told)
    power = {"value": "7", "unit": "kW", "measurand": "Power.Active.Import"}
    line.call("MeterValues", values({"value": "2600"}, power, transaction_id=session.pk))
    session.refresh_from_db()
    assert (session.last_meter_wh, session.last_power_w) == (2000, None)
    assert only_reading().session == session


def test_rising_meter_takes_a_presumed_end_back(line, session):
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
    line.call("StatusNotification", status)
    line.call("MeterValues", values({"value": "1000"}, transaction_id=float(session.pk)))
    session.refresh_from_db()
    assert session.flags == ["presumed_ended"]
    told = values({"value": "1500"}, transaction_id=session.pk)
    line.call("MeterValues", told, at=timezone.now() + timedelta(seconds=1))
    session.refresh_from_db()
    assert (session.ended_at, session.last_meter_wh) == (None, 1500)
