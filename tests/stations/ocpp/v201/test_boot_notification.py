"""BootNotification of OCPP 2.0.1."""

import pytest
from django.test import override_settings

from stations.domain.setup_state import RegistrationStatus
from tests.stations.ocpp.batches import V201, Line

pytestmark = pytest.mark.django_db


def boot(**more):
    station = {"vendorName": "Maker", "model": "Twin 22"} | more
    return {"reason": "PowerUp", "chargingStation": station}


@override_settings(OCPP_HEARTBEAT_INTERVAL_S=77)
def test_boot_is_answered_with_time_and_interval():
    answer = Line(V201).call("BootNotification", boot())
    assert (answer["status"], answer["interval"]) == ("Accepted", 77)
    assert answer["currentTime"].endswith("Z")


def test_boot_keeps_what_the_station_is():
    line = Line(V201)
    modem = {"modem": {"iccid": "89", "imsi": "20"}}
    line.call("BootNotification", boot(firmwareVersion="1.2", serialNumber="S-1", **modem))
    station = line.station
    station.refresh_from_db()
    assert (station.vendor, station.model, station.firmware) == ("Maker", "Twin 22", "1.2")
    assert (station.serial_number, station.iccid, station.imsi) == ("S-1", "89", "20")
    assert line.live.booted_at is not None


def test_what_a_boot_leaves_out_stays():
    line = Line(V201, firmware="1.0", serial_number="S-1")
    line.call("BootNotification", boot())
    line.station.refresh_from_db()
    assert (line.station.firmware, line.station.serial_number) == ("1.0", "S-1")


@pytest.mark.parametrize("registration", RegistrationStatus)
def test_boot_tells_the_registration(registration):
    line = Line(V201, registration=registration)
    assert line.call("BootNotification", boot())["status"] == registration


def test_boot_without_a_model_is_refused():
    told = {"reason": "PowerUp", "chargingStation": {"vendorName": "M"}}
    assert Line(V201).refusal("BootNotification", told) == "OccurrenceConstraintViolation"
