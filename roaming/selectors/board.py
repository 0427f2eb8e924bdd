"""All that drivers may see, in few queries and without model instances: one row per EVSE."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from roaming.selectors.evses import HORIZON, Target, listed
from scheduling.domain.schedule import Period, resolved_timeline
from scheduling.domain.statuses import Cause, PublicStatus, TargetKind, WindowStatus
from scheduling.domain.windows import CurrentWindow
from scheduling.models import WindowOccurrence
from stations.domain.setup_state import SetupState
from stations.models import Connector, Evse, Location

# pk, slug, name, address, city, latitude, longitude, time zone
LocationRow = tuple[int, str, str, str, str, Decimal | None, Decimal | None, ZoneInfo]
# pk, standard, format, power type, voltage in V, current in A
ConnectorRow = tuple[int, str, str, str, int, int]

# window, occurrence, status, start, end, creation, takes out of service
_WindowRow = tuple[int, int, str, datetime, datetime | None, datetime, bool | None]


@dataclass(frozen=True, slots=True)
class BoardEvse:
    """An EVSE with what is told of it; EVSEs with the same windows share their periods."""

    evse_id: str
    uid: UUID
    status: PublicStatus
    since: datetime | None
    message: str
    periods: Sequence[Period]
    connectors: Sequence[ConnectorRow]


@dataclass(frozen=True, slots=True)
class Board:
    """The locations by name, the EVSEs of each by EVSE ID, and the messages of windows."""

    locations: Sequence[LocationRow]
    evses: dict[int, list[BoardEvse]]
    messages: dict[int, str]


def load_board(now: datetime) -> Board:
    """Return all published locations with their listed EVSEs; four queries."""
    locations = Location.objects.filter(is_published=True).order_by("name", "pk")
    columns = ("pk", "slug", "name", "address", "city", "latitude", "longitude", "time_zone")
    schedule = _Schedule(now)
    evses = _evses(schedule)
    rows = [row for row in locations.values_list(*columns) if row[0] in evses]
    return Board(rows, evses, schedule.messages)


def _evses(schedule: "_Schedule") -> dict[int, list[BoardEvse]]:
    connectors = _connectors()
    rows = Evse.objects.filter(listed(), station__location__is_published=True)
    columns = (
        *("pk", "station_id", "station__location_id", "station__setup_state", "evse_id", "uid"),
        *("published__status", "published__published_at", "published__cause"),
        "published__window__message",
    )
    found: dict[int, list[BoardEvse]] = defaultdict(list)
    ordered = rows.order_by("evse_id", "station__identity", "number").values_list(*columns)
    for pk, station, location, setup_state, evse_id, uid, status, since, cause, message in ordered:
        found[location].append(
            BoardEvse(
                evse_id=evse_id,
                uid=uid,
                status=_status(setup_state, status),
                since=since,
                message=message or "" if cause == Cause.WINDOW else "",
                periods=schedule.periods(location, station, pk),
                connectors=connectors.get(pk, ()),
            )
        )
    return found


def _status(setup_state: str, published: str | None) -> PublicStatus:
    if setup_state != SetupState.ACTIVE:
        return PublicStatus.COMMISSIONING
    return PublicStatus(published) if published else PublicStatus.UNKNOWN


def _connectors() -> dict[int, list[ConnectorRow]]:
    rows = Connector.objects.filter(station__location__is_published=True)
    columns = ("evse_id", "pk", "standard", "format", "power_type", "max_voltage_v")
    found: dict[int, list[ConnectorRow]] = defaultdict(list)
    for evse_id, *row in rows.values_list(*columns, "max_current_a"):
        found[evse_id].append(tuple(row))
    return found


class _Schedule:
    """The windows that are not over, by what they hang on; one query."""

    def __init__(self, now: datetime) -> None:
        self.messages: dict[int, str] = {}
        self._now = now
        self._windows: dict[Target, list[CurrentWindow]] = defaultdict(list)
        self._resolved: dict[tuple[int, ...], Sequence[Period]] = {(): ()}
        columns = (
            *("window_id", "pk", "status", "starts_at", "ends_at", "created_at"),
            *("takes_out_of_service", "location_id", "station_id", "evse_id", "window__message"),
        )
        rows = WindowOccurrence.objects.not_over(now).filter(starts_at__lt=now + HORIZON)
        for *values, location, station, evse, message in rows.values_list(*columns):
            target = _target(location, station, evse)
            self._windows[target].append(_window(target[0], tuple(values)))
            self.messages[values[0]] = message

    def periods(self, location: int, station: int, evse: int) -> Sequence[Period]:
        """Return what an EVSE's windows come to."""
        windows = [
            *self._windows.get((TargetKind.LOCATION, location), ()),
            *self._windows.get((TargetKind.STATION, station), ()),
            *self._windows.get((TargetKind.EVSE, evse), ()),
        ]
        key = tuple(window.occurrence_id for window in windows)
        if key not in self._resolved:
            end = self._now + HORIZON
            self._resolved[key] = resolved_timeline(windows, start=self._now, end=end)
        return self._resolved[key]


def _target(location: int | None, station: int | None, evse: int | None) -> Target:
    if location is not None:
        return TargetKind.LOCATION, location
    if station is not None:
        return TargetKind.STATION, station
    return TargetKind.EVSE, evse


def _window(kind: TargetKind, values: _WindowRow) -> CurrentWindow:
    window_id, pk, status, starts_at, ends_at, created_at, takes_out_of_service = values
    return CurrentWindow(
        window_id=window_id,
        occurrence_id=pk,
        status=WindowStatus(status),
        target=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=created_at,
        takes_out_of_service=takes_out_of_service,
    )
