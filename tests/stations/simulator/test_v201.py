"""What a simulated 2.0.1 station does in words of its own."""

import pytest

from stations.simulator.station import SimulatedStation


@pytest.fixture
async def station(central):
    async with SimulatedStation(central.url, "CS1", "2.0.1") as station:
        await station.boot()
        yield station


def variable(name, **more):
    component, _, variable = name.partition(".")
    return {"component": {"name": component}, "variable": {"name": variable}, **more}


@pytest.mark.parametrize(
    ("name", "status", "value"),
    [
        ("OCPPCommCtrlr.HeartbeatInterval", "Accepted", "900"),
        ("ocppcommctrlr.heartbeatinterval", "Accepted", "900"),
        ("SecurityCtrlr.BasicAuthPassword", "Rejected", None),
        ("OCPPCommCtrlr.Nonsense", "UnknownVariable", None),
        ("Nonsense.Enabled", "UnknownComponent", None),
    ],
)
async def test_variables_are_read(central, station, name, status, value):
    answer = await central.ask("GetVariables", {"getVariableData": [variable(name)]})
    result = answer["getVariableResult"][0]
    assert result["attributeStatus"] == status
    assert result.get("attributeValue") == value


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("OCPPCommCtrlr.HeartbeatInterval", "60", "Accepted"),
        ("OCPPCommCtrlr.WebSocketPingInterval", "60", "RebootRequired"),
        ("SecurityCtrlr.SecurityProfile", "2", "Rejected"),
        ("Nonsense.Enabled", "true", "UnknownComponent"),
    ],
)
async def test_variables_are_written_as_each_allows(central, station, name, value, status):
    wanted = {"setVariableData": [variable(name, attributeValue=value)]}
    answer = await central.ask("SetVariables", wanted)
    assert answer["setVariableResult"][0]["attributeStatus"] == status


async def test_pending_value_takes_effect_with_the_reboot(central, station):
    name = "OCPPCommCtrlr.WebSocketPingInterval"
    wanted = {"setVariableData": [variable(name, attributeValue="60")]}
    await central.ask("SetVariables", wanted)
    assert station.settings[name].value == "0"
    await central.ask("Reset", {"type": "Immediate"})
    await station.wait_until(lambda: station.boots == 2)
    assert station.settings[name].value == "60"
    assert central.payloads("BootNotification")[1]["reason"] == "RemoteReset"


async def test_new_password_is_used_from_the_next_connection(central, station):
    name = "SecurityCtrlr.BasicAuthPassword"
    wanted = {"setVariableData": [variable(name, attributeValue="sixteen-letters!")]}
    await central.ask("SetVariables", wanted)
    await station.drop()
    await station.reconnect()
    assert central.basic_auth() == b"CS1:sixteen-letters!"


async def test_base_report_comes_in_parts(central, station):
    await central.ask("GetBaseReport", {"requestId": 5, "reportBase": "FullInventory"})
    parts = [await central.next_call("NotifyReport")]
    while parts[-1]["tbc"]:
        parts.append(await central.next_call("NotifyReport"))
    assert [part["seqNo"] for part in parts] == list(range(len(parts)))
    assert len(parts) > 1
    rows = [row for part in parts for row in part["reportData"]]
    evses = [row["component"]["evse"]["id"] for row in rows if row["component"]["name"] == "EVSE"]
    assert evses == [1, 2]


async def test_configuration_report_lists_only_what_can_be_written(central, station):
    await central.ask("GetBaseReport", {"requestId": 5, "reportBase": "ConfigurationInventory"})
    part = await central.next_call("NotifyReport")
    rights = {row["variableAttribute"][0]["mutability"] for row in part["reportData"]}
    assert "ReadOnly" not in rights


async def test_remote_start_is_named_in_its_first_event(central, station):
    token = {"idToken": "TAG", "type": "ISO14443"}
    await central.ask("RequestStartTransaction", {"remoteStartId": 9, "idToken": token})
    event = await central.next_call("TransactionEvent")
    assert event["triggerReason"] == "RemoteStart"
    assert event["transactionInfo"]["remoteStartId"] == 9


async def test_unlock_is_refused_while_charging(central, station):
    await station.start(1, "TAG")
    answer = await central.ask("UnlockConnector", {"evseId": 1, "connectorId": 1})
    assert answer["status"] == "OngoingAuthorizedTransaction"


async def test_queue_state_is_told(central, station):
    assert await central.ask("GetTransactionStatus", {}) == {"messagesInQueue": False}


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("CancelReservation", {"reservationId": 1}),
        ("ClearChargingProfile", {}),
        ("DataTransfer", {"vendorId": "Simulated"}),
        ("GetCompositeSchedule", {"duration": 60, "evseId": 1}),
        ("GetInstalledCertificateIds", {}),
        ("SendLocalList", {"versionNumber": 2, "updateType": "Full"}),
        ("TriggerMessage", {"requestedMessage": "StatusNotification", "evse": {"id": 1}}),
    ],
)
async def test_other_calls_are_answered_by_the_schema(central, station, action, payload):
    assert "status" in await central.ask(action, payload)


async def test_log_and_firmware_tell_their_progress(central, station):
    log = {"remoteLocation": "https://example.org/log"}
    await central.ask("GetLog", {"requestId": 1, "logType": "DiagnosticsLog", "log": log})
    assert (await central.next_call("LogStatusNotification"))["status"] == "Uploading"
    firmware = {"location": "https://example.org/f", "retrieveDateTime": "2030-01-01T00:00:00Z"}
    await central.ask("UpdateFirmware", {"requestId": 2, "firmware": firmware})
    assert (await central.next_call("FirmwareStatusNotification"))["requestId"] == 2
