"""MeterValues of OCPP 2.0.1, use case J01: readings outside a transaction."""

from collections.abc import Sequence

from sessions.ocpp.v201.meter_readings import readings
from sessions.services.metering import record_readings
from sessions.services.repeats import is_repeat, message_key, need_claim
from stations.domain.facts import MAX_CONNECTORS, Address
from stations.ocpp.errors import CallRefused, ErrorCode
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work


def needs(calls: Sequence[StationCall], work: Work) -> None:
    for call in calls:
        call.key = _key(call)
        need_claim(work, call.station.id, call.key)


def handle(call: StationCall, work: Work) -> Answer:
    evse = call.payload["evseId"]
    if not 0 <= evse <= MAX_CONNECTORS:
        raise CallRefused(ErrorCode.PROPERTY_CONSTRAINT_VIOLATION, "evseId is out of range")
    if not is_repeat(work, call.station.id, call.key):
        told = readings(call.payload["meterValue"], work.now)
        record_readings(work, call.station, None, told, address=Address(evse, 0))
    return {}


def _key(call: StationCall) -> int:
    return message_key(call.payload["evseId"], call.payload["meterValue"])
