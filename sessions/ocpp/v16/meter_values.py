"""MeterValues of OCPP 1.6, section 4.7."""

from collections.abc import Sequence

from sessions.ocpp.v16.meter_readings import readings
from sessions.selectors import SessionById, SessionFacts, SessionsOf
from sessions.services.charging import need_sessions, sessions_of
from sessions.services.metering import record_readings
from sessions.services.repeats import is_repeat, message_key, need_claim
from stations.domain.facts import Address
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.v16.addresses import address_of
from stations.ocpp.work import Work
from stations.selectors import load_connectors

MAX_TRANSACTION_ID = 2**31 - 1


def needs(calls: Sequence[StationCall], work: Work) -> None:
    work.need(load_connectors, (call.station.id for call in calls))
    for call in calls:
        need_sessions(work, SessionsOf(call.station.id))
        transaction_id = int(call.payload.get("transactionId") or 0)
        if 0 < transaction_id <= MAX_TRANSACTION_ID:
            need_sessions(work, SessionById(transaction_id))
        call.key = _key(call)
        need_claim(work, call.station.id, call.key)


def handle(call: StationCall, work: Work) -> Answer:
    address = address_of(int(call.payload["connectorId"]))
    session = _session(call, work, address)
    call.session = session.reference if session else None
    if not is_repeat(work, call.station.id, call.key):
        record_readings(
            work,
            call.station,
            session,
            readings(call.payload["meterValue"], work.now),
            address=address,
        )
    return {}


def _session(call: StationCall, work: Work, address: Address) -> SessionFacts | None:
    """The session of the transaction id; where the station names none, that of the connector."""
    known = sessions_of(work)
    transaction_id = int(call.payload.get("transactionId") or 0)
    if transaction_id > 0:
        return known.by_id(call.station, transaction_id)
    connector = work.loaded(load_connectors)[call.station.id].find(address)
    if connector is None:
        return None
    running = known.open_of(call.station.id)
    return next((each for each in running if each.evse_id == connector.evse_id), None)


def _key(call: StationCall) -> int:
    told = call.payload
    return message_key(told.get("transactionId"), told["connectorId"], told["meterValue"])
