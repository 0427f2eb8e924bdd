"""The life of a charging session in a batch of messages, whatever the OCPP version.

Every function is idempotent: a repeated or replayed message changes nothing and is answered alike.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sessions.domain.authorization import Decision, token_key
from sessions.domain.words import SessionState
from sessions.models import ChargingSession
from sessions.selectors import KnownSessions, SessionFacts, SessionKey, load_sessions, load_tokens
from stations.domain.command_effects import EffectSeen
from stations.domain.facts import Address, ConnectorFacts, StationFacts
from stations.ocpp.work import Work
from stations.selectors import load_connectors
from stations.services.reporting import add_connector

# Ended by us because the station showed that the session was over, not by its own message.
PRESUMED_ENDED = "presumed_ended"
START_LOST = "start_lost"
CLOCK_NOT_SET = "clock_not_set"


@dataclass(frozen=True, slots=True)
class Start:
    """What a station tells of a start; times are by its clock, already made plausible."""

    start_key: str
    address: Address | None
    token_uid: str
    decision: Decision | None
    at: datetime
    meter_wh: int | None = None
    remote_start_id: int | None = None
    seq_no: int | None = None
    flags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stop:
    """What a station tells of an end."""

    at: datetime
    reason: str
    meter_wh: int | None = None


def need_sessions(work: Work, *keys: SessionKey) -> None:
    """Ask for sessions."""
    work.need(load_sessions, keys)


def sessions_of(work: Work) -> KnownSessions:
    """Return the sessions that the batch has asked for."""
    return work.loaded(load_sessions)


def connector_at(
    work: Work, station: StationFacts, address: Address | None
) -> ConnectorFacts | None:
    """Return the connector a message speaks of; one that is new is added.

    A station with too many connectors gets none more, since a session is never refused for that.
    """
    if address is None or address.evse == 0:
        return None
    connectors = work.loaded(load_connectors)[station.id]
    found = connectors.find(address)
    if found is None and not connectors.is_full:
        named = Address(address.evse, address.connector or 1)
        found = add_connector(work, station, named)
    return found


def place_session(
    work: Work, station: StationFacts, session: SessionFacts, address: Address | None
) -> None:
    """Say where a session takes place, when its first message did not; others there end."""
    connector = connector_at(work, station, address)
    if connector is None:
        return
    if session.state is not SessionState.REFUSED:
        end_others(work, session, connector.evse_id)

    def link() -> None:
        session.evse_id, session.connector_id = connector.evse_id, connector.id
        change_session(work, session, evse_id=connector.evse_id, connector_id=connector.id)

    if connector.row is None:
        link()
    else:
        work.when_inserted(link)
    work.touched.sessions.add(station.id)


def own_token_id(work: Work, station: StationFacts, uid: str) -> int | None:
    """Return the id of the token with this UID, if the station's operator has one."""
    token = work.loaded(load_tokens).get(token_key(uid)) if uid else None
    return token.id if token is not None and token.operator_id == station.operator_id else None


def start_session(work: Work, station: StationFacts, start: Start) -> SessionFacts:
    """Open a session, or return the one that this start has opened before.

    A refused one is kept as refused, never runs and disturbs nobody. Another running session of
    the connector ends.
    """
    known = sessions_of(work)
    again = known.started_as(station, start.start_key)
    if again is not None:
        return again
    connector = connector_at(work, station, start.address)
    is_refused = start.decision is not None and not start.decision.is_accepted
    session = _new_session(work, station, start, connector, is_refused=is_refused)
    if not is_refused:
        end_others(work, session, session.evse_id)
    known.add(session)
    work.touched.sessions.add(station.id)
    if not is_refused:
        work.effects.append(
            EffectSeen.session_start(
                station.id, token=start.token_uid, remote_start_id=start.remote_start_id
            )
        )
    return session


def stop_session(work: Work, station: StationFacts, session: SessionFacts, stop: Stop) -> None:
    """End a session; one that has ended stays as it is, unless we had only presumed its end."""
    if session.ended_at is not None and PRESUMED_ENDED not in session.flags:
        return
    session.flags = [flag for flag in session.flags if flag != PRESUMED_ENDED]
    session.ended_at = stop.at
    if session.state is SessionState.ACTIVE:
        session.state = SessionState.ENDED
    values = {
        "ended_at": stop.at,
        "state": session.state,
        "stop_reason": stop.reason[:50],
        "flags": session.flags,
        "charging_state": "",
        "last_message_at": work.now,
    }
    if stop.meter_wh is not None:
        session.last_meter_wh = values["last_meter_wh"] = stop.meter_wh
        if session.start_meter_wh is None:
            session.start_meter_wh = values["start_meter_wh"] = stop.meter_wh
    change_session(work, session, **values)
    work.touched.sessions.add(station.id)
    work.effects.append(EffectSeen.session_end(station.id, _transaction_id(session)))


