"""Many stations at once: rows of a table are checked together, then written together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from stations.domain.identity import is_station_identity
from stations.domain.setup_state import SetupState
from stations.models import Location, Operator, Station
from stations.services.credentials import MAX_LENGTH, MIN_LENGTH, digest
from stations.signals import stations_changed

COLUMNS = (
    "identity",
    "serial_number",
    "operator",
    "location",
    "vendor",
    "model",
    "password",
    "setup_state",
)
TEXTS = ("serial_number", "vendor", "model")
TEXT_LENGTH = 255
# Rows per statement: SQLite takes at most 32,766 values in one, and a station has about twenty.
BATCH = 1000


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row; `line` is its number in the file."""

    line: int
    message: str


class RowsRefused(Exception):  # noqa: N818 - an answer to whoever asked
    """Nothing was written; `errors` says what is wrong, by line."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(f"{len(errors)} rows have errors")
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class Places:
    """The operators and locations that rows may name, by all their names."""

    operators: Mapping[str, Operator]
    locations: Mapping[tuple[int, str], Sequence[Location]]


def add_stations(rows: Iterable[tuple[int, Mapping[str, str]]]) -> int:
    """Provision a station for each (line, row), all or none; return how many.

    Raises RowsRefused. A fixed number of queries for every thousand rows.
    """
    numbered = list(rows)
    places = _load_places()
    known = _known_identities(row.get("identity", "") for _, row in numbered)
    stations: list[Station] = []
    errors: list[RowError] = []
    for line, row in numbered:
        try:
            stations.append(_station(row, places, known))
        except ValueError as error:
            errors.append(RowError(line, str(error)))
    if errors:
        raise RowsRefused(errors)
    _write(stations)
    return len(stations)


@transaction.atomic
def _write(stations: list[Station]) -> None:
    created = bulk_create_with_history(
        stations, Station, batch_size=BATCH, default_change_reason="provisioned in bulk"
    )
    for start in range(0, len(created), BATCH):
        ids = [station.pk for station in created[start : start + BATCH]]
        stations_changed.send(sender=Station, station_ids=ids)


def _load_places() -> Places:
    operators: dict[str, Operator] = {}
    for operator in Operator.objects.all():
        operators[operator.party] = operator
        if operator.is_default:
            operators[""] = operator
    locations: dict[tuple[int, str], list[Location]] = {}
    for location in Location.objects.all():
        for name in {location.slug, location.name}:
            locations.setdefault((location.operator_id, name), []).append(location)
    return Places(operators, locations)


def _known_identities(identities: Iterable[str]) -> set[str]:
    wanted, known = iter(set(identities)), set[str]()
    while batch := list(islice(wanted, BATCH)):
        found = Station.objects.filter(identity__in=batch).order_by()
        known.update(found.values_list("identity", flat=True))
    return known


def _station(row: Mapping[str, str], places: Places, known: set[str]) -> Station:
    """Return the station of a row, its identity added to `known`; ValueError says what is wrong."""
    identity = row.get("identity", "")
    if not is_station_identity(identity):
        raise ValueError(f"“{identity}” is no identity: 1 to 48 of A-Z a-z 0-9 * - _ = + | @ .")
    if identity in known:
        raise ValueError(f"{identity} exists already, or is in this file twice")
    known.add(identity)
    operator = _operator(row.get("operator", ""), places)
    texts = {name: row.get(name, "") for name in TEXTS}
    too_long = [name for name, text in texts.items() if len(text) > TEXT_LENGTH or "\0" in text]
    if too_long:
        raise ValueError(f"{too_long[0]} has more than {TEXT_LENGTH} characters")
    return Station(
        identity=identity,
        operator=operator,
        location=_location(row.get("location", ""), operator, places),
        password_digest=_password_digest(row.get("password", "")),
        setup_state=_setup_state(row.get("setup_state", "")),
        **texts,
    )


def _operator(text: str, places: Places) -> Operator:
    operator = places.operators.get(text.replace("*", "").replace("-", "").upper())
    if operator is None:
        wanted = f"there is no operator {text}" if text else "there is no default operator"
        raise ValueError(f"{wanted}, expected one like NL*CHD")
    return operator


def _location(text: str, operator: Operator, places: Places) -> Location | None:
    if not text:
        return None
    found = places.locations.get((operator.pk, text), ())
    if len(found) != 1:
        count = "no" if not found else "more than one"
        raise ValueError(f"{operator} has {count} location “{text}”; use its address in links")
    return found[0]


def _password_digest(password: str) -> str:
    if not password:
        return ""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise ValueError(f"the password has {len(password)} characters, expected 16 to 64")
    return digest(password.encode())


def _setup_state(text: str) -> SetupState:
    try:
        return SetupState(text.upper()) if text else SetupState.SETUP
    except ValueError as error:
        raise ValueError(f"“{text}” is no set-up state: {', '.join(SetupState)}") from error
