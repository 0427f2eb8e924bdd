"""The processes of the back office: who lives, and what becomes of the stations of the dead."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from stations.models import Node, Station, StationConnection
from stations.rows.ids import REGISTERED_NUMBERS, row_ids
from stations.rows.update import update_rows
from stations.signals import stations_changed

# A node that has not been seen for this long is dead (its heartbeat is 5 s).
NODE_TIMEOUT = timedelta(seconds=30)
BEAT = "beat"


def register_node(name: str, *, kind: str) -> int:
    """Register this process under the smallest free number, and return the node's id.

    The number becomes part of the row ids that the process makes. Raises RuntimeError when all
    numbers are taken.
    """
    now = timezone.now()
    for _ in range(REGISTERED_NUMBERS):
        taken = set(Node.objects.values_list("number", flat=True))
        number = next((n for n in range(REGISTERED_NUMBERS) if n not in taken), None)
        if number is None:
            break
        try:
            with transaction.atomic():
                node = Node.objects.create(
                    number=number, name=name, kind=kind, started_at=now, seen_at=now
                )
        except IntegrityError:  # another process took the number at the same moment
            continue
        row_ids.use_node_number(number)
        return node.pk
    raise RuntimeError(f"all {REGISTERED_NUMBERS} node numbers are taken, expected a free one")


def touch_node(node_id: int, *, name: str, now: datetime) -> int | None:
    """Note that the node lives; returns a new id when it had been given up, else None."""
    if Node.objects.filter(pk=node_id).update(seen_at=now):
        return None
    return register_node(name, kind="web")


def adopt_stations(node_id: int, sockets: Mapping[int, str]) -> None:
    """Note again what sockets (station id -> token) a node holds that had been given up.

    Stations that have a newer socket elsewhere stay there. Runs in the caller's transaction.
    """
    rows = StationConnection.objects.filter(station__in=sockets).values_list("station_id", "token")
    own = [station_id for station_id, token in rows if token in {"", sockets[station_id]}]
    update_rows(
        StationConnection,
        {
            station_id: {"token": sockets[station_id], "node_id": node_id, "disconnected_at": None}
            for station_id in own
        },
    )
    if own:
        stations_changed.send(Station, station_ids=own)


def forget_node(node_id: int) -> None:
    """Remove a node that ends in good order; its stations are free already."""
    Node.objects.filter(pk=node_id).delete()


def free_dead_nodes(now: datetime) -> list[int]:
    """Free the stations of nodes that are not seen any more; returns the stations' ids.

    Their rows say since when they have been away: since the node was last seen.
    """
    freed: list[int] = []
    for node in Node.objects.exclude(kind=BEAT).filter(seen_at__lt=now - NODE_TIMEOUT):
        with transaction.atomic():
            # Locked, and as it was read: one that beats meanwhile lives, and keeps its stations.
            dead = Node.objects.select_for_update().filter(pk=node.pk, seen_at=node.seen_at)
            if not dead.exists():
                continue
            stations = StationConnection.objects.filter(node=node)
            freed += stations.values_list("station_id", flat=True)
            stations.update(token="", node=None, disconnected_at=node.seen_at)
            dead.delete()
    freed += _free_orphans(now)
    return freed


def _free_orphans(now: datetime) -> list[int]:
    """Free stations whose node's row went away while their sockets were noted as open."""
    orphans = StationConnection.objects.filter(node__isnull=True).exclude(token="")
    found = list(orphans.values_list("station_id", flat=True))
    if found:
        orphans.filter(station_id__in=found).update(token="", disconnected_at=now)
    return found


def note_beat(now: datetime) -> None:
    """Note that Celery beat and a worker live."""
    if not Node.objects.filter(kind=BEAT).update(seen_at=now):
        register_node(BEAT, kind=BEAT)


def beat_age(now: datetime) -> timedelta | None:
    """Return how long ago Celery beat was last seen, or None if never."""
    seen_at = Node.objects.filter(kind=BEAT).values_list("seen_at", flat=True).first()
    return None if seen_at is None else now - seen_at
