"""TransactionEvent of OCPP 2.0.1, use cases E01 to E15: a transaction's life, event by event."""

from collections.abc import Sequence
from typing import Any

from sessions.ocpp.v201.meter_readings import readings
from sessions.ocpp.v201.words import CHARGING_STATES, token_info
from sessions.selectors import SessionsOf, SessionStartedAs
from sessions.services.authorizing import decide, need_tokens
from sessions.services.charging import need_sessions
from sessions.services.repeats import is_repeat, message_key, need_claim
from sessions.services.transaction_events import Event, EventType, record_event
from stations.domain.facts import MAX_CONNECTORS, Address
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.values import believed_time
from stations.ocpp.work import Work
from stations.selectors import load_connectors


def needs(calls: Sequence[StationCall], work: Work) -> None:
    need_tokens(work, (_token_uid(call.payload) for call in calls))
    work.need(load_connectors, (call.station.id for call in calls))
    for call in calls:
        station_id = call.station.id
        key = SessionStartedAs(station_id, _start_key(call.payload))
        need_sessions(work, SessionsOf(station_id), key)
        call.key = _key(call.payload)
        need_claim(work, station_id, call.key)


def handle(call: StationCall, work: Work) -> Answer:
    told = call.payload
    token_uid = _token_uid(told)
    decision = decide(work, call.station, token_uid) if token_uid else None
    transaction = told["transactionInfo"]
    is_again = is_repeat(work, call.station.id, call.key)
    session = record_event(
        work,
        call.station,
        Event(
            type=EventType(told["eventType"]),
            start_key=_start_key(told),
            at=believed_time(told["timestamp"], work.now),
            seq_no=told["seqNo"],
            address=_address(told.get("evse")),
            token_uid=token_uid,
            decision=decision,
            charging_state=CHARGING_STATES.get(transaction.get("chargingState") or "", ""),
            stop_reason=transaction.get("stoppedReason") or "Local",
            remote_start_id=transaction.get("remoteStartId"),
            readings=readings(told.get("meterValue"), work.now),
        ),
        is_repeat=is_again,
    )
    call.session = session.reference
    if decision is None:
        return {}
    answered = session.authorization if is_again and session.token_uid == token_uid else None
    return {"idTokenInfo": token_info(answered or decision.status)}


def _token_uid(told: dict[str, Any]) -> str:
    return str((told.get("idToken") or {}).get("idToken") or "")


def _start_key(told: dict[str, Any]) -> str:
    return f"tx:{told['transactionInfo']['transactionId']}"[:128]


def _key(told: dict[str, Any]) -> int:
    """A repeat has the same transaction, number, type and time (E04, E13)."""
    transaction_id = told["transactionInfo"]["transactionId"]
    return message_key(transaction_id, told["seqNo"], told["eventType"], told["timestamp"])


def _address(evse: dict[str, Any] | None) -> Address | None:
    """An event is always taken, so an EVSE that cannot be is left out."""
    if evse is None:
        return None
    address = Address(evse["id"], evse.get("connectorId") or 0)
    is_possible = all(0 <= number <= MAX_CONNECTORS for number in address)
    return address if is_possible else None
