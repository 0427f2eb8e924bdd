"""The menu "Update status": a status from now on, or back to available."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from scheduling.domain.statuses import PEOPLE, TargetKind, WindowSource, WindowStatus
from scheduling.domain.windows import CurrentWindow, winning_window
from scheduling.models import StatusWindow, WindowOccurrence
from scheduling.selectors.schedules import WindowsByTarget, started_windows, union_on
from scheduling.selectors.targets import Place, Target, keys_of
from scheduling.services.window_rows import (
    WindowEdits,
    lock_targets,
    refuse_overlaps,
    write_edits,
)
from scheduling.services.window_rules import check_target, check_window
from scheduling.services.windows import end, new_window
from stations.models import Evse, Location, Station, User

_Key = tuple[type[Target], int]


class StatusValues(TypedDict, total=False):
    """What may be said of a status apart from itself."""

    message: str
    takes_out_of_service: bool | None


def update_status(
    target: Target,
    status: WindowStatus,
    *,
    actor: User | None,
    source: WindowSource = WindowSource.STAFF,
    now: datetime | None = None,
    **values: Unpack[StatusValues],
) -> StatusWindow | None:
    """Make a status hold on a target as `update_statuses` does; return its window, if any."""
    windows = update_statuses([target], status, actor=actor, source=source, now=now, **values)
    return windows[0] if windows else None


@transaction.atomic
def update_statuses(
    targets: Sequence[Target],
    status: WindowStatus,
    *,
    actor: User | None,
    source: WindowSource = WindowSource.STAFF,
    now: datetime | None = None,
    **values: Unpack[StatusValues],
) -> list[StatusWindow]:
    """Make a status hold on targets from now on, all or none; return the windows that say so.

    Available ends every active window on the target and, under a wider one that still speaks,
    opens an AVAILABLE window until that one ends. Another status replaces the active windows of
    people and lasts until it is removed; one that says so already stays as it is. Raises
    WindowRefused where an upcoming window is in the way. Locks the targets' rows. A fixed number
    of statements, however many targets.
    """
    locked = lock_targets(targets)
    now = now or timezone.now()
    opened = partial(new_window, status=status, source=source, actor=actor, now=now, **values)
    active = _active_by_target(locked, now)
    wider = _started_above(locked, now) if status is WindowStatus.AVAILABLE else None
    edits = WindowEdits()
    standing = []
    for target in locked:
        check_target(target)
        current = active[_key(target)]
        ended: Sequence[StatusWindow] = current
        if wider is not None:
            if speaking := _speaking_wider_windows(target, wider, now):
                edits.created.append(opened(target, ends_at=_last_end(speaking)))
        else:
            wanted = opened(target)
            if same := [each for each in current if _says_the_same(each, wanted)]:
                standing.append(same[0])
                continue
            ended = [window for window in current if window.source in PEOPLE]
            edits.created.append(wanted)
        for window in ended:
            end(window, edits, actor=actor, now=now)
    return [*standing, *_written(edits, actor=actor, source=source, now=now)]


def active_windows(target: Target, *, now: datetime) -> list[StatusWindow]:
    """Return the windows in force on exactly this target, which Available would end."""
    return list(_active_by_target([target], now)[_key(target)])


def _active_by_target(
    targets: Sequence[Target], now: datetime
) -> Mapping[_Key, list[StatusWindow]]:
    """Return the windows in force on exactly these targets; one query."""
    open_ones = WindowOccurrence.objects.current(now).filter(end_applied_at=None)
    ids = union_on(keys_of(targets), open_ones.order_by().values_list("window_id"))
    windows = StatusWindow.objects.filter(pk__in=ids)
    found: dict[_Key, list[StatusWindow]] = defaultdict(list)
    for window in windows.select_related("location", "station", "evse__station"):
        found[_key(window.target)].append(window)
    return found


def _key(target: Target) -> _Key:
    return type(target), target.pk


def _written(
    edits: WindowEdits, *, actor: User | None, source: WindowSource, now: datetime
) -> list[StatusWindow]:
    for refusal in refuse_overlaps(edits).values():
        raise refusal
    for window in edits.created:
        check_window(window, now=now)
    if edits.all():
        edits.is_boundary = True
        write_edits(edits, actor=actor, channel=source, now=now)
    return edits.created


def _says_the_same(window: StatusWindow, wanted: StatusWindow) -> bool:
    names = ("status", "ends_at", "message", "takes_out_of_service")
    return all(getattr(window, name) == getattr(wanted, name) for name in names)


def _started_above(targets: Sequence[Target], now: datetime) -> WindowsByTarget:
    """Return what has started on stations and EVSEs and above them; one query."""
    places = [_place(target) for target in targets if not isinstance(target, Location)]
    return started_windows(places, now=now)


def _place(target: Station | Evse) -> Place:
    station = target.station if isinstance(target, Evse) else target
    return Place(target.pk if isinstance(target, Evse) else 0, station.pk, station.location_id)


def _speaking_wider_windows(
    target: Target, started: WindowsByTarget, now: datetime
) -> list[CurrentWindow]:
    """Return the windows of wider targets that withhold this one; none where AVAILABLE wins."""
    if isinstance(target, Location):
        return []
    own = TargetKind.EVSE if isinstance(target, Evse) else TargetKind.STATION
    wider = [
        window
        for window in started.at(_place(target))
        if window.target.narrowness < own.narrowness and window.is_current(now)
    ]
    winner = winning_window(wider, now)
    if winner is None or winner.status is WindowStatus.AVAILABLE:
        return []
    return [window for window in wider if window.status is not WindowStatus.AVAILABLE]


def _last_end(windows: Sequence[CurrentWindow]) -> datetime | None:
    ends = [window.ends_at for window in windows if window.ends_at is not None]
    return max(ends) if len(ends) == len(windows) else None
