"""Tests of what is accepted from stations, and refused when we would send it ourselves."""

import copy
from typing import Any

import orjson
import pytest
from ocpp.v16 import enums as enums_16
from ocpp.v201 import enums as enums_201

from stations.domain.ocpp_version import OcppVersion
from stations.ocpp import schemas
from stations.ocpp.schemas import SchemaViolation
from stations.ocpp.tolerance import relaxed

V16, V201 = OcppVersion.V16, OcppVersion.V201
Payload = dict[str, Any]
AT = "2025-05-01T10:00:00Z"

STATUS_16: Payload = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
STATUS_201: Payload = {
    "timestamp": AT,
    "connectorStatus": "Available",
    "evseId": 1,
    "connectorId": 1,
}
BOOT_16: Payload = {"chargePointVendor": "ACME", "chargePointModel": "One"}
BOOT_201: Payload = {
    "reason": "PowerUp",
    "chargingStation": {"vendorName": "ACME", "model": "One"},
}
START_16: Payload = {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": AT}
STOP_16: Payload = {"transactionId": 1, "meterStop": 5, "timestamp": AT}
EVENT_201: Payload = {
    "eventType": "Ended",
    "timestamp": AT,
    "triggerReason": "EVDeparted",
    "seqNo": 3,
    "transactionInfo": {"transactionId": "t1"},
}
NULL_DATA: Payload = {"vendorId": "ACME", "data": None}


def sampled(value: Any = "1", **more: Any) -> list[Any]:
    return [{"timestamp": AT, "sampledValue": [{"value": value, **more}]}]


def meter_16(*args: Any, **more: Any) -> Payload:
    return {"connectorId": 1, "meterValue": sampled(*args, **more)}


def meter_201(value: Any = 1, **more: Any) -> Payload:
    return {"evseId": 1, "meterValue": sampled(value, **more)}


def stop_16(*args: Any, **more: Any) -> Payload:
    return STOP_16 | {"transactionData": sampled(*args, **more)}


def station_201(**more: Any) -> Payload:
    return BOOT_201 | {"chargingStation": BOOT_201["chargingStation"] | more}


def event_201(**more: Any) -> Payload:
    return EVENT_201 | {"transactionInfo": {"transactionId": "t1", **more}}


DEVIATIONS = [
    (V16, "StatusNotification", STATUS_16 | {"status": "Occupied"}),
    (V16, "StatusNotification", STATUS_16 | {"errorCode": "PlugMelted"}),
    (V16, "StatusNotification", STATUS_16 | {"vendorSpecial": {"a": [1]}}),
    (V16, "StatusNotification", STATUS_16 | {"timestamp": "01.05.2025 10:00"}),
    (V16, "StatusNotification", STATUS_16 | {"timestamp": None, "info": None}),
    (V16, "StatusNotification", STATUS_16 | {"info": "i" * 255, "vendorErrorCode": "e" * 255}),
    (V16, "BootNotification", BOOT_16 | {"chargePointVendor": "v" * 255}),
    (V16, "BootNotification", BOOT_16 | {"chargePointModel": "m" * 255}),
    (V16, "BootNotification", BOOT_16 | {"chargePointSerialNumber": "s" * 255}),
    (V16, "BootNotification", BOOT_16 | {"firmwareVersion": None, "iccid": "i" * 30}),
    (V16, "StartTransaction", START_16 | {"meterStart": "1234,5"}),
    (V16, "StartTransaction", START_16 | {"idTag": "i" * 255}),
    (V16, "StopTransaction", STOP_16 | {"idTag": "i" * 255}),
    (V16, "Authorize", {"idTag": "i" * 255}),
    (V16, "StartTransaction", START_16 | {"meterStart": 1234.5}),
    (V16, "StartTransaction", START_16 | {"timestamp": "1970-01-01 00:00:07", "extra": 1}),
    (V16, "StopTransaction", STOP_16 | {"meterStop": "17"}),
    (V16, "StopTransaction", STOP_16 | {"reason": "EVRejected"}),
    (V16, "StopTransaction", STOP_16 | {"reason": None, "idTag": None, "transactionData": None}),
    (V16, "StopTransaction", stop_16("OCMF|{}|{}", format="OCMF")),
    (V16, "StopTransaction", stop_16(measurand="Vendor.Thing", unit="Furlong", location="Roof")),
    (V16, "MeterValues", meter_16(measurand="Vendor.Thing")),
    (V16, "MeterValues", meter_16(unit="Celcius.")),
    (V16, "MeterValues", meter_16(context="Vendor", phase="L9", location="Roof")),
    (V16, "MeterValues", meter_16(230.1)),
    (V16, "MeterValues", meter_16(measurand=None, unit=None, vendor=True)),
    (V16, "DataTransfer", NULL_DATA),
    (
        V201,
        "StatusNotification",
        {key: STATUS_201[key] for key in STATUS_201 if key != "timestamp"},
    ),
    (V201, "StatusNotification", STATUS_201 | {"timestamp": None}),
    (V201, "StatusNotification", STATUS_201 | {"extra": 1}),
    (V201, "BootNotification", BOOT_201 | {"reason": "Vendor"}),
    (V201, "BootNotification", station_201(serialNumber="s" * 255, vendorName="v" * 255)),
    (V201, "BootNotification", station_201(model="m" * 255, modem=None)),
    (V201, "MeterValues", meter_201("1234,5")),
    (V201, "MeterValues", meter_201(measurand="Vendor", phase="L9", context="V", location="Roof")),
    (V201, "MeterValues", meter_201(unitOfMeasure={"unit": "u" * 255})),
    (V201, "TransactionEvent", EVENT_201 | {"triggerReason": "Vendor"}),
    (V201, "TransactionEvent", EVENT_201 | {"meterValue": [], "evse": None, "idToken": None}),
    (V201, "TransactionEvent", EVENT_201 | {"meterValue": sampled("7")}),
    (V201, "TransactionEvent", event_201(stoppedReason="Vendor")),
    (V201, "TransactionEvent", event_201(chargingState=None)),
]

CONFORMANT = [
    (V16, "StatusNotification", STATUS_16 | {"connectorId": 0}),
    (V16, "StopTransaction", STOP_16),
    (V16, "StopTransaction", stop_16("OCMF|{}|{}", format="SignedData")),
    (V16, "MeterValues", meter_16("21,5", unit="Celsius")),
    (V16, "MeterValues", meter_16("21.5", unit="Celcius")),
    (V16, "DataTransfer", {"vendorId": "ACME"}),
    (V201, "DataTransfer", NULL_DATA),
    (V201, "DataTransfer", {"vendorId": "ACME", "data": {"any": [1]}}),
    (V201, "StatusNotification", STATUS_201 | {"connectorStatus": "Occupied"}),
    (V201, "TransactionEvent", EVENT_201),
]

STILL_REFUSED = [
    (V16, "MeterValues", meter_16(None)),
    (V16, "MeterValues", {"connectorId": 1, "meterValue": []}),
    (V16, "MeterValues", meter_16(measurand="m" * 256)),
    (V16, "StartTransaction", START_16 | {"meterStart": "9" * 65}),
    (V16, "StartTransaction", START_16 | {"idTag": None}),
    (V16, "StartTransaction", START_16 | {"idTag": "i" * 256}),
    (V16, "StartTransaction", START_16 | {"connectorId": 1.5}),
    (V16, "StopTransaction", STOP_16 | {"transactionId": 1.5}),
    (V16, "BootNotification", BOOT_16 | {"chargePointVendor": "v" * 256}),
    (V201, "StatusNotification", STATUS_201 | {"connectorStatus": "Charging"}),
    (V201, "TransactionEvent", EVENT_201 | {"eventType": "Vendor"}),
    (V201, "TransactionEvent", EVENT_201 | {"seqNo": "3"}),
]


@pytest.mark.parametrize(("version", "action", "payload"), DEVIATIONS)
def test_a_known_deviation_is_accepted_from_stations_only(version, action, payload):
    schemas.validate_request(version, action, payload)
    with pytest.raises(SchemaViolation):
        schemas.validate_request(version, action, payload, strict=True)


@pytest.mark.parametrize(("version", "action", "payload"), CONFORMANT)
def test_what_the_standard_allows_passes_both_ways(version, action, payload):
    schemas.validate_request(version, action, payload)
    schemas.validate_request(version, action, payload, strict=True)


@pytest.mark.parametrize(("version", "action", "payload"), STILL_REFUSED)
def test_what_no_handler_could_use_stays_refused(version, action, payload):
    with pytest.raises(SchemaViolation):
        schemas.validate_request(version, action, payload)


WHOLE = [
    (V16, "StartTransaction", START_16 | {"connectorId": 1.0}),
    (V16, "StopTransaction", STOP_16 | {"transactionId": 1.0}),
    (V16, "MeterValues", meter_16() | {"connectorId": 1.0, "transactionId": 2.0}),
    (V16, "MeterValues", meter_16() | {"transactionId": None}),
]


@pytest.mark.parametrize(("version", "action", "payload"), WHOLE)
def test_a_whole_number_may_be_written_as_a_decimal_one(version, action, payload):
    schemas.validate_request(version, action, payload)


def test_answers_of_stations_are_relaxed_too():
    keys = [{"key": "HeartbeatInterval", "readonly": False, "value": None, "vendor": 1}]
    answer = {"configurationKey": keys, "unknownKey": None}
    schemas.validate_response(V16, "GetConfiguration", answer)
    with pytest.raises(SchemaViolation):
        schemas.validate_response(V16, "GetConfiguration", answer, strict=True)


WORDS_16 = [
    *(meter_16(measurand=word) for word in enums_16.Measurand),
    *(meter_16(unit=word) for word in enums_16.UnitOfMeasure),
    *(meter_16(context=word) for word in enums_16.ReadingContext),
    *(meter_16(location=word) for word in enums_16.Location),
    *(meter_16(phase=word) for word in enums_16.Phase),
    *(meter_16(format=word) for word in enums_16.ValueFormat),
]
WORDS_201 = [
    *(meter_201(measurand=word) for word in enums_201.MeasurandEnumType),
    *(meter_201(context=word) for word in enums_201.ReadingContextEnumType),
    *(meter_201(location=word) for word in enums_201.LocationEnumType),
    *(meter_201(phase=word) for word in enums_201.PhaseEnumType),
]
PLAIN_CASES = [
    *((V16, "MeterValues", payload) for payload in WORDS_16),
    *((V201, "MeterValues", payload) for payload in WORDS_201),
    *((V16, "StopTransaction", STOP_16 | {"reason": word}) for word in enums_16.Reason),
    *(
        (V16, "StatusNotification", STATUS_16 | {"status": status, "errorCode": code})
        for status in enums_16.ChargePointStatus
        for code in enums_16.ChargePointErrorCode
    ),
    *(
        (V201, "StatusNotification", STATUS_201 | {"connectorStatus": word})
        for word in enums_201.ConnectorStatusEnumType
    ),
    *(
        (V201, "TransactionEvent", EVENT_201 | {"triggerReason": word})
        for word in enums_201.TriggerReasonEnumType
    ),
    *(
        (V201, "TransactionEvent", event_201(stoppedReason=word))
        for word in enums_201.ReasonEnumType
    ),
    *(
        (V201, "BootNotification", BOOT_201 | {"reason": word})
        for word in enums_201.BootReasonEnumType
    ),
]


def test_every_word_of_the_standard_is_accepted():
    for version, action, payload in PLAIN_CASES:
        schemas.validate_request(version, action, orjson.loads(orjson.dumps(payload)))


def test_the_published_schema_is_not_changed():
    schema: Payload = {
        "definitions": {"Word": {"type": "string", "enum": ["a"]}},
        "type": "object",
        "properties": {
            "reason": {"$ref": "#/definitions/Word"},
            "list": {"$ref": "#/definitions/L"},
        },
        "additionalProperties": False,
    }
    schema["definitions"]["L"] = {"type": "array", "minItems": 1, "items": {"type": "integer"}}
    before = copy.deepcopy(schema)
    result = relaxed(schema, V201, "Anything")
    assert schema == before
    assert result["properties"]["reason"] == {"type": ["string", "null"], "maxLength": 255}
    assert "minItems" not in result["properties"]["list"]
