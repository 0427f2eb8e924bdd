"""Reads that span models: the tokens and sessions that a batch of messages is about."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from sessions.domain.authorization import TokenFacts
from sessions.domain.words import AuthorizationStatus, SessionState, TokenStatus
from sessions.models import ChargingSession, HandledMessage, Token
from stations.domain.facts import StationFacts
from stations.rows.claim import claim_rows
from stations.rows.ids import new_row_id
from stations.rows.read import PlannedRead


@dataclass(frozen=True, slots=True)
class SessionsOf:
    """Asks for the open sessions of a station."""

    station_id: int


@dataclass(frozen=True, slots=True)
class SessionById:
    """Asks for a session by its id, the transaction id of OCPP 1.6."""

    session_id: int


@dataclass(frozen=True, slots=True)
class SessionStartedAs:
    """Asks for the session of a station that began with this start."""

    station_id: int
    start_key: str


SessionKey = SessionsOf | SessionById | SessionStartedAs

_AUTHORIZATIONS = {word.value: word for word in AuthorizationStatus}
_STATES = {word.value: word for word in SessionState}
_FIELDS = (
    "id",
    "station_id",
    "evse_id",
    "connector_id",
    "start_key",
    "token_uid",
    "authorization",
    "state",
    "charging_state",
    "started_at",
    "ended_at",
    "start_meter_wh",
    "last_meter_wh",
    "last_seq_no",
    "flags",
)


def _sessions(stations: Any, ids: Any, starters: Any, starts: Any) -> QuerySet[Any, Any]:
    """Three filters that use an index each; an OR over them uses none."""
    rows = ChargingSession.objects.order_by().values_list(*_FIELDS)
    return rows.filter(station__any_of=stations, ended_at__isnull=True).union(
        rows.filter(pk__any_of=ids),
        rows.filter(station__any_of=starters, start_key__any_of=starts),
        all=True,
    )


_read_sessions = PlannedRead(_sessions, "stations", "ids", "starters", "starts")
_read_tokens = PlannedRead(
    lambda keys: (
        Token.objects.filter(key__any_of=keys)
        .order_by()
        .values_list("key", "pk", "operator_id", "uid", "status", "valid_from", "valid_to", "group")
    ),
    "keys",
)


@dataclass(slots=True)
class SessionFacts:
    """A session as the batch knows it; `row` is the new object while it has no id yet."""

    id: int
    station_id: int
    evse_id: int | None
    connector_id: int | None
    start_key: str
    token_uid: str
    authorization: AuthorizationStatus | None
    state: SessionState
    charging_state: str
    started_at: datetime | None
    ended_at: datetime | None
    start_meter_wh: int | None
    last_meter_wh: int | None
    last_seq_no: int | None
    flags: list[str]
    row: ChargingSession | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the session runs."""
        return self.ended_at is None and self.state is SessionState.ACTIVE

    @property
    def reference(self) -> "ChargingSession | int":
        """Return what rows refer to the session by: its id, or the object that will get one."""
        return self.row if self.row is not None else self.id


@dataclass(slots=True)
class KnownSessions:
    """The sessions that a batch has loaded, and those it adds."""

    _by_id: dict[int, SessionFacts] = field(default_factory=dict)
    _by_start: dict[tuple[int, str], SessionFacts] = field(default_factory=dict)
    _by_station: dict[int, list[SessionFacts]] = field(default_factory=dict)

    def add(self, session: SessionFacts) -> None:
        """Make a session known to what comes later in the batch."""
        if session.id:
            self._by_id[session.id] = session
        self._by_start[session.station_id, session.start_key] = session
        self._by_station.setdefault(session.station_id, []).append(session)

    def open_of(self, station_id: int) -> list[SessionFacts]:
        """Return the running sessions of a station."""
        return [known for known in self._by_station.get(station_id, ()) if known.is_open]

    def by_id(self, station: StationFacts, session_id: int) -> SessionFacts | None:
        """Return a session of this station by id; another station's is not found."""
        found = self._by_id.get(session_id)
        return found if found is not None and found.station_id == station.id else None

    def started_as(self, station: StationFacts, start_key: str) -> SessionFacts | None:
        """Return the session of this station that began with this start."""
        return self._by_start.get((station.id, start_key))


def load_sessions(keys: Collection[SessionKey]) -> KnownSessions:
    """Return the sessions that the keys ask for; one query."""
    stations = {key.station_id for key in keys if isinstance(key, SessionsOf)}
    ids = {key.session_id for key in keys if isinstance(key, SessionById)}
    starts = {key for key in keys if isinstance(key, SessionStartedAs)}
    known = KnownSessions()
    seen = set()
    for row in _read_sessions(
        stations=stations,
        ids=ids,
        starters={key.station_id for key in starts},
        starts={key.start_key for key in starts},
    ):
        if row[0] not in seen:
            seen.add(row[0])
            known.add(_facts(row))
    return known


def _facts(row: tuple[Any, ...]) -> SessionFacts:
    facts = SessionFacts(*row)
    facts.authorization = _AUTHORIZATIONS.get(row[6])
    facts.state = _STATES[row[7]]
    return facts


def load_tokens(keys: Collection[str]) -> dict[str, TokenFacts]:
    """Return tokens by key; one query."""
    return {
        key: TokenFacts(pk, operator, uid, TokenStatus(status), valid_from, valid_to, group)
        for key, pk, operator, uid, status, valid_from, valid_to, group in _read_tokens(keys=keys)
    }


def claim_messages(keys: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Note messages, by (station id, key), as handled; returns those that were not noted before.

    One statement, which writes: a repeat that comes later finds itself noted.
    """
    rows = [(new_row_id(), station_id, key) for station_id, key in keys]
    return claim_rows(
        HandledMessage,
        ("id", "station_id", "key"),
        rows,
        unique=("station_id", "key"),
    )
