"""BootNotification of OCPP 1.6."""

import pytest
from django.test import override_settings

from stations.domain.setup_state import RegistrationStatus
from tests.stations.ocpp.batches import Line

pytestmark = pytest.mark.django_db

BOOT = {"chargePointVendor": "Maker", "chargePointModel": "Twin 22"}


@override_settings(OCPP_HEARTBEAT_INTERVAL_S=77)
def test_boot_is_answered_with_time_and_interval():
    answer = Line().call("BootNotification", BOOT)
    assert answer["status"] == "Accepted"
    assert answer["interval"] == 77
    assert answer["currentTime"].endswith("Z")


def test_boot_keeps_what_the_station_is():
    line = Line()
    told = {"firmwareVersion": "1.2", "chargePointSerialNumber": "S-1", "iccid": "89", "imsi": "20"}
    line.call("BootNotification", BOOT | told | {"meterSerialNumber": "M", "meterType": "T"})
    station = line.station
    station.refresh_from_db()
    assert (station.vendor, station.model, station.firmware) == ("Maker", "Twin 22", "1.2")
    assert (station.serial_number, station.iccid, station.imsi) == ("S-1", "89", "20")
    assert (station.meter_serial_number, station.meter_type) == ("M", "T")
    assert line.live.booted_at is not None


def test_old_name_of_the_serial_number_counts():
    line = Line()
    line.call("BootNotification", BOOT | {"chargeBoxSerialNumber": "OLD-1"})
    line.station.refresh_from_db()
    assert line.station.serial_number == "OLD-1"


def test_what_a_boot_leaves_out_stays():
    line = Line(firmware="1.0", serial_number="S-1")
    line.call("BootNotification", BOOT)
    line.station.refresh_from_db()
    assert (line.station.firmware, line.station.serial_number) == ("1.0", "S-1")


def test_boot_that_tells_nothing_is_accepted():
    line = Line(vendor="Maker")
    answer = line.call("BootNotification", {"chargePointVendor": "", "chargePointModel": ""})
    assert answer["status"] == "Accepted"
    line.station.refresh_from_db()
    assert line.station.vendor == "Maker"


@pytest.mark.parametrize("registration", RegistrationStatus)
def test_boot_tells_the_registration(registration):
    assert Line(registration=registration).call("BootNotification", BOOT)["status"] == registration


def test_boot_without_a_model_is_incomplete():
    assert Line().refusal("BootNotification", {"chargePointVendor": "M"}) == "ProtocolError"
