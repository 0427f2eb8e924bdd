"""The rows that hold what is published: read under lock, written with their ledger."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from scheduling.domain.standing import Standing
from scheduling.models import EvseAvailability, PublishedStatus, StatusLedger
from scheduling.signals import statuses_published
from stations.rows.append import append_rows
from stations.rows.ids import new_row_id
from stations.rows.read import PlannedRead
from stations.rows.update import update_rows

_FIELDS = (
    "evse_id",
    "reported",
    "is_online",
    "window_id",
    "desired",
    "status",
    "cause",
    "manual",
    "published_at",
    "next_change_at",
    "schedule_changed_at",
    "is_announced",
)
_LEDGER_FIELDS = (
    "id",
    "at",
    "evse_id",
    "reported",
    "is_online",
    "window_id",
    "desired",
    "status",
    "cause",
)

_read_of_stations = PlannedRead(
    lambda station_ids: (
        PublishedStatus.objects.filter(evse__station__any_of=station_ids)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list(*_FIELDS)
    ),
    "station_ids",
)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A row of PublishedStatus as it was read."""

    standing: Standing
    manual: str
    published_at: datetime
    next_change_at: datetime | None
    schedule_changed_at: datetime | None
    is_announced: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one row of PublishedStatus."""

    evse_id: int
    before: PublishedRow
    after: PublishedRow

    @property
    def is_real(self) -> bool:
        return self.before.standing != self.after.standing

    @property
    def is_wanted_otherwise(self) -> bool:
        return self.before.standing.desired != self.after.standing.desired


def lock_published(evse_ids: Collection[int], *, now: datetime) -> dict[int, PublishedRow]:
    """Read the PublishedStatus rows by EVSE and lock them in order; missing ones are created.

    One query when all exist, four otherwise. Whoever hands `publish` facts from memory locks
    first and reads after, or may write what is no longer so until the next sweep.
    """
    rows = _read_locked(evse_ids)
    missing = sorted(set(evse_ids) - rows.keys())
    if missing:
        _create_rows(missing, now)
        rows |= _read_locked(missing)
    return rows


def lock_published_of(station_ids: Collection[int]) -> dict[int, PublishedRow]:
    """Read and lock, in order, the PublishedStatus rows of stations; one query."""
    return {
        row[0]: PublishedRow(Standing(*row[1:7]), *row[7:])
        for row in _read_of_stations(station_ids=station_ids)
    }


def write_changes(changes: Sequence[Change], now: datetime) -> None:
    """Write changed rows, their ledger and the desires that changed: at most three statements.

    `changes` must be in the order of the EVSEs. Announced after commit.
    """
    update_rows(PublishedStatus, {change.evse_id: _columns(change.after) for change in changes})
    ledger = [
        (new_row_id(), now, change.evse_id, *_standing_values(change.after.standing))
        for change in changes
        if change.is_real
    ]
    if ledger:
        append_rows(StatusLedger, _LEDGER_FIELDS, ledger)
    due = {"due_at": now, "attempts": 0}
    update_rows(
        EvseAvailability,
        {
            change.evse_id: {"desired": change.after.standing.desired, **due}
            for change in changes
            if change.is_wanted_otherwise
        },
    )
    waiting = {change.evse_id for change in changes if not change.after.is_announced}
    if waiting:
        transaction.on_commit(partial(_announce, waiting), robust=True)


def _standing_values(standing: Standing) -> tuple[Any, ...]:
    return tuple(getattr(standing, name) for name in _FIELDS[1:7])


def _columns(row: PublishedRow) -> dict[str, Any]:
    values = (
        *_standing_values(row.standing),
        row.manual,
        row.published_at,
        row.next_change_at,
        row.schedule_changed_at,
        row.is_announced,
    )
    return dict(zip(_FIELDS[1:], values, strict=True))


def _announce(evse_ids: set[int]) -> None:
    statuses_published.send(sender=PublishedStatus, evse_ids=evse_ids)


def _read_locked(evse_ids: Collection[int]) -> dict[int, PublishedRow]:
    rows = PublishedStatus.objects.filter(pk__in=evse_ids).order_by("pk").select_for_update()
    return {
        row[0]: PublishedRow(Standing(*row[1:7]), *row[7:]) for row in rows.values_list(*_FIELDS)
    }


def _create_rows(evse_ids: Collection[int], now: datetime) -> None:
    """Add rows that say nothing yet (no cause), so that the first publishing is a change."""
    PublishedStatus.objects.bulk_create(
        [PublishedStatus(evse_id=pk, published_at=now) for pk in evse_ids], ignore_conflicts=True
    )
    EvseAvailability.objects.bulk_create(
        [EvseAvailability(evse_id=pk) for pk in evse_ids], ignore_conflicts=True
    )
