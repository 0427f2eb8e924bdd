"""StatusNotification of OCPP 2.0.1."""

from datetime import timedelta

import pytest

from scheduling.models import PublishedStatus
from stations.domain.setup_state import RegistrationStatus
from stations.models import Connector, ConnectorState, Evse
from tests import factories
from tests.stations.ocpp.batches import V201, Line, told_at

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def status(word, evse_id=1, connector_id=1, **more):
    told = {"evseId": evse_id, "connectorId": connector_id, "connectorStatus": word}
    return told | {"timestamp": told_at()} | more


def only_state():
    return ConnectorState.objects.get()


def test_first_report_adds_the_connector():
    line = Line(V201)
    assert line.call("StatusNotification", status("Available", 2, 3)) == {}
    connector = Connector.objects.get(station=line.station)
    assert (connector.ocpp_evse_id, connector.ocpp_connector_id) == (2, 3)
    assert connector.evse.number == 2
    assert connector.state.status == "Available"


def test_second_connector_joins_its_evse():
    line = Line(V201)
    for connector_id in (1, 2):
        line.call("StatusNotification", status("Available", 1, connector_id))
    assert Evse.objects.get().connectors.count() == 2


def test_connector_0_stands_for_the_first():
    line = Line(V201)
    line.call("StatusNotification", status("Available", 1, 0))
    assert Connector.objects.get().ocpp_connector_id == 1


def test_evse_0_is_the_station():
    line = Line(V201)
    line.call("StatusNotification", status("Unavailable", 0, 0))
    assert line.live.status == "Unavailable"
    assert not Connector.objects.exists()


def test_older_report_is_ignored():
    line = Line(V201)
    line.call("StatusNotification", status("Occupied", timestamp=told_at(ago=HOUR)))
    line.call("StatusNotification", status("Available", timestamp=told_at(ago=2 * HOUR)))
    assert only_state().status == "Occupied"


def test_report_without_time_counts_from_now():
    line = Line(V201)
    factories.evse(line.station)
    told = status("Available")
    del told["timestamp"]
    line.call("StatusNotification", told)
    assert only_state().status == "Available"


@pytest.mark.parametrize(("evse_id", "connector_id"), [(251, 1), (1, 251), (-1, 1), (1, -1)])
def test_impossible_connector_is_refused(evse_id, connector_id):
    code = Line(V201).refusal("StatusNotification", status("Available", evse_id, connector_id))
    assert code == "PropertyConstraintViolation"


def test_status_is_published_before_it_is_answered():
    line = Line(V201, setup_state="ACTIVE")
    line.call("StatusNotification", status("Occupied"))
    assert PublishedStatus.objects.get().status == "OCCUPIED"


def test_held_station_is_answered_and_kept():
    line = Line(V201, registration=RegistrationStatus.PENDING)
    assert line.call("StatusNotification", status("Available")) == {}
    assert only_state().status == "Available"


def test_rejected_station_is_not_served():
    line = Line(V201, registration=RegistrationStatus.REJECTED)
    assert line.refusal("StatusNotification", status("Available")) == "SecurityError"


def test_word_of_ocpp_16_is_refused():
    code = Line(V201).refusal("StatusNotification", status("Charging"))
    assert code == "PropertyConstraintViolation"
