"""A simulated station behaves alike in both versions."""

import asyncio
from datetime import UTC, datetime

import pytest

from stations.simulator.behaviour import Behaviour
from stations.simulator.state import CallRefused, NotConnected, SessionRefused
from stations.simulator.station import SimulatedStation

VERSIONS = ("1.6", "2.0.1")


@pytest.fixture(params=VERSIONS)
async def station(request, central):
    async with SimulatedStation(central.url, "CS 1", request.param) as station:
        await station.boot()
        yield station


def is_v16(station):
    return station.version == "1.6"


def availability(station, evse_id, *, operative):
    word = "Operative" if operative else "Inoperative"
    if is_v16(station):
        return {"connectorId": evse_id, "type": word}
    return {"operationalStatus": word} | ({"evse": {"id": evse_id}} if evse_id else {})


def shown(central, station, evse_id):
    """What the central system knows last of an EVSE."""
    key = "connectorId" if is_v16(station) else "evseId"
    word = "status" if is_v16(station) else "connectorStatus"
    reports = [p for p in central.payloads("StatusNotification") if p[key] == evse_id]
    return reports[-1][word]


def transaction_calls(central, station):
    if is_v16(station):
        names = {"StartTransaction", "MeterValues", "StopTransaction"}
        return [payload for name, payload in central.calls if name in names]
    return central.payloads("TransactionEvent")


def start_payload(station):
    if is_v16(station):
        return "RemoteStartTransaction", {"connectorId": 1, "idTag": "TAG"}
    token = {"idToken": "TAG", "type": "ISO14443"}
    return "RequestStartTransaction", {"evseId": 1, "remoteStartId": 9, "idToken": token}


def stop_action(station):
    return "RemoteStopTransaction" if is_v16(station) else "RequestStopTransaction"


async def test_boot_tells_who_it_is_and_reports_every_connector(central, station):
    boot = central.payloads("BootNotification")[0]
    names = boot if is_v16(station) else boot["chargingStation"]
    assert names["chargePointVendor" if is_v16(station) else "vendorName"] == "Simulated"
    assert len(central.payloads("StatusNotification")) == (3 if is_v16(station) else 2)
    assert central.sockets[0].request.path == "/ocpp/CS%201"


async def test_a_pending_station_reports_nothing(central):
    central.boot_status = "Pending"
    async with SimulatedStation(central.url, "CS1") as station:
        assert (await station.boot())["status"] == "Pending"
    assert central.payloads("StatusNotification") == []


async def test_station_starts_nothing_before_it_has_booted(central):
    async with SimulatedStation(central.url, "CS1") as station:
        with pytest.raises(SessionRefused):
            await station.start(1, "TAG")


async def test_password_is_sent_as_basic_auth(central):
    async with SimulatedStation(central.url, "CS1", password=b"\xff:x"):
        assert central.basic_auth() == b"CS1:\xff:x"


async def test_session_runs_from_available_to_available(central, station):
    session = await station.start(1, "TAG", meter_wh=1000)
    await station.meter(1, 1500, power_w=11000)
    await station.stop(1)
    assert len(transaction_calls(central, station)) == 3
    assert session.id_status == "Accepted"
    assert shown(central, station, 1) == "Available"


async def test_session_with_refused_token_ends_at_once(central, station):
    central.id_status = "Invalid"
    session = await station.start(1, "TAG")
    assert session.stop_reason == "DeAuthorized"
    assert station.evse(1).session is None


async def test_authorize_and_heartbeat_are_answered(central, station):
    assert await station.authorize("TAG") == "Accepted"
    assert (await station.heartbeat())["currentTime"] == "2030-01-01T00:00:00Z"


async def test_fault_is_reported_with_its_code(central, station):
    await station.set_status(1, "Faulted", "HighTemperature", "42 degrees")
    assert shown(central, station, 1) == "Faulted"
    if is_v16(station):
        assert central.payloads("StatusNotification")[-1]["errorCode"] == "HighTemperature"
    else:
        event = central.payloads("NotifyEvent")[0]["eventData"][0]
        assert event["techCode"] == "HighTemperature"


async def test_idle_evse_goes_out_of_service_and_back(central, station):
    off = availability(station, 1, operative=False)
    assert (await central.ask("ChangeAvailability", off))["status"] == "Accepted"
    await station.wait_until(lambda: shown(central, station, 1) == "Unavailable")
    with pytest.raises(SessionRefused):
        await station.start(1, "TAG")
    on = availability(station, 1, operative=True)
    assert (await central.ask("ChangeAvailability", on))["status"] == "Accepted"
    await station.wait_until(lambda: shown(central, station, 1) == "Available")


async def test_whole_station_goes_out_of_service(central, station):
    await central.ask("ChangeAvailability", availability(station, 0, operative=False))
    await station.wait_until(lambda: shown(central, station, 2) == "Unavailable")
    assert shown(central, station, 1) == "Unavailable"


