"""The words of OCPP 2.0.1: what the station sends, and how it answers the central system."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from ocpp.v201 import call, call_result, datatypes, enums

from stations.simulator.point import answers
from stations.simulator.state import Evse, Reading, Session, as_text
from stations.simulator.v201_extras import ExtrasV201
from stations.simulator.v201_variables import VariablesV201

# Statuses that 2.0.1 has no finer word for.
OCCUPIED = frozenset({"Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"})
CONNECTOR_ID = 1
REASONS = {
    "HardReset": "ImmediateReset",
    "SoftReset": "ImmediateReset",
    "UnlockCommand": "Other",
}
TRIGGERS = {
    "DeAuthorized": "Deauthorized",
    "EVDisconnected": "EVDeparted",
    "HardReset": "ResetCommand",
    "Local": "StopAuthorized",
    "Remote": "RemoteStop",
    "SoftReset": "ResetCommand",
    "UnlockCommand": "UnlockCommand",
}


class WordsV201(VariablesV201, ExtrasV201):
    """OCPP 2.0.1."""

    version = "2.0.1"
    subprotocol = "ocpp2.0.1"
    stop_on_invalid_id = "TxCtrlr.StopTxOnInvalidId"
    authorize_remote_start = "AuthCtrlr.AuthorizeRemoteStart"

    def boot(self, reason: str) -> call.BootNotification:
        return call.BootNotification(
            reason=enums.BootReasonEnumType(reason),
            charging_station=datatypes.ChargingStationType(
                vendor_name=self.host.vendor,
                model=self.host.model,
                serial_number=self.host.serial,
                firmware_version=self.host.firmware,
            ),
        )

    def heartbeat(self) -> call.Heartbeat:
        return call.Heartbeat()

    def statuses(self, evse: Evse) -> list[Any]:
        events = [self.problem_event(evse)] if evse.error_code != "NoError" else []
        if evse.evse_id == 0:
            return events
        notification = call.StatusNotification(
            timestamp=as_text(self.host.now()),
            connector_status=enums.ConnectorStatusEnumType(self.shown_word(evse)),
            evse_id=evse.evse_id,
            connector_id=CONNECTOR_ID,
        )
        return [notification, *events]

    def shown_word(self, evse: Evse) -> str:
        """The status of an EVSE in words of 2.0.1."""
        status = self.host.shown_status(evse)
        return "Occupied" if status in OCCUPIED else status

    def authorize(self, id_tag: str) -> call.Authorize:
        return call.Authorize(id_token=_id_token(id_tag))

    def id_status(self, answer: dict[str, Any]) -> str:
        return str(answer.get("idTokenInfo", {}).get("status", ""))

    def begun(self, session: Session, *, offline: bool) -> Callable[[], call.TransactionEvent]:
        session.transaction_id = str(uuid4())
        reading = Reading(
            read_at=session.started_at,
            energy_wh=session.meter_start_wh,
            context="Transaction.Begin",
        )
        trigger = "RemoteStart" if session.is_remote else "Authorized"
        event = _event("Started", trigger, session, reading, offline=offline)
        event.id_token = _id_token(session.id_tag)
        return lambda: event

    def learn(self, session: Session, answer: dict[str, Any]) -> None:
        session.id_status = self.id_status(answer)

    def metered(
        self, session: Session, reading: Reading, *, offline: bool
    ) -> Callable[[], call.TransactionEvent]:
        event = _event("Updated", "MeterValuePeriodic", session, reading, offline=offline)
        return lambda: event

    def ended(
        self, session: Session, reading: Reading, *, offline: bool
    ) -> Callable[[], call.TransactionEvent]:
        reason = session.stop_reason or "Local"
        trigger = TRIGGERS.get(reason, "AbnormalCondition")
        event = _event("Ended", trigger, session, reading, offline=offline)
        stopped_reason = enums.ReasonEnumType(REASONS.get(reason, reason))
        event.transaction_info.stopped_reason = stopped_reason
        event.id_token = _id_token(session.id_tag)
        return lambda: event

    def meter_values(self, evse_id: int, reading: Reading) -> call.MeterValues:
        return call.MeterValues(evse_id=evse_id, meter_value=[_meter_value(reading)])

    @answers("ChangeAvailability")
    def on_change_availability(
        self, *, operational_status: str, evse: dict[str, Any] | None = None, **_: object
    ) -> call_result.ChangeAvailability:
        evse_id = evse["id"] if evse else 0
        operative = operational_status == "Operative"
        outcome = self.host.change_availability([evse_id], operative=operative)
        status = enums.ChangeAvailabilityStatusEnumType(outcome)
        return call_result.ChangeAvailability(status)

    @answers("RequestStartTransaction")
    def on_remote_start(
        self,
        *,
        id_token: dict[str, Any],
        remote_start_id: int,
        evse_id: int | None = None,
        **_: object,
    ) -> call_result.RequestStartTransaction:
        outcome = self.host.remote_start(
            evse_id, id_token["id_token"], remote_start_id=remote_start_id
        )
        status = enums.RequestStartStopStatusEnumType(outcome)
        return call_result.RequestStartTransaction(status)

    @answers("RequestStopTransaction")
    def on_remote_stop(
        self, *, transaction_id: str, **_: object
    ) -> call_result.RequestStopTransaction:
        outcome = self.host.remote_stop(transaction_id)
        return call_result.RequestStopTransaction(enums.RequestStartStopStatusEnumType(outcome))

    @answers("Reset")
    def on_reset(self, *, type: str, **_: object) -> call_result.Reset:
        outcome = self.host.restart(hard=type == "Immediate", when_idle=type == "OnIdle")
        return call_result.Reset(enums.ResetStatusEnumType(outcome))

    @answers("UnlockConnector")
    def on_unlock(self, *, evse_id: int, **_: object) -> call_result.UnlockConnector:
        status = enums.UnlockStatusEnumType
        evse = self.host.find_evse(evse_id)
        if evse is not None and evse.session is not None:
            return call_result.UnlockConnector(status.ongoing_authorized_transaction)
        known = self.host.unlock(evse_id)
        return call_result.UnlockConnector(status.unlocked if known else status.unknown_connector)

    @answers("TriggerMessage")
    def on_trigger(
        self, *, requested_message: str, evse: dict[str, Any] | None = None, **_: object
    ) -> call_result.TriggerMessage:
        asked = [self.host.find_evse(evse["id"])] if evse else self.host.all_evses()
        known = [each for each in asked if each is not None]
        word = self._trigger(requested_message, known) if known else "Rejected"
        return call_result.TriggerMessage(enums.TriggerMessageStatusEnumType(word))

    def _trigger(self, requested: str, evses: list[Evse]) -> str:
        match requested:
            case "BootNotification":
                self.host.defer(partial(self.host.boot, "Triggered"))
            case "Heartbeat":
                self.announce([self.heartbeat()])
            case "StatusNotification":
                self.announce(message for evse in evses for message in self.statuses(evse))
            case "MeterValues" | "TransactionEvent":
                for evse in evses:
                    self.host.defer(partial(self.host.sample, evse.evse_id))
            case "FirmwareStatusNotification":
                idle = enums.FirmwareStatusEnumType.idle
                self.announce([call.FirmwareStatusNotification(idle)])
            case "LogStatusNotification":
                self.announce([call.LogStatusNotification(enums.UploadLogStatusEnumType.idle)])
            case _:
                return "NotImplemented"
        return "Accepted"


def _id_token(id_tag: str) -> datatypes.IdTokenType:
    return datatypes.IdTokenType(id_token=id_tag, type=enums.IdTokenEnumType.iso14443)


def _event(
    kind: str, trigger: str, session: Session, reading: Reading, *, offline: bool
) -> call.TransactionEvent:
    """A TransactionEvent, numbered when it happens and not when it is sent."""
    state = enums.ChargingStateEnumType
    sequence_number = session.event_count
    session.event_count += 1
    return call.TransactionEvent(
        event_type=enums.TransactionEventEnumType(kind),
        timestamp=as_text(reading.read_at),
        trigger_reason=enums.TriggerReasonEnumType(trigger),
        seq_no=sequence_number,
        transaction_info=datatypes.TransactionType(
            transaction_id=str(session.transaction_id),
            charging_state=state.idle if kind == "Ended" else state.charging,
            remote_start_id=session.remote_start_id if kind == "Started" else None,
        ),
        offline=True if offline else None,
        evse=datatypes.EVSEType(id=session.evse_id, connector_id=CONNECTOR_ID),
        meter_value=[_meter_value(reading)],
    )


def _meter_value(reading: Reading) -> datatypes.MeterValueType:
    samples = (
        (reading.energy_wh, "Energy.Active.Import.Register", "Wh"),
        (reading.power_w, "Power.Active.Import", "W"),
    )
    return datatypes.MeterValueType(
        timestamp=as_text(reading.read_at),
        sampled_value=[
            datatypes.SampledValueType(
                value=float(value),
                context=enums.ReadingContextEnumType(reading.context),
                measurand=enums.MeasurandEnumType(measurand),
                location=enums.LocationEnumType.outlet,
                unit_of_measure=datatypes.UnitOfMeasureType(unit=unit),
            )
            for value, measurand, unit in samples
        ],
    )
