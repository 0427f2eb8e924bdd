"""The words of OCPP 1.6: what the station sends, and how it answers the central system."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ocpp.v16 import call, call_result, enums
from ocpp.v16.datatypes import KeyValue, MeterValue, SampledValue

from stations.simulator.configuration import Setting, Settings, WriteOutcome, settings_v16
from stations.simulator.point import answers
from stations.simulator.state import Evse, Reading, Session, as_text
from stations.simulator.v16_extras import ExtrasV16

# A station that never learned its transaction id writes this.
UNKNOWN_TRANSACTION_ID = -1


class WordsV16(ExtrasV16):
    """OCPP 1.6J."""

    version = "1.6"
    subprotocol = "ocpp1.6"
    stop_on_invalid_id = "StopTransactionOnInvalidId"
    authorize_remote_start = "AuthorizeRemoteTxRequests"

    def fresh_settings(self, evse_count: int) -> Settings:
        return settings_v16(evse_count)

    def boot(self, reason: str) -> call.BootNotification:
        return call.BootNotification(
            charge_point_vendor=self.host.vendor,
            charge_point_model=self.host.model,
            charge_point_serial_number=self.host.serial,
            firmware_version=self.host.firmware,
        )

    def heartbeat(self) -> call.Heartbeat:
        return call.Heartbeat()

    def statuses(self, evse: Evse) -> list[Any]:
        notification = call.StatusNotification(
            connector_id=evse.evse_id,
            error_code=enums.ChargePointErrorCode(evse.error_code),
            status=enums.ChargePointStatus(self.host.shown_status(evse)),
            timestamp=as_text(self.host.now()),
            info=evse.info,
        )
        return [notification]

    def authorize(self, id_tag: str) -> call.Authorize:
        return call.Authorize(id_tag=id_tag)

    def id_status(self, answer: dict[str, Any]) -> str:
        return str(answer.get("idTagInfo", {}).get("status", ""))

    def begun(self, session: Session, *, offline: bool) -> Callable[[], call.StartTransaction]:
        return lambda: call.StartTransaction(
            connector_id=session.evse_id,
            id_tag=session.id_tag,
            meter_start=session.meter_start_wh,
            timestamp=as_text(session.started_at),
        )

    def learn(self, session: Session, answer: dict[str, Any]) -> None:
        session.transaction_id = int(answer["transactionId"])
        session.id_status = self.id_status(answer)

    def metered(
        self, session: Session, reading: Reading, *, offline: bool
    ) -> Callable[[], call.MeterValues]:
        return lambda: call.MeterValues(
            connector_id=session.evse_id,
            transaction_id=_transaction_id(session),
            meter_value=[_meter_value(reading)],
        )

    def ended(
        self, session: Session, reading: Reading, *, offline: bool
    ) -> Callable[[], call.StopTransaction]:
        return lambda: call.StopTransaction(
            meter_stop=reading.energy_wh,
            timestamp=as_text(reading.read_at),
            transaction_id=_transaction_id(session),
            reason=enums.Reason(session.stop_reason or "Local"),
            id_tag=session.id_tag,
        )

    def meter_values(self, evse_id: int, reading: Reading) -> call.MeterValues:
        return call.MeterValues(connector_id=evse_id, meter_value=[_meter_value(reading)])

    @answers("ChangeAvailability")
    def on_change_availability(
        self, *, connector_id: int, type: str, **_: object
    ) -> call_result.ChangeAvailability:
        evses = [self.host.find_evse(0), *self.host.all_evses()] if connector_id == 0 else []
        numbers = [evse.evse_id for evse in evses if evse] or [connector_id]
        outcome = self.host.change_availability(numbers, operative=type == "Operative")
        return call_result.ChangeAvailability(enums.AvailabilityStatus(outcome))

    @answers("ChangeConfiguration")
    def on_change_configuration(
        self, *, key: str, value: str, **_: object
    ) -> call_result.ChangeConfiguration:
        outcome = self.host.settings.write(key, value)
        if outcome is WriteOutcome.ACCEPTED and key == "AuthorizationKey":
            self.host.password = bytes.fromhex(value)
        word = "NotSupported" if outcome is WriteOutcome.UNKNOWN else str(outcome)
        return call_result.ChangeConfiguration(enums.ConfigurationStatus(word))

    @answers("GetConfiguration")
    def on_get_configuration(
        self, *, key: Sequence[str] = (), **_: object
    ) -> call_result.GetConfiguration:
        settings = self.host.settings
        asked = {name: settings.find(name) for name in key or settings}
        return call_result.GetConfiguration(
            configuration_key=[
                _key_value(name, setting)
                for name, setting in asked.items()
                if setting is not None and not setting.write_only
            ],
            unknown_key=[name for name, setting in asked.items() if setting is None],
        )

    @answers("RemoteStartTransaction")
    def on_remote_start(
        self, *, id_tag: str, connector_id: int | None = None, **_: object
    ) -> call_result.RemoteStartTransaction:
        outcome = self.host.remote_start(connector_id, id_tag)
        return call_result.RemoteStartTransaction(enums.RemoteStartStopStatus(outcome))

    @answers("RemoteStopTransaction")
    def on_remote_stop(
        self, *, transaction_id: int, **_: object
    ) -> call_result.RemoteStopTransaction:
        outcome = self.host.remote_stop(transaction_id)
        return call_result.RemoteStopTransaction(enums.RemoteStartStopStatus(outcome))

    @answers("Reset")
    def on_reset(self, *, type: str, **_: object) -> call_result.Reset:
        outcome = self.host.restart(hard=type == "Hard")
        return call_result.Reset(enums.ResetStatus(outcome))

    @answers("UnlockConnector")
    def on_unlock(self, *, connector_id: int, **_: object) -> call_result.UnlockConnector:
        word = "Unlocked" if self.host.unlock(connector_id) else "UnlockFailed"
        return call_result.UnlockConnector(enums.UnlockStatus(word))

    @answers("TriggerMessage")
    def on_trigger(
        self, *, requested_message: str, connector_id: int | None = None, **_: object
    ) -> call_result.TriggerMessage:
        word = self._trigger(requested_message, connector_id)
        return call_result.TriggerMessage(enums.TriggerMessageStatus(word))

    @answers("ExtendedTriggerMessage")
    def on_extended_trigger(
        self, *, requested_message: str, connector_id: int | None = None, **_: object
    ) -> call_result.ExtendedTriggerMessage:
        word = self._trigger(requested_message, connector_id)
        return call_result.ExtendedTriggerMessage(enums.TriggerMessageStatus(word))

    def _trigger(self, requested: str, connector_id: int | None) -> str:
        host = self.host
        evses = [host.find_evse(connector_id)] if connector_id is not None else host.all_evses()
        known = [evse for evse in evses if evse is not None]
        match requested:
            case "BootNotification":
                host.defer(host.boot)
            case "Heartbeat":
                self.announce([self.heartbeat()])
            case "StatusNotification":
                self.announce(message for evse in known for message in self.statuses(evse))
            case "MeterValues":
                for evse in known:
                    host.defer(partial(host.sample, evse.evse_id))
            case "FirmwareStatusNotification":
                self.announce([call.FirmwareStatusNotification(enums.FirmwareStatus.idle)])
            case "DiagnosticsStatusNotification":
                self.announce([call.DiagnosticsStatusNotification(enums.DiagnosticsStatus.idle)])
            case _:
                return "NotImplemented"
        return "Accepted" if known else "Rejected"


def _transaction_id(session: Session) -> int:
    return UNKNOWN_TRANSACTION_ID if session.transaction_id is None else int(session.transaction_id)


def _key_value(name: str, setting: Setting) -> KeyValue:
    return KeyValue(key=name, readonly=setting.read_only, value=setting.value)


def _meter_value(reading: Reading) -> MeterValue:
    samples = (
        (reading.energy_wh, "Energy.Active.Import.Register", "Wh"),
        (reading.power_w, "Power.Active.Import", "W"),
    )
    return MeterValue(
        timestamp=as_text(reading.read_at),
        sampled_value=[
            SampledValue(
                value=str(value),
                context=enums.ReadingContext(reading.context),
                measurand=enums.Measurand(measurand),
                location=enums.Location.outlet,
                unit=enums.UnitOfMeasure(unit),
            )
            for value, measurand, unit in samples
        ],
    )
