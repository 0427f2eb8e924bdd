"""Save several rows of one target's schedule in one go: all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    check_target,
    check_window,
)
from scheduling.services.windows import change, end, new_window
from stations.models import User


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One row as it was edited; `window_id` None: a new window; `is_removed`: ended or removed."""

    status: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    message: str = ""
    takes_out_of_service: bool | None = None
    window_id: int | None = None
    is_removed: bool = False

    @property
    def values(self) -> WindowValues:
        """Return what the row says of its window."""
        return {
            "status": self.status,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "message": self.message,
            "takes_out_of_service": self.takes_out_of_service,
        }

    @property
    def changes(self) -> WindowChanges:
        """Return what the row says of a window that exists; without a start it keeps its own."""
        values: WindowChanges = {**self.values}
        if self.starts_at is None:
            del values["starts_at"]
        return values


class ScheduleRefused(Exception):  # noqa: N818 - an answer to a person, like WindowRefused
    """Nothing was saved; `errors` tells by position which rows were refused and why."""

    def __init__(self, errors: Mapping[int, WindowRefused]) -> None:
        super().__init__(f"{len(errors)} rows were refused")
        self.errors = dict(errors)


@transaction.atomic
def save_schedule(
    target: Target,
    rows: Sequence[ScheduleRow],
    *,
    actor: User | None,
    now: datetime | None = None,
    source: WindowSource = WindowSource.STAFF,
) -> list[StatusWindow]:
    """Add, change and remove the windows of a target as its rows say; return those that stand.

    Windows that no row names stay as they are; a row without a start begins now. Overlaps are
    judged by what would stand in the end, so that two rows may trade places. Raises
    ScheduleRefused with the refusals by position in `rows`. Locks the target's row.
    """
    (locked,) = lock_targets([target])
    now = now or timezone.now()
    editing = _Editing(locked, actor=actor, source=source, now=now)
    known = _windows_of(locked, rows)
    for position, row in enumerate(rows):
        editing.take(position, row, known)
    editing.look_for_overlaps()
    if editing.errors:
        raise ScheduleRefused(editing.errors)
    edits = editing.edits
    if edits.all():
        write_edits(edits, actor=actor, channel=source, now=now)
    return [*edits.created, *edits.changed]


class _Editing:
    """Rows on their way to edits; a row that is refused is noted, and the others go on."""

    def __init__(
        self, target: Target, *, actor: User | None, source: WindowSource, now: datetime
    ) -> None:
        self.edits = WindowEdits()
        self.errors: dict[int, WindowRefused] = {}
        self._target = target
        self._actor = actor
        self._source = source
        self._now = now
        self._positions: dict[int, int] = {}

    def take(self, position: int, row: ScheduleRow, known: Mapping[int, StatusWindow]) -> None:
        try:
            window = self._edit(row, known)
        except WindowRefused as refusal:
            self.errors[position] = refusal
        else:
            self._positions[id(window)] = position

    def look_for_overlaps(self) -> None:
        wanted = [*self.edits.created, *self.edits.changed]
        for index, refusal in refuse_overlaps(self.edits).items():
            self.errors[self._positions[id(wanted[index])]] = refusal

    def _edit(self, row: ScheduleRow, known: Mapping[int, StatusWindow]) -> StatusWindow:
        if row.window_id is None:
            return self._add(row)
        window = known.get(row.window_id)
        if window is None:
            raise WindowRefused({"window": _("The window has been removed meanwhile.")})
        if row.is_removed:
            end(window, self.edits, actor=self._actor, now=self._now)
        else:
            change(window, row.changes, self.edits, now=self._now)
        return window

    def _add(self, row: ScheduleRow) -> StatusWindow:
        check_target(self._target)
        window = new_window(
            self._target, source=self._source, actor=self._actor, now=self._now, **row.values
        )
        check_window(window, now=self._now)
        self.edits.created.append(window)
        self.edits.is_boundary |= window.starts_at <= self._now
        return window


def _windows_of(target: Target, rows: Sequence[ScheduleRow]) -> dict[int, StatusWindow]:
    ids = {row.window_id for row in rows if row.window_id is not None}
    windows = target.status_windows.filter(pk__in=ids)
    related = ("location", "station", "evse__station")
    return {window.pk: window for window in windows.select_related(*related)}
