"""EVSEs as the outside sees them: their status now, their schedule, and when they changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from scheduling.domain.schedule import Period, resolved_timeline
from scheduling.domain.statuses import Cause, PublicStatus, TargetKind, WindowStatus
from scheduling.domain.windows import CurrentWindow
from scheduling.models import PublishedStatus, StatusLedger, WindowOccurrence
from stations.domain.setup_state import SetupState
from stations.models import Connector, Evse

# Windows that begin later than this are not told ahead of time.
HORIZON = timedelta(days=366)

_RETIRED = Q(retired_at__isnull=False) | Q(station__setup_state=SetupState.RETIRED)
_NEVER_SHOWN = (PublicStatus.COMMISSIONING, PublicStatus.REMOVED)


@dataclass(frozen=True, slots=True)
class ShownEvse:
    """An EVSE with what is told of it; `periods` are the windows not over, none overlapping."""

    evse: Evse
    connectors: Sequence[Connector]
    status: PublicStatus
    since: datetime | None
    message: str
    periods: Sequence[Period]
    messages: Mapping[int, str]
    changed_at: datetime


def listed() -> Q:
    """Return the condition on EVSEs that drivers may see; the location is not asked about.

    A station that is not active yet shows, as coming soon, where it has its EVSE IDs.
    """
    return ~_RETIRED & (Q(station__setup_state=SetupState.ACTIVE) | ~Q(evse_id=""))


def shared() -> Q:
    """Return the condition on EVSEs that partners may see: the listed, and those that once were.

    An EVSE without a connector cannot be said in OCPI.
    """
    was_shown = StatusLedger.objects.filter(evse=OuterRef("pk")).exclude(status__in=_NEVER_SHOWN)
    removed = _RETIRED & (~Q(evse_id="") | Exists(was_shown))
    has_connector = Exists(Connector.objects.filter(evse=OuterRef("pk")))
    return (listed() | removed) & Q(has_connector)


def load_shown(condition: Q, *, now: datetime) -> list[ShownEvse]:
    """Return the EVSEs that fit, by EVSE ID; three queries however many there are."""
    found = Evse.objects.filter(condition).select_related("station__location", "published__window")
    evses = list(found.order_by("evse_id", "station__identity", "number"))
    connectors = _connectors_of(evses)
    occurrences = _occurrences_of(evses, now)
    return [
        _shown(evse, connectors[evse.pk], _of_evse(occurrences, evse), now=now) for evse in evses
    ]


def _connectors_of(evses: Sequence[Evse]) -> dict[int, list[Connector]]:
    found: dict[int, list[Connector]] = defaultdict(list)
    for connector in Connector.objects.filter(evse__in=[evse.pk for evse in evses]):
        found[connector.evse_id].append(connector)
    return found


Target = tuple[TargetKind, int | None]


def _occurrences_of(evses: Sequence[Evse], now: datetime) -> dict[Target, list[WindowOccurrence]]:
    stations = {evse.station_id for evse in evses}
    locations = {evse.station.location_id for evse in evses}
    rows = WindowOccurrence.objects.not_over(now).filter(
        Q(evse__in=[evse.pk for evse in evses])
        | Q(station__in=stations)
        | Q(location__in=locations - {None})
    )
    found: dict[Target, list[WindowOccurrence]] = defaultdict(list)
    for row in rows.select_related("window"):
        found[_target(row)].append(row)
    return found


def _target(row: WindowOccurrence) -> Target:
    if row.location_id is not None:
        return TargetKind.LOCATION, row.location_id
    if row.station_id is not None:
        return TargetKind.STATION, row.station_id
    return TargetKind.EVSE, row.evse_id


def _of_evse(
    occurrences: Mapping[Target, list[WindowOccurrence]], evse: Evse
) -> list[WindowOccurrence]:
    targets: list[Target] = [
        (TargetKind.LOCATION, evse.station.location_id),
        (TargetKind.STATION, evse.station_id),
        (TargetKind.EVSE, evse.pk),
    ]
    return [row for target in targets for row in occurrences.get(target, ())]


def _shown(
    evse: Evse,
    connectors: Sequence[Connector],
    occurrences: Sequence[WindowOccurrence],
    *,
    now: datetime,
) -> ShownEvse:
    published: PublishedStatus | None = getattr(evse, "published", None)
    windows = [_current_window(row) for row in occurrences]
    return ShownEvse(
        evse=evse,
        connectors=connectors,
        status=_status(evse, published),
        since=published.published_at if published is not None else None,
        message=_message(published),
        periods=resolved_timeline(windows, start=now, end=now + HORIZON),
        messages={row.window_id: row.window.message for row in occurrences},
        changed_at=_changed_at(evse, connectors, occurrences, published),
    )


def _changed_at(
    evse: Evse,
    connectors: Sequence[Connector],
    occurrences: Sequence[WindowOccurrence],
    published: PublishedStatus | None,
) -> datetime:
    """When anything that is told of the EVSE last changed, where it stands included."""
    moments: list[datetime | None] = [evse.updated_at, evse.station.updated_at]
    if evse.station.location is not None:
        moments.append(evse.station.location.updated_at)
    moments += [each.updated_at for each in connectors]
    moments += [row.created_at for row in occurrences]
    if published is not None:
        moments += [published.published_at, published.schedule_changed_at]
    return max(moment for moment in moments if moment is not None)


def _status(evse: Evse, published: PublishedStatus | None) -> PublicStatus:
    """What the set-up says comes first, even where the published status lags behind."""
    if evse.retired_at is not None or evse.station.setup_state == SetupState.RETIRED:
        return PublicStatus.REMOVED
    if evse.station.setup_state != SetupState.ACTIVE:
        return PublicStatus.COMMISSIONING
    return PublicStatus(published.status) if published is not None else PublicStatus.UNKNOWN


def _message(published: PublishedStatus | None) -> str:
    if published is None or published.cause != Cause.WINDOW or published.window is None:
        return ""
    return published.window.message


def _current_window(row: WindowOccurrence) -> CurrentWindow:
    return CurrentWindow(
        window_id=row.window_id,
        occurrence_id=row.pk,
        status=WindowStatus(row.status),
        target=_target(row)[0],
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        created_at=row.created_at,
        takes_out_of_service=row.takes_out_of_service,
    )


def by_location(evses: Iterable[ShownEvse]) -> dict[int | None, list[ShownEvse]]:
    """Return the EVSEs by the id of their location."""
    found: dict[int | None, list[ShownEvse]] = defaultdict(list)
    for shown in evses:
        found[shown.evse.station.location_id].append(shown)
    return found
