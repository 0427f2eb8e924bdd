"""StopTransaction of OCPP 1.6, section 4.10: always answered, for unknown ids too."""

from collections.abc import Sequence

from sessions.domain.authorization import token_key
from sessions.domain.metering import plausible_energy_wh
from sessions.ocpp.v16.meter_readings import readings
from sessions.ocpp.v16.meter_values import MAX_TRANSACTION_ID
from sessions.ocpp.v16.words import token_info
from sessions.selectors import SessionById, SessionFacts, SessionsOf, SessionStartedAs
from sessions.services.authorizing import decide, need_tokens
from sessions.services.charging import (
    PRESUMED_ENDED,
    Stop,
    keep_orphan,
    need_sessions,
    sessions_of,
    stop_session,
)
from sessions.services.metering import record_readings
from sessions.services.repeats import is_repeat, message_key, need_claim
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.values import believed_time, read_wh
from stations.ocpp.work import Work


def needs(calls: Sequence[StationCall], work: Work) -> None:
    need_tokens(work, (call.payload.get("idTag") or "" for call in calls))
    for call in calls:
        station_id, transaction_id = call.station.id, int(call.payload["transactionId"])
        orphan = SessionStartedAs(station_id, _orphan_key(call))
        need_sessions(work, SessionsOf(station_id), orphan)
        if 0 < transaction_id <= MAX_TRANSACTION_ID:
            need_sessions(work, SessionById(transaction_id))
        elif transaction_id <= 0:
            call.key = message_key(_orphan_key(call))
            need_claim(work, station_id, call.key)


def handle(call: StationCall, work: Work) -> Answer:
    told = call.payload
    token_uid = told.get("idTag") or ""
    # Only the transaction id tells what has been stopped already; without one, the message itself.
    if told["transactionId"] > 0 or not is_repeat(work, call.station.id, call.key):
        call.session = _stop_session(call, work, token_uid).reference
    if not token_uid:
        return {}
    return {"idTagInfo": token_info(decide(work, call.station, token_uid).status)}


def _stop_session(call: StationCall, work: Work, token_uid: str) -> SessionFacts:
    session = _session(call, work, token_uid)
    told_readings = readings(call.payload.get("transactionData"), work.now)
    if session is None:
        key = _orphan_key(call)
        session = sessions_of(work).started_as(call.station, key)
        if session is not None:
            return session
        session = keep_orphan(
            work, call.station, _stop(call, work), start_key=key, token_uid=token_uid
        )
        record_readings(work, call.station, session, told_readings, address=None)
    elif session.is_open or PRESUMED_ENDED in session.flags:
        record_readings(work, call.station, session, told_readings, address=None)
        stop_session(work, call.station, session, _stop(call, work))
    return session


def _stop(call: StationCall, work: Work) -> Stop:
    told = call.payload
    return Stop(
        at=believed_time(told["timestamp"], work.now),
        reason=told.get("reason") or "Local",
        meter_wh=plausible_energy_wh(read_wh(told["meterStop"], None)),
    )


def _session(call: StationCall, work: Work, token_uid: str) -> SessionFacts | None:
    """By transaction id; where it never reached the station (-1 or 0), by the token."""
    known = sessions_of(work)
    transaction_id = int(call.payload["transactionId"])
    if transaction_id > 0:
        return known.by_id(call.station, transaction_id)
    running = known.open_of(call.station.id)
    if token_uid:
        key = token_key(token_uid[:36])
        running = [session for session in running if token_key(session.token_uid) == key]
    found = running[0] if len(running) == 1 else None
    return found if token_uid or found is None or _is_after_start(call, work, found) else None


def _is_after_start(call: StationCall, work: Work, session: SessionFacts) -> bool:
    """A stop without a token, from the time offline, is not that of a session begun since."""
    return session.started_at is None or _stop(call, work).at >= session.started_at


def _orphan_key(call: StationCall) -> str:
    """What names a stop whose start we never saw, so that its repeat finds it."""
    told = call.payload
    return f"orphan:{int(told['transactionId'])}:{told['timestamp']}:{told['meterStop']}"[:128]