def presume_ended(work: Work, session: SessionFacts, *, at: datetime, reason: str) -> None:
    """End a session whose own end has not come; it still takes the true values when they do."""
    session.ended_at = at
    session.state = SessionState.ENDED
    session.flags = [*session.flags, PRESUMED_ENDED]
    change_session(
        work,
        session,
        ended_at=at,
        state=SessionState.ENDED,
        stop_reason=reason,
        flags=session.flags,
        charging_state="",
    )
    work.touched.sessions.add(session.station_id)


def end_others(work: Work, session: SessionFacts, evse_id: int | None) -> None:
    """OCPP gives a connector one transaction at a time: a new start means the old one is over.

    A start that comes late says nothing of a session that began after it.
    """
    at = min(session.started_at or work.now, work.now)
    for other in sessions_of(work).open_of(session.station_id) if evse_id else ():
        if other is session or other.evse_id != evse_id:
            continue
        if other.started_at is None or other.started_at <= at:
            presume_ended(work, other, at=at, reason="NewSession")


def resume_session(work: Work, session: SessionFacts, *, seen_at: datetime) -> None:
    """Take a presumed end back: the session was seen to run after it (by the station's clock).

    Not while another one runs there, and never after the station's own end.
    """
    is_presumed = session.state is SessionState.ENDED and PRESUMED_ENDED in session.flags
    if not is_presumed or session.ended_at is None or seen_at <= session.ended_at:
        return
    running = sessions_of(work).open_of(session.station_id)
    if session.evse_id and any(other.evse_id == session.evse_id for other in running):
        return
    session.state, session.ended_at = SessionState.ACTIVE, None
    session.flags = [flag for flag in session.flags if flag != PRESUMED_ENDED]
    change_session(
        work,
        session,
        state=session.state,
        ended_at=None,
        stop_reason="",
        flags=session.flags,
    )
    work.touched.sessions.add(session.station_id)


def keep_orphan(
    work: Work, station: StationFacts, stop: Stop, *, start_key: str, token_uid: str
) -> SessionFacts:
    """Keep a stop whose start we never saw, so that nothing a station said is lost.

    `start_key` must be that of no session yet.
    """
    start = Start(
        start_key=start_key,
        address=None,
        token_uid=token_uid,
        decision=None,
        at=stop.at,
    )
    session = _new_session(work, station, start, None, is_refused=False)
    session.state = SessionState.ORPHAN
    session.ended_at = stop.at
    change_session(
        work,
        session,
        state=SessionState.ORPHAN,
        started_at=None,
        ended_at=stop.at,
        stop_reason=stop.reason[:50],
        last_meter_wh=stop.meter_wh,
    )
    sessions_of(work).add(session)
    return session


def change_session(work: Work, session: SessionFacts, /, **values: object) -> None:
    """Set fields of a session: on the new object, or by the batch's update."""
    if session.row is None:
        work.update(ChargingSession, session.id, **values)
        return
    for name, value in values.items():
        setattr(session.row, name, value)


def _new_session(
    work: Work,
    station: StationFacts,
    start: Start,
    connector: ConnectorFacts | None,
    *,
    is_refused: bool,
) -> SessionFacts:
    state = SessionState.REFUSED if is_refused else SessionState.ACTIVE
    row = ChargingSession(
        station_id=station.id,
        evse_id=connector.evse_id or None if connector else None,
        connector_id=connector.id or None if connector else None,
        start_key=start.start_key[:128],
        token_id=own_token_id(work, station, start.token_uid),
        token_uid=start.token_uid[:36],
        authorization=start.decision.status if start.decision else "",
        authorization_reason=start.decision.reason if start.decision else "",
        state=state,
        started_at=start.at,
        ended_at=start.at if is_refused else None,
        start_meter_wh=start.meter_wh,
        last_meter_wh=start.meter_wh,
        last_message_at=work.now,
        last_seq_no=start.seq_no,
        remote_start_id=start.remote_start_id,
        flags=list(start.flags),
        received_at=work.now,
    )
    session = SessionFacts(
        id=0,
        station_id=station.id,
        evse_id=row.evse_id,
        connector_id=row.connector_id,
        start_key=row.start_key,
        token_uid=row.token_uid,
        authorization=start.decision.status if start.decision else None,
        state=state,
        charging_state="",
        started_at=row.started_at,
        ended_at=row.ended_at,
        start_meter_wh=row.start_meter_wh,
        last_meter_wh=row.last_meter_wh,
        last_seq_no=start.seq_no,
        flags=row.flags,
        row=row,
    )

    def learn_keys() -> None:
        session.evse_id, session.connector_id = row.evse_id, row.connector_id

    if connector is not None and connector.row is not None:
        row.evse, row.connector = connector.row.evse, connector.row
    work.insert(row)
    work.when_inserted(learn_keys)
    return session


def _transaction_id(session: SessionFacts) -> str | int:
    """What a remote stop names the session by: the station's own id, or ours (OCPP 1.6)."""
    prefix, _, own = session.start_key.partition(":")
    return own if prefix == "tx" else session.id
