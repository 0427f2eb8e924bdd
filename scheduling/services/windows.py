"""Set, change and end status windows, one by one or the same on many targets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.domain.statuses import WindowSource
from scheduling.models import StatusWindow
from scheduling.selectors.targets import Target
from scheduling.services.window_rows import (
    WindowEdits,
    lock_targets,
    refuse_overlaps,
    write_edits,
)
from scheduling.services.window_rules import (
    WindowChanges,
    WindowRefused,
    WindowValues,
    check_change,
    check_target,
    check_window,
    in_utc,
)
from stations.models import Evse, Location, Station, User

__all__ = [
    "WindowRefused",
    "change_window",
    "end_window",
    "end_windows",
    "set_window",
    "set_windows",
]

_WITH_TARGETS = StatusWindow.objects.select_related("location", "station", "evse__station")


def set_window(
    *,
    target: Target,
    source: WindowSource,
    actor: User | None = None,
    now: datetime | None = None,
    **values: Unpack[WindowValues],
) -> StatusWindow:
    """Set a window on a target; one that starts now is published in the same transaction.

    Raises WindowRefused with errors by field. Locks the target's row.
    """
    return set_windows([target], source=source, actor=actor, now=now, **values)[0]


@transaction.atomic
def set_windows(
    targets: Sequence[Target],
    *,
    source: WindowSource,
    actor: User | None = None,
    now: datetime | None = None,
    **values: Unpack[WindowValues],
) -> list[StatusWindow]:
    """Set the same window on many targets, all or none; return them, wider targets first.

    Raises WindowRefused at the first target that refuses. Locks the targets' rows. A fixed
    number of statements, however many targets.
    """
    edits = WindowEdits()
    locked = lock_targets(targets)
    now = now or timezone.now()
    for target in locked:
        window = new_window(target, source=source, actor=actor, now=now, **values)
        check_target(target)
        check_window(window, now=now)
        edits.created.append(window)
    edits.is_boundary = any(window.starts_at <= now for window in edits.created)
    for refusal in refuse_overlaps(edits).values():
        raise refusal
    write_edits(edits, actor=actor, channel=source, now=now)
    return edits.created


@transaction.atomic
def change_window(
    window: StatusWindow,
    *,
    actor: User | None,
    now: datetime | None = None,
    **changes: Unpack[WindowChanges],
) -> StatusWindow:
    """Change a window and return it as it is now; values that stay the same are no change.

    Raises WindowRefused for a past window, for what may not change of one in force, and for
    values that a new window could not have. Locks the target's row.
    """
    current = lock_window(window)
    now = now or timezone.now()
    edits = WindowEdits()
    if not change(current, changes, edits, now=now):
        return current
    for refusal in refuse_overlaps(edits).values():
        raise refusal
    write_edits(edits, actor=actor, channel=current.source, now=now)
    return current


@transaction.atomic
def end_window(window: StatusWindow, *, actor: User | None, now: datetime | None = None) -> None:
    """End a window in force now, or remove one that has not begun; its history is kept.

    Raises WindowRefused for one that is over. Locks the target's row.
    """
    current = lock_window(window)
    now = now or timezone.now()
    edits = WindowEdits()
    end(current, edits, actor=actor, now=now)
    write_edits(edits, actor=actor, channel=window.source, now=now)


@transaction.atomic
def end_windows(
    windows: Sequence[StatusWindow],
    *,
    actor: User | None,
    source: WindowSource,
    now: datetime | None = None,
) -> int:
    """End windows in force now and remove those to come, all or none; return how many.

    What is over or was removed meanwhile is left alone. Locks the targets' rows. A fixed number
    of statements, plus some for each window that is removed.
    """
    lock_targets([window.target for window in windows])
    now = now or timezone.now()
    edits = WindowEdits()
    for window in _WITH_TARGETS.filter(pk__in=[window.pk for window in windows]):
        if not window.is_over(now):
            end(window, edits, actor=actor, now=now)
    if edits.all():
        write_edits(edits, actor=actor, channel=source, now=now)
    return len(edits.all())


def end(window: StatusWindow, edits: WindowEdits, *, actor: User | None, now: datetime) -> None:
    """Note in `edits` that a window ends now, or is removed; nothing is written yet."""
    check_change(window, {}, now=now)
    if not window.is_active(now):
        edits.removed.append(window)
        return
    window.ends_at = window.ended_at = now
    window.ended_by = actor
    edits.changed.append(window)
    edits.is_boundary = True


def new_window(
    target: Target,
    *,
    source: WindowSource,
    actor: User | None,
    now: datetime,
    **values: Unpack[WindowValues],
) -> StatusWindow:
    """Return a window that is not saved, with its target's operator and accounts."""
    owner = target.station if isinstance(target, Evse) else target
    serviced_by = None if isinstance(owner, Location) else owner.field_service_account_id
    return StatusWindow(
        operator_id=owner.operator_id,
        account_id=owner.account_id,
        field_service_account_id=serviced_by,
        location=target if isinstance(target, Location) else None,
        station=target if isinstance(target, Station) else None,
        evse=target if isinstance(target, Evse) else None,
        source=source,
        created_by=actor,
        created_at=now,
        **_clean({"starts_at": None, **values}, now),
    )


def change(
    window: StatusWindow, changes: WindowChanges, edits: WindowEdits, *, now: datetime
) -> bool:
    """Change a window in memory and note it in `edits`; return whether anything differs.

    Raises WindowRefused. Nothing is written yet, and overlaps are not looked for.
    """
    cleaned = _clean(changes, now)
    real = {name: value for name, value in cleaned.items() if getattr(window, name) != value}
    if not real:
        return False
    check_change(window, real, now=now)
    was_active = window.is_active(now)
    for name, value in real.items():
        setattr(window, name, value)
    check_window(window, now=now)
    edits.changed.append(window)
    edits.is_boundary |= was_active != window.is_active(now)
    return True


def lock_window(window: StatusWindow) -> StatusWindow:
    """Return the window as it is now, its target locked; raise WindowRefused if it is gone."""
    lock_targets([window.target])
    current: StatusWindow | None = _WITH_TARGETS.filter(pk=window.pk).first()
    if current is None:
        raise WindowRefused({"window": _("The window has been removed meanwhile.")})
    return current


def _clean(values: WindowChanges | WindowValues, now: datetime) -> dict[str, object]:
    cleaned: dict[str, object] = dict(values)
    if "starts_at" in values:
        cleaned["starts_at"] = in_utc(values["starts_at"]) or now
    if "ends_at" in values:
        cleaned["ends_at"] = in_utc(values["ends_at"])
    if "message" in values:
        cleaned["message"] = values["message"].strip()
    return cleaned
