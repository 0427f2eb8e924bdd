"""StatusNotification of OCPP 1.6."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.models import PublishedStatus
from stations.domain.command import CommandState
from stations.domain.command_words import Availability
from stations.models import Connector, ConnectorState, Evse
from tests import factories
from tests.stations.ocpp.batches import Line, told_at

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def status(word, connector_id=1, **more):
    told = {"connectorId": connector_id, "errorCode": "NoError", "status": word}
    return told | {"timestamp": told_at()} | more


def only_state():
    return ConnectorState.objects.get()


def test_first_report_adds_the_connector():
    line = Line()
    assert line.call("StatusNotification", status("Available", 2)) == {}
    connector = Connector.objects.get(station=line.station)
    assert (connector.ocpp_evse_id, connector.ocpp_connector_id) == (2, 1)
    assert connector.evse.number == 2
    assert connector.state.status == "Available"


def test_connector_without_a_report_gets_its_first():
    line = Line()
    factories.evse(line.station)
    line.call("StatusNotification", status("Charging"))
    line.call("StatusNotification", status("Finishing"))
    assert only_state().status == "Finishing"


def test_evse_that_is_there_without_connectors_is_used():
    line = Line()
    evse = factories.evse(line.station, number=1, connectors=0)
    line.call("StatusNotification", status("Available"))
    assert Connector.objects.get().evse == evse
    assert Evse.objects.count() == 1


def test_report_keeps_what_went_wrong():
    line = Line()
    more = {"errorCode": "GroundFailure", "vendorErrorCode": "0x42", "info": "wet"}
    line.call("StatusNotification", status("Faulted", **more))
    state = only_state()
    assert (state.error_code, state.vendor_error_code, state.info) == (
        "GroundFailure",
        "0x42",
        "wet",
    )


def test_older_report_is_ignored():
    line = Line()
    line.call("StatusNotification", status("Charging", timestamp=told_at(ago=HOUR)))
    line.call("StatusNotification", status("Available", timestamp=told_at(ago=2 * HOUR)))
    assert only_state().status == "Charging"


def test_report_without_time_counts_from_now():
    line = Line()
    line.call("StatusNotification", status("Charging", timestamp=told_at(ago=HOUR)))
    told = status("Available")
    del told["timestamp"]
    line.call("StatusNotification", told)
    assert only_state().status == "Available"


@pytest.mark.parametrize("timestamp", ["1970-01-01T00:00:01Z", "2999-01-01T00:00:00Z", "late"])
def test_clock_that_cannot_be_believed_gives_way_to_ours(timestamp):
    line = Line()
    line.call("StatusNotification", status("Available", timestamp=timestamp))
    assert timezone.now() - only_state().status_at < timedelta(minutes=1)


def test_occupied_is_understood():
    line = Line()
    line.call("StatusNotification", status("Occupied"))
    assert only_state().status == "Occupied"


def test_unknown_status_is_refused():
    line = Line()
    code = line.refusal("StatusNotification", status("Sleeping"))
    assert code == "PropertyConstraintViolation"
    assert not Connector.objects.exists()


def test_connector_0_is_the_station():
    line = Line()
    line.call("StatusNotification", status("Faulted", 0, errorCode="OtherError", info="fire"))
    live = line.live
    assert (live.status, live.error_code, live.info) == ("Faulted", "OtherError", "fire")
    assert not Connector.objects.exists()


def test_older_report_of_the_station_is_ignored():
    line = Line()
    line.call("StatusNotification", status("Unavailable", 0))
    line.call("StatusNotification", status("Available", 0, timestamp=told_at(ago=HOUR)))
    assert line.live.status == "Unavailable"


@pytest.mark.parametrize("connector_id", [-1, 251, 2**40])
def test_impossible_connector_is_refused(connector_id):
    code = Line().refusal("StatusNotification", status("Available", connector_id))
    assert code == "PropertyConstraintViolation"


def test_one_connector_too_many_is_refused():
    line = Line()
    for number in range(1, 251):
        factories.evse(line.station, number=number)
    Connector.objects.filter(ocpp_evse_id=1).update(ocpp_evse_id=251)
    code = line.refusal("StatusNotification", status("Available", 1))
    assert code == "PropertyConstraintViolation"


def test_status_is_published_before_it_is_answered():
    line = Line(setup_state="ACTIVE")
    line.call("StatusNotification", status("Charging"))
    assert PublishedStatus.objects.get().status == "OCCUPIED"


def test_unknown_properties_are_kept_in_the_log():
    line = Line()
    line.call("StatusNotification", status("Available", vendorMood="sunny"))
    assert '"vendorMood": "sunny"' in line.log.payload


def test_way_into_unavailable_is_the_effect_of_a_command():
    line = Line()
    evse = factories.evse(line.station)
    line.call("StatusNotification", status("Available"))
    command = factories.command(
        line.station,
        evse=evse,
        params={"availability": Availability.INOPERATIVE},
        state=CommandState.ACCEPTED,
        sent_at=timezone.now(),
    )
    line.call("StatusNotification", status("Unavailable"))
    command.refresh_from_db()
    assert command.effect_seen_at is not None


def test_fault_out_of_unavailable_is_no_effect():
    line = Line()
    factories.evse(line.station)
    line.call("StatusNotification", status("Unavailable"))
    line.call("StatusNotification", status("Faulted"))
    assert only_state().status == "Faulted"
