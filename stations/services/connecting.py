"""Who may open a socket: known stations, and unknown ones as their operator wishes."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db.models import Count

from stations.domain.identity import is_station_identity
from stations.domain.ocpp_version import OcppVersion
from stations.domain.onboarding import UnknownStations
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Operator, Station, StationConnection, UnrecognisedStation
from stations.ocpp.work import Work
from stations.services.credentials import is_password

# Of one operator; ours, so that strangers cannot fill the database.
MAX_HELD_STATIONS = 1000
# Handshakes that were refused are remembered for so long, and so many of them.
UNRECOGNISED_KEPT_FOR = timedelta(days=30)
MAX_UNRECOGNISED = 10_000


@dataclass(frozen=True, slots=True)
class Knock:
    """A handshake: who wants in, by which path, and how it proves itself."""

    identity: str
    party: str | None
    version: OcppVersion
    address: str
    username: str | None
    password: bytes | None


@dataclass(frozen=True, slots=True)
class KnownStation:
    """What the decision about a known station needs."""

    id: int
    party: str
    digests: tuple[str, str]
    has_connection: bool
    node_id: int | None
    setup_state: SetupState
    version: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a handshake is refused."""

    status: HTTPStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the handshakes of a batch are decided from, and who has come in with it."""

    stations: dict[str, KnownStation]
    operators: dict[str | None, Operator]
    held: dict[int, int] = field(default_factory=dict)
    admitted: set[str] = field(default_factory=set)

    def note_open(self, identity: str) -> None:
        """Note that a station has a connection from now on, for a second handshake of it."""
        self.admitted.add(identity)
        known = self.stations.get(identity)
        if known is not None:
            self.stations[identity] = replace(known, has_connection=True)


def load_doors(knocks: Collection[Knock]) -> Doors:
    """Return the stations and operators that the knocks name; at most three queries."""
    rows = Station.objects.filter(identity__in={knock.identity for knock in knocks}).values_list(
        "identity",
        "pk",
        "operator__country_code",
        "operator__party_id",
        "password_digest",
        "next_password_digest",
        "connection__station_id",
        "connection__node_id",
        "setup_state",
        "ocpp_version",
    )
    stations = {
        identity: KnownStation(
            pk,
            country + party,
            (current, following),
            has_connection=row is not None,
            node_id=node,
            setup_state=SetupState(state),
            version=version,
        )
        for identity, pk, country, party, current, following, row, node, state, version in rows
    }
    operators: dict[str | None, Operator] = {}
    held: dict[int, int] = {}
    if any(knock.identity not in stations for knock in knocks):
        for operator in Operator.objects.all():
            operators[operator.party] = operator
            if operator.is_default:
                operators[None] = operator
        waiting = Station.objects.filter(registration=RegistrationStatus.PENDING).order_by()
        held = dict(waiting.values_list("operator").annotate(count=Count("pk")))
    return Doors(stations, operators, held)


def refusal_of_known(knock: Knock, known: KnownStation) -> Refusal | None:
    """Return why a known station may not come in, or None.

    The operator of the path must be its own; where it has a password (security profile 1), user
    name and password must fit.
    """
    if knock.party is not None and knock.party != known.party:
        return Refusal(HTTPStatus.NOT_FOUND, "another operator's station")
    if known.setup_state is SetupState.RETIRED:
        return Refusal(HTTPStatus.NOT_FOUND, "retired")
    if known.digests[0]:
        if knock.password is None or knock.username != knock.identity:
            return Refusal(HTTPStatus.UNAUTHORIZED, "no password")
        if not is_password(knock.password, *known.digests):
            return Refusal(HTTPStatus.UNAUTHORIZED, "wrong password")
    return None


def admit_unknown(work: Work, knock: Knock, doors: Doors) -> Station | Refusal:
    """Take in a station that nobody announced, or refuse it, as its operator's setting says."""
    operator = doors.operators.get(knock.party)
    if operator is None or not is_station_identity(knock.identity):
        return Refusal(HTTPStatus.NOT_FOUND, "unknown")
    if operator.unknown_stations == UnknownStations.REFUSE:
        return Refusal(HTTPStatus.NOT_FOUND, "unknown")
    if doors.held.get(operator.pk, 0) >= MAX_HELD_STATIONS:
        return Refusal(HTTPStatus.NOT_FOUND, "too many stations are held")
    is_accepted = operator.unknown_stations == UnknownStations.ACCEPT
    station = Station(
        identity=knock.identity,
        operator=operator,
        ocpp_version=knock.version,
        registration=RegistrationStatus.ACCEPTED if is_accepted else RegistrationStatus.PENDING,
    )
    work.insert(station)
    return station