async def test_charging_evse_goes_out_of_service_when_its_session_ends(central, station):
    await station.start(1, "TAG")
    off = availability(station, 1, operative=False)
    assert (await central.ask("ChangeAvailability", off))["status"] == "Scheduled"
    assert station.evse(1).operative
    await station.stop(1)
    assert shown(central, station, 1) == "Unavailable"
    assert not station.evse(1).operative


async def test_scheduled_station_takes_no_new_session_meanwhile(central, station):
    await station.start(1, "TAG")
    off = availability(station, 0, operative=False)
    assert (await central.ask("ChangeAvailability", off))["status"] == "Scheduled"
    await station.wait_until(lambda: shown(central, station, 2) == "Unavailable")
    with pytest.raises(SessionRefused):
        await station.start(2, "TAG")


async def test_unknown_evse_is_rejected(central, station):
    off = availability(station, 9, operative=False)
    assert (await central.ask("ChangeAvailability", off))["status"] == "Rejected"


@pytest.mark.parametrize("kind", [0, 1])
async def test_reset_boots_again_and_keeps_availability(central, station, kind):
    kinds = ("Soft", "Hard") if is_v16(station) else ("OnIdle", "Immediate")
    await central.ask("ChangeAvailability", availability(station, 2, operative=False))
    assert (await central.ask("Reset", {"type": kinds[kind]}))["status"] == "Accepted"
    await station.wait_until(lambda: station.boots == 2)
    assert len(central.sockets) == 2
    assert shown(central, station, 2) == "Unavailable"


async def test_hard_reset_ends_the_session_after_the_boot(central, station):
    await station.start(1, "TAG")
    await central.ask("Reset", {"type": "Hard" if is_v16(station) else "Immediate"})
    await station.wait_until(lambda: station.boots == 2)
    names = [name for name, _ in central.calls]
    ending = "StopTransaction" if is_v16(station) else "TransactionEvent"
    assert names[::-1].index(ending) < names[::-1].index("BootNotification")
    assert not station.has_queued_messages


async def test_reset_on_idle_waits_for_the_session(central):
    async with SimulatedStation(central.url, "CS1", "2.0.1") as station:
        await station.boot()
        await station.start(1, "TAG")
        assert (await central.ask("Reset", {"type": "OnIdle"}))["status"] == "Scheduled"
        await station.stop(1)
        await station.wait_until(lambda: station.boots == 2)


async def test_remote_start_and_stop_run_a_session(central, station):
    action, payload = start_payload(station)
    assert (await central.ask(action, payload))["status"] == "Accepted"
    await station.wait_until(lambda: station.evse(1).status == "Charging")
    transaction = {"transactionId": station.evse(1).session.transaction_id}
    assert (await central.ask(stop_action(station), transaction))["status"] == "Accepted"
    await station.wait_until(lambda: station.evse(1).status == "Available")
    last = transaction_calls(central, station)[-1]
    assert last.get("reason") == "Remote" or last["triggerReason"] == "RemoteStop"


async def test_remote_start_is_rejected_out_of_service(central, station):
    await central.ask("ChangeAvailability", availability(station, 1, operative=False))
    action, payload = start_payload(station)
    assert (await central.ask(action, payload))["status"] == "Rejected"


async def test_remote_stop_of_an_unknown_transaction_is_rejected(central, station):
    transaction = {"transactionId": 5 if is_v16(station) else "5"}
    assert (await central.ask(stop_action(station), transaction))["status"] == "Rejected"


async def test_offline_session_is_delivered_later_with_its_own_times(central, station):
    started_at = datetime(2030, 1, 1, 8, tzinfo=UTC)
    stopped_at = datetime(2030, 1, 1, 9, tzinfo=UTC)
    await station.drop()
    await station.start(1, "TAG", timestamp=started_at)
    await station.meter(1, 500, timestamp=started_at)
    await station.stop(1, timestamp=stopped_at)
    assert station.has_queued_messages
    await station.reconnect()
    first, middle, last = transaction_calls(central, station)
    assert first["timestamp"] == "2030-01-01T08:00:00.000Z"
    assert last["timestamp"] == "2030-01-01T09:00:00.000Z"
    if is_v16(station):
        assert middle["transactionId"] == last["transactionId"] == 701
    else:
        assert [event["seqNo"] for event in (first, middle, last)] == [0, 1, 2]
        assert all(event["offline"] for event in (first, middle, last))


async def test_message_cut_off_before_its_answer_is_sent_again(central, station):
    action = "StartTransaction" if is_v16(station) else "TransactionEvent"
    central.unanswered = {action}
    starting = asyncio.create_task(station.start(1, "TAG"))
    await central.next_call(action)
    await station.drop()
    await starting
    central.unanswered = set()
    await station.reconnect()
    first, second = central.payloads(action)
    assert first == second


async def test_status_changed_offline_is_reported_after_reconnect(central, station):
    await station.drop()
    await station.plug_in(1)
    await station.reconnect()
    assert shown(central, station, 1) == ("Preparing" if is_v16(station) else "Occupied")


