"""What Celery does for stations; every task reconciles from the database."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from stations.domain.command import CommandSource
from stations.models import Station
from stations.services import command_expiry, commands, connecting, nodes, partitions
from stations.signals import stations_changed

STATIONS_PER_TRANSACTION = 250


@shared_task
def expire_commands() -> int:
    """End commands that were not sent or not answered in time."""
    return command_expiry.expire_commands(timezone.now())


@shared_task
def send_station_command(
    identity: str,
    kind: str,
    params: dict[str, Any] | None = None,
    expires_in_s: float = commands.DEFAULT_EXPIRY.total_seconds(),
) -> int:
    """Queue a command and return its id; an offline station has until the expiry to come back.

    Broker messages are readable: send secrets from a page or the API instead.
    """
    command = commands.send_command(
        Station.objects.get(identity=identity),
        kind,
        params,
        source=CommandSource.TASK,
        expires_in=timedelta(seconds=expires_in_s),
    )
    return int(command.pk)


@shared_task
def free_dead_nodes() -> None:
    """Free the stations of nodes that died; their published status follows within the grace."""
    station_ids = nodes.free_dead_nodes(timezone.now())
    for start in range(0, len(station_ids), STATIONS_PER_TRANSACTION):
        with transaction.atomic():
            portion = station_ids[start : start + STATIONS_PER_TRANSACTION]
            stations_changed.send(Station, station_ids=portion)


@shared_task
def make_partitions() -> None:
    """Keep the partitions of growing tables made two weeks ahead."""
    partitions.make_partitions(timezone.now())


@shared_task
def forget_unrecognised() -> None:
    """Keep the list of refused handshakes within bounds."""
    connecting.forget_unrecognised(timezone.now())


@shared_task
def note_beat() -> None:
    """Let readiness see that beat and a worker live."""
    nodes.note_beat(timezone.now())
