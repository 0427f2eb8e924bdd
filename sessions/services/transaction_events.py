"""The events of one transaction, taken in whatever order and number they come (OCPP 2 stations).

Events may be lost, repeated, come late, or begin with one that is no start.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sessions.domain.authorization import Decision
from sessions.domain.metering import Reading
from sessions.domain.words import AuthorizationStatus, SessionState
from sessions.selectors import SessionFacts
from sessions.services.charging import (
    GAP,
    START_LOST,
    Start,
    Stop,
    change_session,
    connector_at,
    record_readings,
    sessions_of,
    start_session,
    stop_session,
)
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
    if event.type is EventType.ENDED:
        meter_wh = next((r.energy_wh for r in reversed(event.readings) if r.energy_wh), None)
        stop_session(work, station, session, Stop(event.at, event.stop_reason, meter_wh))
    elif event.charging_state and session.is_open:
        change_session(work, session, charging_state=event.charging_state)
    return session


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
    """Add what earlier events did not tell: EVSE, token, and how far the numbering has come."""
    values: dict[str, object] = {"last_message_at": work.now}
    if session.evse_id is None and event.address is not None and session.row is None:
        connector = connector_at(work, station, event.address)
        if connector is not None and connector.row is None:
            session.evse_id = values["evse_id"] = connector.evse_id
            session.connector_id = values["connector_id"] = connector.id
    if event.token_uid and event.decision is not None and not session.token_uid:
        _name_token(session, event, values)
    _count(session, event, values)
    change_session(work, session, **values)


def _name_token(session: SessionFacts, event: Event, values: dict[str, object]) -> None:
    assert event.decision is not None  # noqa: S101 - the caller looked
    session.token_uid = event.token_uid[:36]
    session.authorization = event.decision.status
    values["token_uid"] = session.token_uid
    values["authorization"] = event.decision.status
    values["authorization_reason"] = event.decision.reason
    if event.decision.status is not AuthorizationStatus.ACCEPTED and session.is_open:
        session.state = SessionState.ACTIVE


def _count(session: SessionFacts, event: Event, values: dict[str, object]) -> None:
    """A jump in the numbers means that an event is missing: flagged, never refused."""
    last = session.last_seq_no
    if last is None or event.seq_no > last:
        session.last_seq_no = values["last_seq_no"] = event.seq_no
        if last is not None and event.seq_no > last + 1 and GAP not in session.flags:
            session.flags = [*session.flags, GAP]
            values["flags"] = session.flags