async def test_status_cut_off_before_its_answer_is_reported_again(central, station):
    central.unanswered = {"StatusNotification"}
    plugging = asyncio.create_task(station.plug_in(1))
    while shown(central, station, 1) == "Available":
        await central.next_status()
    await station.drop()
    await plugging
    central.unanswered = set()
    count = len(central.payloads("StatusNotification"))
    await station.reconnect()
    assert len(central.payloads("StatusNotification")) == count + 1


async def test_odd_frames_of_the_central_system_do_no_harm(central, station):
    for text in ("no json", "[3,[],{}]", '[2,"x"]', "{}"):
        await central.sockets[-1].send(text)
        assert await station.next_raw() == text
    await station.heartbeat()


async def test_wait_for_hands_out_each_call_once(central, station):
    waiting = asyncio.create_task(station.wait_for("ClearCache"))
    await central.ask("ClearCache", {})
    assert await waiting == {}
    with pytest.raises(TimeoutError):
        await station.wait_for("ClearCache", timeout=0.01)
    await central.ask("ClearCache", {})
    assert await station.wait_for("ClearCache") == {}
    assert [call.action for call in station.received] == ["ClearCache", "ClearCache"]


async def test_refused_call_raises_with_its_code(central, station):
    with pytest.raises(CallRefused, match="no such action") as caught:
        await station.call("Nonsense", {})
    assert caught.value.code == "NotImplemented"


async def test_raw_frames_go_out_and_come_back(central, station):
    await station.send_raw('[2,"raw-1","Heartbeat",{}]')
    assert await station.next_raw() == '[3, "raw-1", {"currentTime": "2030-01-01T00:00:00Z"}]'


async def test_close_by_the_central_system_is_seen(central, station):
    await central.sockets[-1].close(1008)
    await station.wait_closed()
    assert station.close_code == 1008
    with pytest.raises(NotConnected):
        await station.next_raw()
    with pytest.raises(NotConnected):
        await station.heartbeat()


async def test_unlock_opens_the_connector(central, station):
    payload = {"connectorId": 1} | ({} if is_v16(station) else {"evseId": 1})
    assert (await central.ask("UnlockConnector", payload))["status"] == "Unlocked"


async def test_trigger_sends_what_is_asked(central, station):
    answer = await central.ask("TriggerMessage", {"requestedMessage": "Heartbeat"})
    assert answer["status"] == "Accepted"
    await central.next_call("Heartbeat")
    await central.ask("TriggerMessage", {"requestedMessage": "MeterValues"})
    await central.next_call("MeterValues")


async def test_unknown_action_is_refused_by_the_station(central, station):
    kind, _, code, *_ = await central.call("Nonsense", {})
    assert (kind, code) == (4, "NotSupported")


async def test_payload_against_the_schema_is_refused_by_the_station(central, station):
    kind, *_ = await central.call("Reset", {"type": 5})
    assert kind == 4


@pytest.mark.parametrize("version", VERSIONS)
async def test_rejecting_station_says_no(central, version):
    behaviour = Behaviour(rejects={"ClearCache", "GetLocalListVersion"})
    async with SimulatedStation(central.url, "CS1", version, behaviour=behaviour) as station:
        await station.heartbeat()
        assert (await central.ask("ClearCache", {}))["status"] == "Rejected"
        assert (await central.call("GetLocalListVersion", {}))[2] == "NotSupported"


async def test_silent_station_gives_no_answer(central, station):
    station.behaviour.silent = {"ClearCache"}
    asking = asyncio.create_task(central.call("ClearCache", {}))
    await station.wait_for("ClearCache")
    await central.ask("GetLocalListVersion", {})
    assert not asking.done()
    asking.cancel()


async def test_late_station_answers_after_others(central, station):
    station.behaviour.late_s = {"ClearCache": 0.05}
    late = asyncio.create_task(central.call("ClearCache", {}))
    await station.wait_for("ClearCache")
    await central.ask("GetLocalListVersion", {})
    assert not late.done()
    assert (await late)[2] == {"status": "Accepted"}


async def test_station_may_accept_availability_and_ignore_it(central, station):
    station.behaviour.ignores_availability = True
    off = availability(station, 1, operative=False)
    assert (await central.ask("ChangeAvailability", off))["status"] == "Accepted"
    assert station.evse(1).operative


async def test_clock_may_be_wrong(central, station):
    station.behaviour.clock_offset = datetime(1970, 1, 1, tzinfo=UTC) - datetime.now(UTC)
    await station.plug_in(1)
    timestamp = central.payloads("StatusNotification")[-1]["timestamp"]
    assert timestamp.startswith(("1969-12-31T23:59", "1970-01-01T00:00"))


async def test_pipelined_boot_does_not_wait(central):
    central.unanswered = {"BootNotification"}
    behaviour = Behaviour(pipelined_boot=True)
    async with SimulatedStation(central.url, "CS1", behaviour=behaviour) as station:
        booting = asyncio.create_task(station.boot())
        await central.next_status()
        assert not booting.done()
        await station.drop()
        with pytest.raises(NotConnected):
            await booting
