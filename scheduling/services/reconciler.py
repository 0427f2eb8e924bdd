"""Drive stations to what is desired of their EVSEs: by level, so that nothing is ever missed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When

from scheduling.domain.reconciliation import VERIFY_AFTER, Order, plan
from scheduling.domain.statuses import Availability, AvailabilityOutcome
from scheduling.models import EvseAvailability, PublishedStatus
from scheduling.services.followers import follower, lock_availabilities
from scheduling.services.published_rows import lock_published
from stations.domain.command import SETTLED_STATES, CommandKind, CommandSource
from stations.models import Command, Evse, StationConnection
from stations.rows.update import update_rows
from stations.services.commands import CommandRequest, send_commands

BATCH_SIZE = 500  # due EVSEs in a transaction
# The socket is open when a command is made; if it closes, the next connection makes a new one.
EXPIRES_IN = timedelta(seconds=60)


def reconcile(now: datetime) -> int:
    """Look after every EVSE that is due and return how many commands were sent.

    Several processes may run it: one waits for the other's rows and finds them done. A fixed
    number of queries for each 500 EVSEs.
    """
    sent = 0
    while _due(now).exists():
        sent += _reconcile_batch(now)
    return sent


def due_after_connect(station_ids: Collection[int], now: datetime, *, booted: bool) -> None:
    """Note that stations are back: what they have missed is due at once; one statement.

    After a boot a station may have forgotten that it shall be out of service: it is told again.
    Without one, what it accepted is verified again, since that may have been due while it was
    away. Runs in the caller's transaction.
    """
    rows = EvseAvailability.objects.filter(
        ~Q(desired=F("confirmed")) | Q(desired=Availability.INOPERATIVE),
        pk__in=Evse.objects.filter(station_id__in=station_ids).values("pk"),
    )
    if booted:
        operative = Value(Availability.OPERATIVE.value)
        rows.update(
            due_at=now,
            confirmed=Case(
                When(desired=Availability.INOPERATIVE, then=operative), default=F("confirmed")
            ),
        )
    else:
        later = Value(now + VERIFY_AFTER)
        rows.update(
            due_at=Case(
                When(desired=F("confirmed"), then=later),
                default=Value(now),
                output_field=DateTimeField(),
            )
        )


def recall_stragglers(now: datetime) -> int:
    """Make EVSEs due that are astray though nobody looks after them; two statements, or four.

    None should be: this repairs what a lost signal, a lost update or a crash left behind.
    """
    _follow_published(now)
    connected = StationConnection.objects.exclude(token="").values("station_id")
    rows = EvseAvailability.objects.filter(
        ~Q(desired=F("confirmed")),
        due_at=None,
        pk__in=Evse.objects.filter(retired_at=None, station_id__in=connected).values("pk"),
    )
    waiting = Command.objects.exclude(state__in=SETTLED_STATES).values("pk")
    return rows.exclude(command_id__in=waiting).update(due_at=now)


def _follow_published(now: datetime) -> None:
    """Desire what is desired where the status is published, which is decided first."""
    astray = PublishedStatus.objects.exclude(desired=F("evse__availability__desired"))
    evse_ids = list(astray.filter(evse__availability__isnull=False).values_list("pk", flat=True))
    rows = lock_published(evse_ids, now=now) if evse_ids else {}
    update_rows(
        EvseAvailability,
        {
            evse_id: {"desired": row.standing.desired, "due_at": now, "attempts": 0}
            for evse_id, row in sorted(rows.items())
        },
    )


def _due(now: datetime) -> QuerySet[EvseAvailability]:
    return EvseAvailability.objects.filter(due_at__lte=now)


@transaction.atomic
def _reconcile_batch(now: datetime) -> int:
    """Look after the stations whose EVSEs have been due longest."""
    stations = _due(now).order_by("due_at", "pk").values_list("evse__station_id", flat=True)
    evses = Evse.objects.filter(station_id__in=set(stations[:BATCH_SIZE]))
    rows = lock_availabilities(EvseAvailability.objects.filter(pk__in=evses.values("pk")))
    made = plan([follower(row, is_due=_is_due(row, now)) for row in rows.values()], now)
    changes = made.changes | _send(made.orders, rows, now)
    update_rows(EvseAvailability, dict(sorted(changes.items())))
    return len(made.orders)


def _is_due(row: EvseAvailability, now: datetime) -> bool:
    return row.due_at is not None and row.due_at <= now


def _send(
    orders: Sequence[Order], rows: Mapping[int, EvseAvailability], now: datetime
) -> dict[int, dict[str, Any]]:
    """Queue the commands and return what changes of the EVSEs that they stand for."""
    if not orders:
        return {}
    commands = send_commands([_request(order, rows) for order in orders], now=now)
    return {
        evse_id: {
            "command_id": command.pk,
            "outcome": AvailabilityOutcome.PENDING.value,
            "outcome_at": now,
            "due_at": None,
        }
        for order, command in zip(orders, commands, strict=True)
        for evse_id in order.evse_ids
    }


def _request(order: Order, rows: Mapping[int, EvseAvailability]) -> CommandRequest:
    evse = rows[order.evse_ids[0]].evse
    return CommandRequest(
        station=evse.station,
        kind=CommandKind.CHANGE_AVAILABILITY,
        source=CommandSource.TASK,
        params={"availability": order.availability.value},
        evse=None if order.evse_id is None else evse,
        expires_in=EXPIRES_IN,
    )
