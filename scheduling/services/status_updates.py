"""The menu "Update status": a status from now on, or back to available."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from scheduling.domain.statuses import PEOPLE, TargetKind, WindowSource, WindowStatus
from scheduling.domain.windows import CurrentWindow, winning_window
from scheduling.models import StatusWindow, WindowOccurrence
from scheduling.selectors.schedules import started_windows
from scheduling.selectors.targets import Place, Target
from scheduling.services.window_rows import (
    WindowEdits,
    lock_targets,
    refuse_overlaps,
    write_edits,
)
from scheduling.services.window_rules import check_target, check_window
from scheduling.services.windows import end, new_window
from stations.models import Evse, Location, User


@transaction.atomic
def update_status(
    target: Target,
    status: WindowStatus,
    *,
    actor: User | None,
    source: WindowSource = WindowSource.STAFF,
    message: str = "",
    now: datetime | None = None,
) -> StatusWindow | None:
    """Make a status hold on a target from now on; return the window that says so, if one does.

    Available ends every active window on the target and, under a wider one that still speaks,
    opens an AVAILABLE window until that one ends. Another status replaces the active windows of
    people and lasts until it is removed; one that says so already stays as it is. Raises
    WindowRefused where an upcoming window is in the way. Locks the target's row.
    """
    (locked,) = lock_targets([target])
    now = now or timezone.now()
    check_target(locked)
    active = active_windows(locked, now=now)
    edits = WindowEdits()
    opened = partial(new_window, locked, source=source, actor=actor, now=now, message=message)
    if status is WindowStatus.AVAILABLE:
        ended = active
        wider = _speaking_wider_windows(locked, now)
        if wider:
            edits.created.append(opened(status=status, ends_at=_last_end(wider)))
    else:
        standing = next((each for each in active if _says(each, status, message)), None)
        if standing is not None:
            return standing
        ended = [window for window in active if window.source in PEOPLE]
        edits.created.append(opened(status=status))
    for window in ended:
        end(window, edits, actor=actor, now=now)
    return _written(edits, actor=actor, source=source, now=now)


def active_windows(target: Target, *, now: datetime) -> list[StatusWindow]:
    """Return the windows in force on exactly this target, which Available would end."""
    occurrences = WindowOccurrence.objects.current(now).filter(end_applied_at=None)
    windows = target.status_windows.filter(pk__in=occurrences.values("window_id"))
    return list(windows.select_related("location", "station", "evse__station"))


def _written(
    edits: WindowEdits, *, actor: User | None, source: WindowSource, now: datetime
) -> StatusWindow | None:
    for refusal in refuse_overlaps(edits).values():
        raise refusal
    for window in edits.created:
        check_window(window, now=now)
    if edits.all():
        edits.is_boundary = True
        write_edits(edits, actor=actor, channel=source, now=now)
    return edits.created[0] if edits.created else None


def _says(window: StatusWindow, status: WindowStatus, message: str) -> bool:
    return (window.status, window.ends_at, window.message) == (status, None, message.strip())


def _speaking_wider_windows(target: Target, now: datetime) -> list[CurrentWindow]:
    """Return the windows of wider targets that withhold this one; none where AVAILABLE wins."""
    if isinstance(target, Location):
        return []
    station = target.station if isinstance(target, Evse) else target
    own = TargetKind.EVSE if isinstance(target, Evse) else TargetKind.STATION
    place = Place(target.pk if isinstance(target, Evse) else 0, station.pk, station.location_id)
    wider = [
        window
        for window in started_windows([place], now=now).at(place)
        if window.target.narrowness < own.narrowness and window.is_current(now)
    ]
    winner = winning_window(wider, now)
    if winner is None or winner.status is WindowStatus.AVAILABLE:
        return []
    return [window for window in wider if window.status is not WindowStatus.AVAILABLE]


def _last_end(windows: Sequence[CurrentWindow]) -> datetime | None:
    ends = [window.ends_at for window in windows if window.ends_at is not None]
    return max(ends) if len(ends) == len(windows) else None
