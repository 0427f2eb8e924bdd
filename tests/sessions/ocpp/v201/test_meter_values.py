"""MeterValues of OCPP 2.0.1: readings outside a transaction."""

import pytest

from sessions.models import MeterValue
from tests.stations.ocpp.batches import V201, Line, told_at

pytestmark = pytest.mark.django_db


def values(evse_id=1, value=1500):
    sampled = [{"value": value, "context": "Sample.Clock"}]
    return {"evseId": evse_id, "meterValue": [{"timestamp": told_at(), "sampledValue": sampled}]}


@pytest.mark.parametrize("evse_id", [0, 1, 250])
def test_reading_is_kept(evse_id):
    assert Line(V201).call("MeterValues", values(evse_id)) == {}
    reading = MeterValue.objects.get()
    assert (reading.ocpp_evse_id, reading.ocpp_connector_id) == (evse_id, 0)
    assert (reading.energy_wh, reading.context, reading.session) == (1500, "Sample.Clock", None)


@pytest.mark.parametrize("message_id", ["same", "other"])
def test_repeat_is_kept_once(message_id):
    line, told = Line(V201), values()
    line.call("MeterValues", told, message_id="same")
    assert line.call("MeterValues", told, message_id=message_id) == {}
    assert MeterValue.objects.count() == 1


@pytest.mark.parametrize("evse_id", [-1, 251])
def test_impossible_evse_is_refused(evse_id):
    code = Line(V201).refusal("MeterValues", values(evse_id))
    assert code == "PropertyConstraintViolation"
    assert not MeterValue.objects.exists()
