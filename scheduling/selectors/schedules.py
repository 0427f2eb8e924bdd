"""Windows by what they are set on, in force and to come, and what an EVSE has of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from scheduling.domain.statuses import TargetKind, WindowStatus
from scheduling.domain.windows import CurrentWindow, winning_window
from scheduling.models import StatusWindow, WindowOccurrence
from scheduling.selectors.targets import Place, TargetKeys, places_under
from stations.rows.read import PlannedRead

_FIELDS = (
    "evse_id",
    "station_id",
    "location_id",
    "window_id",
    "pk",
    "status",
    "starts_at",
    "ends_at",
    "created_at",
    "takes_out_of_service",
)

_STARTS_AT = _FIELDS.index("starts_at")


def _open_on(evse_ids: Any, station_ids: Any, location_ids: Any) -> QuerySet[Any, Any]:
    """Three filters that use an index each; an OR over three columns uses none."""
    still_open = WindowOccurrence.objects.filter(end_applied_at=None).order_by()
    rows = still_open.values_list(*_FIELDS, "start_applied_at")
    return rows.filter(evse__any_of=evse_ids).union(
        rows.filter(station__any_of=station_ids),
        rows.filter(location__any_of=location_ids),
        all=True,
    )


_read_open = PlannedRead(_open_on, "evse_ids", "station_ids", "location_ids")


@dataclass(frozen=True, slots=True)
class EvseSchedule:
    """The occurrences that concern an EVSE, by start: the one in force, the next, and all."""

    active: CurrentWindow | None
    upcoming: CurrentWindow | None
    windows: tuple[CurrentWindow, ...]


class WindowsByTarget:
    """Occurrences by what they are set on, to be asked which of them concern an EVSE."""

    def __init__(self, rows: Iterable[Sequence[Any]], *, has_started: bool = False) -> None:
        self._found: dict[tuple[TargetKind, int], list[CurrentWindow]] = defaultdict(list)
        for evse_id, station_id, location_id, *values in rows:
            if evse_id is not None:
                key = (TargetKind.EVSE, evse_id)
            elif station_id is not None:
                key = (TargetKind.STATION, station_id)
            else:
                key = (TargetKind.LOCATION, location_id)
            self._found[key].append(_current_window(key[0], values, has_started))

    def at(self, place: Place) -> list[CurrentWindow]:
        """Return the occurrences on the EVSE, its station and its location."""
        if not self._found:
            return []
        windows = [
            *self._found.get((TargetKind.EVSE, place.evse_id), ()),
            *self._found.get((TargetKind.STATION, place.station_id), ()),
        ]
        if place.location_id is not None:
            windows += self._found.get((TargetKind.LOCATION, place.location_id), ())
        return windows


def started_windows(places: Collection[Place], *, now: datetime) -> WindowsByTarget:
    """Return the occurrences that have started by `now` and have not been closed; one query.

    One whose start was applied has started, whatever `now` is: it may have begun while the caller
    waited, or by another node's clock. One whose end is past but not applied yet is among them:
    ask `is_current`.
    """
    keys = _keys(places)
    rows = _read_open(
        evse_ids=keys.evse_ids, station_ids=keys.station_ids, location_ids=keys.location_ids
    )
    started = (
        row
        for *row, start_applied_at in rows
        if start_applied_at is not None or row[_STARTS_AT] <= now
    )
    return WindowsByTarget(started, has_started=True)


def open_windows(places: Collection[Place]) -> WindowsByTarget:
    """Return the occurrences that have not been closed, upcoming ones included; one query."""
    rows = WindowOccurrence.objects.filter(end_applied_at=None)
    return WindowsByTarget(_rows_on(_keys(places), rows))


def windows_on(keys: TargetKeys, *, after: datetime) -> QuerySet[StatusWindow]:
    """Return the windows set on exactly these targets that end after a time, for time lines."""
    rows = WindowOccurrence.objects.not_over(after).order_by().values_list("window_id")
    return StatusWindow.objects.filter(pk__in=union_on(keys, rows))


def schedules(evse_ids: Collection[int], *, now: datetime) -> dict[int, EvseSchedule]:
    """Return what the windows say of EVSEs, for lists and pages; two queries."""
    places = places_under(TargetKeys(evse_ids=frozenset(evse_ids)))
    found = open_windows(places)
    return {place.evse_id: _schedule(found.at(place), now) for place in places}


def messages_of(window_ids: Collection[int]) -> dict[int, str]:
    """Return the messages for drivers of windows that have one; one query."""
    rows = StatusWindow.objects.filter(pk__in=window_ids).exclude(message="").order_by()
    return dict(rows.values_list("pk", "message"))


def _schedule(windows: list[CurrentWindow], now: datetime) -> EvseSchedule:
    standing = sorted(
        (window for window in windows if window.ends_at is None or window.ends_at > now),
        key=lambda window: (window.starts_at, window.occurrence_id),
    )
    upcoming = next((window for window in standing if window.starts_at > now), None)
    return EvseSchedule(winning_window(standing, now), upcoming, tuple(standing))


def _keys(places: Collection[Place]) -> TargetKeys:
    return TargetKeys(
        location_ids=frozenset(
            place.location_id for place in places if place.location_id is not None
        ),
        station_ids=frozenset(place.station_id for place in places),
        evse_ids=frozenset(place.evse_id for place in places),
    )


def _rows_on(keys: TargetKeys, occurrences: QuerySet[WindowOccurrence]) -> QuerySet[Any, Any]:
    return union_on(keys, occurrences.order_by().values_list(*_FIELDS))


def union_on(keys: TargetKeys, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Return the rows set on exactly these targets.

    Three filters that use an index each; an OR over three columns uses none.
    """
    return rows.filter(evse_id__in=keys.evse_ids).union(
        rows.filter(station_id__in=keys.station_ids),
        rows.filter(location_id__in=keys.location_ids),
        all=True,
    )


def _current_window(kind: TargetKind, values: list[Any], has_started: bool) -> CurrentWindow:
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
        has_started=has_started,
    )
