"""The rows of windows: their targets locked, overlaps refused, occurrences kept in step."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from scheduling.domain.statuses import PEOPLE
from scheduling.models import StatusWindow, WindowOccurrence
from scheduling.selectors.conflicts import find_conflicts
from scheduling.selectors.targets import Target, evse_ids_under, keys_of
from scheduling.services.publishing import republish
from scheduling.services.window_rules import WindowRefused, overlap_refused
from stations.models import Evse, Location, Station, User

_OCCURRENCE_FIELDS = (
    "status",
    "takes_out_of_service",
    "starts_at",
    "ends_at",
    "start_applied_at",
    "end_applied_at",
)
_WINDOW_FIELDS = (
    "status",
    "starts_at",
    "ends_at",
    "message",
    "takes_out_of_service",
    "external_reference",
    "ended_by",
    "ended_at",
)

T = TypeVar("T", Location, Station, Evse)


@dataclass(slots=True)
class WindowEdits:
    """What becomes of windows in one go; `is_boundary` says that something starts or ends now."""

    created: list[StatusWindow] = field(default_factory=list)
    changed: list[StatusWindow] = field(default_factory=list)
    removed: list[StatusWindow] = field(default_factory=list)
    is_boundary: bool = False

    def all(self) -> list[StatusWindow]:
        """Return every window that something becomes of."""
        return [*self.created, *self.changed, *self.removed]


def lock_targets(targets: Iterable[Target]) -> list[Target]:
    """Return the targets as they are now, wider ones first, each row locked until commit.

    Whoever writes windows holds the lock of their targets. One query for each kind.
    """
    keys = keys_of(targets)
    return [
        *_locked(Location, keys.location_ids),
        *_locked(Station, keys.station_ids),
        *_locked(Evse, keys.evse_ids, "station"),
    ]


def _locked(model: type[T], ids: Collection[int], *related: str) -> list[T]:
    """Lock rows against each other, not against rows that merely refer to them."""
    if not ids:
        return []
    rows = model.objects.filter(pk__in=ids).order_by("pk")
    if related:
        rows = rows.select_related(*related)
    return list(rows.select_for_update(of=("self",), no_key=True))


def refuse_overlaps(edits: WindowEdits) -> dict[int, WindowRefused]:
    """Return the refusals of created and changed windows of people, by position among them."""
    wanted = [*edits.created, *edits.changed]
    positions = [n for n, window in enumerate(wanted) if _needs_room(window)]
    ignored = {window.pk for window in [*edits.changed, *edits.removed]}
    found = find_conflicts([wanted[n] for n in positions], ignored=ignored)
    return {positions[n]: overlap_refused(others) for n, others in found.items()}


def _needs_room(window: StatusWindow) -> bool:
    return window.source in PEOPLE and window.ended_at is None


def write_edits(edits: WindowEdits, *, actor: User | None, channel: str, now: datetime) -> None:
    """Write windows with their occurrences and history, and publish the EVSEs concerned.

    Drivers see what starts or ends now in the same transaction; a boundary of now counts as
    applied. Partners are told the new schedule. A fixed number of statements, plus some for
    each window that is removed. The targets must be locked.
    """
    history = {
        "default_user": actor,
        "default_date": now,
        "custom_historical_attrs": {"history_channel": channel},
    }
    if edits.created:
        bulk_create_with_history(edits.created, StatusWindow, **history)
        WindowOccurrence.objects.bulk_create([_occurrence(each, now) for each in edits.created])
    if edits.changed:
        bulk_update_with_history(edits.changed, StatusWindow, _WINDOW_FIELDS, **history)
        _follow(edits.changed, now)
    evse_ids = evse_ids_under(keys_of(window.target for window in edits.all()))
    for window in edits.removed:
        window._history_user = actor  # type: ignore[attr-defined] # how the package is told
        window.delete()
    forgotten = dict.fromkeys(evse_ids) if edits.is_boundary else None
    republish(evse_ids, now=now, manual=forgotten, announce=True)


def _occurrence(window: StatusWindow, now: datetime) -> WindowOccurrence:
    occurrence = WindowOccurrence(
        window=window,
        location_id=window.location_id,
        station_id=window.station_id,
        evse_id=window.evse_id,
        created_at=window.created_at,
    )
    _bring_in_step(occurrence, window, now)
    return occurrence


def _follow(windows: Sequence[StatusWindow], now: datetime) -> None:
    by_id = {window.pk: window for window in windows}
    occurrences = list(WindowOccurrence.objects.filter(window_id__in=by_id))
    for occurrence in occurrences:
        _bring_in_step(occurrence, by_id[occurrence.window_id], now)
    WindowOccurrence.objects.bulk_update(occurrences, _OCCURRENCE_FIELDS)


def _bring_in_step(occurrence: WindowOccurrence, window: StatusWindow, now: datetime) -> None:
    """Make the one occurrence of a single window what the window is.

    A boundary that was applied and lies ahead now will be applied again.
    """
    occurrence.status = window.status
    occurrence.takes_out_of_service = window.takes_out_of_service
    occurrence.starts_at = window.starts_at
    occurrence.ends_at = window.ends_at
    has_started = window.starts_at <= now
    occurrence.start_applied_at = (occurrence.start_applied_at or now) if has_started else None
    is_over = window.is_over(now)
    occurrence.end_applied_at = (occurrence.end_applied_at or now) if is_over else None
