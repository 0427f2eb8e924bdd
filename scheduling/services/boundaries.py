"""What time alone changes: windows that start or end, and outages that outlast their grace."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from scheduling.models import PublishedStatus, WindowOccurrence
from scheduling.selectors.targets import Place, TargetKeys, places_under
from scheduling.services.publishing import Clock, republish

BATCH_SIZE = 500  # EVSEs in a transaction, so that nobody waits long for their rows


def apply_boundaries(clock: Clock) -> int:
    """Apply what is due; return how many windows had a boundary and how many outages outlasted.

    Boundaries missed while nobody ran this are applied now, once. Several processes may run it:
    each takes rows that no other holds (on SQLite one waits for the other and finds nothing). Each
    batch asks the clock anew, and publishes by the time at which its EVSEs are locked.
    """
    return sum(
        _apply_all(apply, queues, clock)
        for apply, queues in (
            (_apply_windows, (_starts, _ends)),
            (_apply_outages, (_outages,)),
        )
    )


def _apply_all(
    apply_batch: Callable[[Clock], int],
    queues: Sequence[Callable[[datetime], QuerySet[Any]]],
    clock: Clock,
) -> int:
    """Apply batches until none is left, or none that this process can have.

    Looking first takes no transaction: on SQLite the endpoint would wait for it.
    """
    applied = 0
    while any(queue(clock()).exists() for queue in queues) and (count := apply_batch(clock)):
        applied += count
    return applied


def _starts(now: datetime) -> QuerySet[WindowOccurrence]:
    return WindowOccurrence.objects.filter(start_applied_at=None, starts_at__lte=now)


def _ends(now: datetime) -> QuerySet[WindowOccurrence]:
    return WindowOccurrence.objects.filter(end_applied_at=None, ends_at__lte=now)


def _outages(now: datetime) -> QuerySet[PublishedStatus]:
    return PublishedStatus.objects.filter(next_change_at__lte=now)


@transaction.atomic
def _apply_windows(clock: Clock) -> int:
    """Publish the EVSEs of windows that start or end; commands by hand end with a boundary."""
    now = clock()
    due = _due_occurrences(now)
    if not due:
        return 0
    chosen, evse_ids = _fitting(due)
    rows = WindowOccurrence.objects.filter(pk__in=[each.pk for each in chosen])
    rows.filter(start_applied_at=None, starts_at__lte=now).update(start_applied_at=now)
    rows.filter(end_applied_at=None, ends_at__lte=now).update(end_applied_at=now)
    republish(evse_ids, now=clock, manual=dict.fromkeys(evse_ids))
    return len(chosen)


@transaction.atomic
def _apply_outages(clock: Clock) -> int:
    """Publish the EVSEs whose outage has outlasted the grace."""
    rows = _outages(clock()).order_by("pk").select_for_update(skip_locked=True)
    evse_ids = list(rows.values_list("pk", flat=True)[:BATCH_SIZE])
    republish(evse_ids, now=clock)
    return len(evse_ids)


def _due_occurrences(now: datetime) -> list[WindowOccurrence]:
    """Read and lock occurrences with a due boundary; one with both is over already."""
    queues = (_starts(now).order_by("starts_at"), _ends(now).order_by("ends_at"))
    due = {row.pk: row for queue in queues for row in _taken(queue)}
    return list(due.values())


def _taken(queue: QuerySet[WindowOccurrence]) -> QuerySet[WindowOccurrence]:
    return queue.select_for_update(skip_locked=True)[:BATCH_SIZE]


def _fitting(
    occurrences: Sequence[WindowOccurrence],
) -> tuple[list[WindowOccurrence], set[int]]:
    """Return as many occurrences as a batch has room for, at least one, and their EVSEs."""
    keys = TargetKeys(
        frozenset(each.location_id for each in occurrences if each.location_id is not None),
        frozenset(each.station_id for each in occurrences if each.station_id is not None),
        frozenset(each.evse_id for each in occurrences if each.evse_id is not None),
    )
    places = _by_target(places_under(keys))
    chosen: list[WindowOccurrence] = []
    evse_ids: set[int] = set()
    for each in occurrences:
        concerned = places.get((each.location_id, each.station_id, each.evse_id), set())
        if chosen and len(evse_ids | concerned) > BATCH_SIZE:
            break
        chosen.append(each)
        evse_ids |= concerned
    return chosen, evse_ids


def _by_target(
    places: Sequence[Place],
) -> dict[tuple[int | None, int | None, int | None], set[int]]:
    """Group EVSEs by location, station and EVSE, in the shape of an occurrence's target."""
    found: dict[tuple[int | None, int | None, int | None], set[int]] = {}
    for place in places:
        for key in (
            (place.location_id, None, None),
            (None, place.station_id, None),
            (None, None, place.evse_id),
        ):
            found.setdefault(key, set()).add(place.evse_id)
    return found