def open_connection(
    work: Work, knock: Knock, *, known: KnownStation | None, station: Station | None, token: str
) -> None:
    """Note the socket that counts from now on; the node is that of the process."""
    values = {
        "token": token,
        "node_id": work.node_id,
        "version": knock.version,
        "address": knock.address,
        "connected_at": work.now,
        "disconnected_at": None,
        "last_seen_at": work.now,
    }
    if known is None:
        work.insert(StationConnection(station=station, **values))
        return
    if known.has_connection:
        work.update(StationConnection, known.id, **values)
    else:
        work.insert(StationConnection(station_id=known.id, **values))
    facts = work.stations[known.id]
    facts.token, facts.disconnected_at, facts.last_seen_at = token, None, work.now
    facts.version = knock.version
    if known.version != knock.version:
        work.update(Station, known.id, ocpp_version=knock.version)
    if _has_new_password(knock, known):
        work.update(Station, known.id, password_digest=known.digests[1], next_password_digest="")
    work.touched.connected.add(known.id)


def _has_new_password(knock: Knock, known: KnownStation) -> bool:
    """Say whether the station uses the password sent to it last, from now on its only one."""
    if knock.password is None or knock.username != knock.identity or not known.digests[1]:
        return False
    return is_password(knock.password, known.digests[1])


def close_connection(work: Work, station_id: int, token: str) -> None:
    """Note that a socket has closed; one that was superseded changes nothing."""
    facts = work.stations.get(station_id)
    if facts is None or facts.token != token:
        return
    facts.token, facts.disconnected_at = "", work.now
    work.update(StationConnection, station_id, token="", node_id=None, disconnected_at=work.now)
    work.touched.disconnected.add(station_id)


def note_unrecognised(refused: dict[str, tuple[Knock, Refusal]], work: Work) -> None:
    """Count the handshakes that were refused, by identity; one query and at most two writes."""
    if not refused:
        return
    rows = UnrecognisedStation.objects.filter(identity__in=refused)
    known = {row.identity: row for row in rows}
    for identity, (knock, refusal) in refused.items():
        row = known.get(identity)
        if row is not None:
            work.update(
                UnrecognisedStation,
                row.pk,
                count=row.count + 1,
                last_at=work.now,
                reason=refusal.reason,
                address=knock.address,
            )
        else:
            work.insert(
                UnrecognisedStation(
                    identity=identity,
                    reason=refusal.reason,
                    address=knock.address,
                    first_at=work.now,
                    last_at=work.now,
                )
            )


def forget_unrecognised(now: datetime) -> None:
    """Forget refused handshakes that are old, or beyond what is kept."""
    UnrecognisedStation.objects.filter(last_at__lt=now - UNRECOGNISED_KEPT_FOR).delete()
    newest = UnrecognisedStation.objects.order_by("-last_at").values_list("last_at", flat=True)
    if (oldest_kept := newest[MAX_UNRECOGNISED : MAX_UNRECOGNISED + 1].first()) is not None:
        UnrecognisedStation.objects.filter(last_at__lte=oldest_kept).delete()
