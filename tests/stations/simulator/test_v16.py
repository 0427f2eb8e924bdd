"""What a simulated 1.6 station does in words of its own."""

import pytest

from stations.simulator.behaviour import Behaviour
from stations.simulator.station import SimulatedStation


@pytest.fixture
async def station(central):
    async with SimulatedStation(central.url, "CS1") as station:
        await station.boot()
        yield station


async def test_configuration_is_read_whole_and_by_key(central, station):
    whole = await central.ask("GetConfiguration", {})
    names = {row["key"] for row in whole["configurationKey"]}
    assert "HeartbeatInterval" in names
    assert "AuthorizationKey" not in names
    some = await central.ask("GetConfiguration", {"key": ["numberofconnectors", "Nonsense"]})
    assert some["configurationKey"][0] == {
        "key": "numberofconnectors",
        "readonly": True,
        "value": "2",
    }
    assert some["unknownKey"] == ["Nonsense"]


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("HeartbeatInterval", "60", "Accepted"),
        ("HeartbeatInterval", "often", "Rejected"),
        ("NumberOfConnectors", "9", "Rejected"),
        ("WebSocketPingInterval", "60", "RebootRequired"),
        ("Nonsense", "1", "NotSupported"),
    ],
)
async def test_configuration_is_changed_as_each_key_allows(central, station, key, value, status):
    answer = await central.ask("ChangeConfiguration", {"key": key, "value": value})
    assert answer["status"] == status
    setting = station.settings.find(key)
    assert (setting is not None and setting.value == value) is (status == "Accepted")


async def test_new_authorization_key_is_used_from_the_next_connection(central, station):
    key = "00ff" * 8
    await central.ask("ChangeConfiguration", {"key": "AuthorizationKey", "value": key})
    await central.ask("Reset", {"type": "Soft"})
    await station.wait_until(lambda: station.boots == 2)
    assert central.basic_auth() == b"CS1:" + bytes.fromhex(key)


async def test_reserved_evse_is_shown_and_released(central, station):
    reservation = {
        "connectorId": 1,
        "expiryDate": "2030-01-01T00:00:00Z",
        "idTag": "TAG",
        "reservationId": 4,
    }
    assert (await central.ask("ReserveNow", reservation))["status"] == "Accepted"
    await station.wait_until(lambda: station.evse(1).reported[0] == "Reserved")
    cancel = {"reservationId": 4}
    assert (await central.ask("CancelReservation", cancel))["status"] == "Accepted"
    assert (await central.ask("CancelReservation", cancel))["status"] == "Rejected"


@pytest.mark.parametrize(
    ("action", "payload", "expected"),
    [
        ("SendLocalList", {"listVersion": 3, "updateType": "Full"}, {"status": "Accepted"}),
        ("GetLocalListVersion", {}, {"listVersion": 0}),
        ("ClearChargingProfile", {}, {"status": "Accepted"}),
        ("DataTransfer", {"vendorId": "Nobody"}, {"status": "UnknownVendorId"}),
        ("GetInstalledCertificateIds", {"certificateType": "x"}, None),
        ("TriggerMessage", {"requestedMessage": "StatusNotification"}, {"status": "Accepted"}),
    ],
)
async def test_other_calls_are_answered(central, station, action, payload, expected):
    frame = await central.call(action, payload)
    assert frame[0] == (4 if expected is None else 3)
    assert expected is None or frame[2] == expected


async def test_composite_schedule_and_profiles_follow_the_schema(central, station):
    asked = {"connectorId": 1, "duration": 600}
    assert (await central.ask("GetCompositeSchedule", asked))["status"] == "Accepted"
    period = {"startPeriod": 0, "limit": 16.1}
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [period]},
    }
    wanted = {"connectorId": 1, "csChargingProfiles": profile}
    assert (await central.ask("SetChargingProfile", wanted))["status"] == "Accepted"


async def test_firmware_update_and_diagnostics_tell_their_progress(central, station):
    location = "https://example.org/file"
    await central.ask("GetDiagnostics", {"location": location})
    assert (await central.next_call("DiagnosticsStatusNotification"))["status"] == "Uploading"
    wanted = {"location": location, "retrieveDate": "2030-01-01T00:00:00Z"}
    assert await central.ask("UpdateFirmware", wanted) == {}
    for status in ("Downloading", "Downloaded", "Installing", "Installed"):
        assert (await central.next_call("FirmwareStatusNotification"))["status"] == status


async def test_station_that_never_learned_its_transaction_says_minus_one(central, station):
    session = await station.start(1, "TAG")
    session.transaction_id = None
    await station.stop(1)
    assert central.payloads("StopTransaction")[0]["transactionId"] == -1


async def test_bad_words_are_sent_as_the_field_sends_them(central):
    behaviour = Behaviour(
        extra_properties=True, missing_timestamp=True, comma_decimals=True, occupied_status=True
    )
    async with SimulatedStation(central.url, "CS1", behaviour=behaviour) as station:
        await station.boot()
        await station.plug_in(1)
        await station.meter(1, 1250)
        status = central.payloads("StatusNotification")[-1]
        assert status["status"] == "Occupied"
        assert "timestamp" not in status
        assert "vendorExtra" in status
        sample = central.payloads("MeterValues")[0]["meterValue"][0]["sampledValue"][0]
        assert sample["value"] == "1250,0"
