"""The messages of a benchmark: what a station boots with, and one session after another."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

# An action and its payload as JSON text.
Frame = tuple[str, str]
METER_SAMPLES = 8
SAMPLE_WH = 183


class BareStation:
    """The little that a station must remember to send plausible frames."""

    def __init__(self, identity: str, id_tag: str) -> None:
        self.identity = identity
        self.id_tag = id_tag
        self.energy_wh = 0
        self.transaction_id: str | int = 0
        self.sequence_number = 0
        self._run = uuid4().hex[:12]
        self._message_count = 0

    def next_message_id(self) -> str:
        """A message id that no other run has used."""
        self._message_count += 1
        return f"{self._run}-{self._message_count}"

    def learn(self, payload: Any) -> None:
        """Take the transaction id out of an answer."""
        self.transaction_id = payload.get("transactionId", self.transaction_id)


Builder = Callable[[BareStation], Frame]


class Mix(NamedTuple):
    """The frames of one version."""

    boot: tuple[Builder, ...]
    session: tuple[Builder, ...]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _heartbeat(_: BareStation) -> Frame:
    return "Heartbeat", "{}"


def _boot_v16(station: BareStation) -> Frame:
    return "BootNotification", (
        '{"chargePointVendor":"Simulated","chargePointModel":"Bench",'
        f'"chargePointSerialNumber":"{station.identity[-25:]}"}}'
    )


def _status_v16(connector_id: int, status: str) -> Builder:
    head = f'{{"connectorId":{connector_id},"errorCode":"NoError","status":"{status}","timestamp":"'
    return lambda _: ("StatusNotification", f'{head}{_now()}"}}')


def _authorize_v16(station: BareStation) -> Frame:
    return "Authorize", f'{{"idTag":"{station.id_tag}"}}'


def _start_v16(station: BareStation) -> Frame:
    return "StartTransaction", (
        f'{{"connectorId":1,"idTag":"{station.id_tag}","meterStart":{station.energy_wh},'
        f'"timestamp":"{_now()}"}}'
    )


def _sample_v16(measurand: str, unit: str, value: object) -> str:
    return (
        f'{{"value":"{value}","context":"Sample.Periodic","measurand":"{measurand}",'
        f'"location":"Outlet","unit":"{unit}"}}'
    )


def _meter_v16(station: BareStation) -> Frame:
    station.energy_wh += SAMPLE_WH
    samples = ",".join(
        (
            _sample_v16("Energy.Active.Import.Register", "Wh", station.energy_wh),
            _sample_v16("Power.Active.Import", "W", 10980),
            _sample_v16("Current.Import", "A", 15.9),
            _sample_v16("Voltage", "V", 230.4),
        )
    )
    return "MeterValues", (
        f'{{"connectorId":1,"transactionId":{station.transaction_id},"meterValue":'
        f'[{{"timestamp":"{_now()}","sampledValue":[{samples}]}}]}}'
    )


def _stop_v16(station: BareStation) -> Frame:
    return "StopTransaction", (
        f'{{"transactionId":{station.transaction_id},"idTag":"{station.id_tag}",'
        f'"meterStop":{station.energy_wh},"timestamp":"{_now()}","reason":"Local"}}'
    )


def _boot_v201(station: BareStation) -> Frame:
    return "BootNotification", (
        '{"reason":"PowerUp","chargingStation":{"vendorName":"Simulated","model":"Bench",'
        f'"serialNumber":"{station.identity[-25:]}"}}}}'
    )


def _status_v201(status: str) -> Builder:
    tail = f'"connectorStatus":"{status}","evseId":1,"connectorId":1'
    return lambda _: ("StatusNotification", f'{{"timestamp":"{_now()}",{tail}}}')


def _token_v201(station: BareStation) -> str:
    return f'{{"idToken":"{station.id_tag}","type":"ISO14443"}}'


def _authorize_v201(station: BareStation) -> Frame:
    return "Authorize", f'{{"idToken":{_token_v201(station)}}}'


def _sample_v201(measurand: str, unit: str, value: object) -> str:
    return (
        f'{{"value":{value},"measurand":"{measurand}","location":"Outlet",'
        f'"unitOfMeasure":{{"unit":"{unit}"}}}}'
    )


def _event_v201(kind: str, trigger: str) -> Builder:
    def build(station: BareStation) -> Frame:
        if kind == "Started":
            station.transaction_id, station.sequence_number = uuid4().hex, 0
        else:
            station.sequence_number += 1
            station.energy_wh += SAMPLE_WH
        moment = _now()
        samples = ",".join(
            (
                _sample_v201("Energy.Active.Import.Register", "Wh", station.energy_wh),
                _sample_v201("Power.Active.Import", "W", 10980),
                _sample_v201("Current.Import", "A", 15.9),
                _sample_v201("Voltage", "V", 230.4),
            )
        )
        token = "" if kind == "Updated" else f',"idToken":{_token_v201(station)}'
        return "TransactionEvent", (
            f'{{"eventType":"{kind}","timestamp":"{moment}","triggerReason":"{trigger}",'
            f'"seqNo":{station.sequence_number},'
            f'"transactionInfo":{{"transactionId":"{station.transaction_id}"}},'
            f'"evse":{{"id":1,"connectorId":1}},'
            f'"meterValue":[{{"timestamp":"{moment}","sampledValue":[{samples}]}}]{token}}}'
        )

    return build


MIXES = {
    "1.6": Mix(
        boot=(_boot_v16, _status_v16(0, "Available"), _status_v16(1, "Available")),
        session=(
            _heartbeat,
            _status_v16(1, "Preparing"),
            _authorize_v16,
            _start_v16,
            _status_v16(1, "Charging"),
            *(METER_SAMPLES * (_meter_v16,)),
            _stop_v16,
            _status_v16(1, "Finishing"),
            _status_v16(1, "Available"),
        ),
    ),
    "2.0.1": Mix(
        boot=(_boot_v201, _status_v201("Available")),
        session=(
            _heartbeat,
            _status_v201("Occupied"),
            _authorize_v201,
            _event_v201("Started", "Authorized"),
            *(METER_SAMPLES * (_event_v201("Updated", "MeterValuePeriodic"),)),
            _event_v201("Ended", "StopAuthorized"),
            _status_v201("Available"),
        ),
    ),
}
