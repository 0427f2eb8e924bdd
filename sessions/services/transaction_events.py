"""The events of one transaction, taken in whatever order and number they come (OCPP 2 stations).

Events may be lost, repeated, come late, or begin with one that is no start.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sessions.domain.authorization import Decision
from sessions.domain.metering import Reading
from sessions.domain.numbering import with_gap, without_number
from sessions.domain.words import AuthorizationStatus, ChargingState, SessionState
from sessions.selectors import SessionFacts
from sessions.services.charging import (
    START_LOST,
    Start,
    Stop,
    change_session,
    end_others,
    own_token_id,
    place_session,
    resume_session,
    sessions_of,
    start_session,
    stop_session,
)
from sessions.services.metering import record_readings
from stations.domain.command_effects import EffectSeen
from stations.domain.facts import Address, StationFacts
from stations.ocpp.work import Work


class EventType(StrEnum):
    """Where in a transaction an event stands."""

    STARTED = "Started"
    UPDATED = "Updated"
    ENDED = "Ended"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a transaction; the time is already made plausible."""

    type: EventType
    start_key: str
    at: datetime
    seq_no: int
    address: Address | None
    token_uid: str
    decision: Decision | None
    charging_state: str
    stop_reason: str
    remote_start_id: int | None
    readings: list[Reading]


def record_event(
    work: Work, station: StationFacts, event: Event, *, is_repeat: bool
) -> SessionFacts:
    """Open, update or end the session that the event is about; a repeat changes nothing."""
    session = sessions_of(work).started_as(station, event.start_key)
    if is_repeat and session is not None:
        return session
    if session is None:
        session = _open(work, station, event)
    else:
        _complete(work, station, session, event)
    record_readings(work, station, session, event.readings, address=event.address)
    is_newest = session.last_seq_no == event.seq_no
    if event.type is EventType.ENDED:
        stop_session(work, station, session, Stop(event.at, event.stop_reason, _last_wh(event)))
    elif event.charging_state and is_newest:
        _note_charging_state(work, session, event)
    return session


def _note_charging_state(work: Work, session: SessionFacts, event: Event) -> None:
    if event.charging_state == ChargingState.CHARGING:
        resume_session(work, session, seen_at=event.at)
    if session.is_open:
        change_session(work, session, charging_state=event.charging_state)


def _last_wh(event: Event) -> int | None:
    told = (reading.energy_wh for reading in reversed(event.readings))
    return next((energy_wh for energy_wh in told if energy_wh is not None), None)


def _open(work: Work, station: StationFacts, event: Event) -> SessionFacts:
    is_start = event.type is EventType.STARTED
    return start_session(
        work,
        station,
        Start(
            start_key=event.start_key,
            address=event.address,
            token_uid=event.token_uid,
            decision=event.decision,
            at=event.at,
            remote_start_id=event.remote_start_id,
            seq_no=event.seq_no,
            flags=[] if is_start else [START_LOST],
        ),
    )


def _complete(work: Work, station: StationFacts, session: SessionFacts, event: Event) -> None:
    """Add what earlier events did not tell: EVSE, token, start, and how far the numbers are."""
    if session.evse_id is None:
        place_session(work, station, session, event.address)
    values: dict[str, object] = {"last_message_at": work.now}
    if event.remote_start_id is not None:
        values["remote_start_id"] = event.remote_start_id
        work.effects.append(
            EffectSeen.session_start(station.id, remote_start_id=event.remote_start_id)
        )
    if event.decision is not None and _is_to_be_named(session, event.decision):
        _name_token(work, station, session, event, values)
    if event.type is EventType.STARTED and START_LOST in session.flags:
        _find_start(session, event, values)
    _count(session, event, values)
    change_session(work, session, **values)


def _is_to_be_named(session: SessionFacts, decision: Decision) -> bool:
    """The first token counts; where that was refused, the first that is accepted."""
    is_accepted = session.authorization is AuthorizationStatus.ACCEPTED
    return not session.token_uid or (not is_accepted and decision.is_accepted)


def _name_token(
    work: Work,
    station: StationFacts,
    session: SessionFacts,
    event: Event,
    values: dict[str, object],
) -> None:
    assert event.decision is not None  # noqa: S101 - the caller looked
    session.token_uid = event.token_uid[:36]
    session.authorization = event.decision.status
    values["token_uid"] = session.token_uid
    values["token_id"] = own_token_id(work, station, event.token_uid)
    values["authorization"] = event.decision.status
    values["authorization_reason"] = event.decision.reason
    if session.state is SessionState.REFUSED:
        session.state = SessionState.ACTIVE
        session.ended_at = None
        values |= {"state": session.state, "ended_at": None}
        end_others(work, session, session.evse_id)
        work.touched.sessions.add(station.id)


def _find_start(session: SessionFacts, event: Event, values: dict[str, object]) -> None:
    """The start came after what followed it: time and meter of the start are true now."""
    session.started_at = values["started_at"] = event.at
    session.flags = values["flags"] = [flag for flag in session.flags if flag != START_LOST]
    if any(reading.energy_wh is not None for reading in event.readings):
        session.start_meter_wh = None  # taken from the event's readings


def _count(session: SessionFacts, event: Event, values: dict[str, object]) -> None:
    """A jump in the numbers means that an event is missing: flagged until it comes."""
    last, flags = session.last_seq_no, session.flags
    if last is None or event.seq_no > last:
        session.last_seq_no = values["last_seq_no"] = event.seq_no
        if last is not None and event.seq_no > last + 1:
            flags = with_gap(flags, last + 1, event.seq_no - 1)
    else:
        flags = without_number(flags, event.seq_no)
    if flags != session.flags:
        session.flags = values["flags"] = flags
