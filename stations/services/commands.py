"""Asking stations for something: the row is the queue, the node that holds the socket takes it."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Required, TypedDict, Unpack

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.domain.hidden import hide_secrets
from stations.gateway import wake_nodes
from stations.models import Command, Evse, Station, StationConnection, User
from stations.services.command_checks import chosen_evse, known_kind, normal_params
from stations.services.secrets import seal
from stations.signals import commands_settled

DEFAULT_EXPIRY = timedelta(seconds=60)
FIRST_PAUSE_S = 0.02
LONGEST_PAUSE_S = 0.1
# A station answers these after it has moved something, so they get twice the usual time.
SLOW_KINDS = frozenset({CommandKind.RESET, CommandKind.UNLOCK_CONNECTOR})


class StationOffline(Exception):  # noqa: N818 - an answer to whoever asked, like PermissionDenied
    """No socket of the station is open, and the caller did not ask to wait for one."""

    def __init__(self, station: Station) -> None:
        super().__init__(
            _("Station %(station)s is offline. Say how long the command may wait for it.")
            % {"station": station.identity}
        )
        self.station = station


class CommandOptions(TypedDict, total=False):
    """How a command is sent; without `expires_in` an offline station refuses it at once."""

    evse: Evse | None
    actor: User | None
    source: Required[CommandSource]
    expires_in: timedelta | None
    timeout_s: int | None
    raw: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """One command of several that are queued together."""

    station: Station
    kind: CommandKind | str
    source: CommandSource
    params: Mapping[str, Any] = field(default_factory=dict)
    evse: Evse | None = None
    actor: User | None = None
    expires_in: timedelta | None = None
    timeout_s: int | None = None


def send_command(
    station: Station,
    kind: CommandKind | str,
    params: Mapping[str, Any] | None = None,
    *,
    wait: timedelta | None = None,
    **options: Unpack[CommandOptions],
) -> Command:
    """Queue a command and wake its node; with `wait`, poll until it is settled or the time is over.

    Raises CommandRefused, StationOffline; RuntimeError for a `wait` inside a transaction, which
    would hide the command from the node that shall send it.
    """
    raw = options.get("raw")
    request = CommandRequest(
        station,
        kind,
        source=options["source"],
        params=params or {} if raw is None else raw,
        evse=options.get("evse"),
        actor=options.get("actor"),
        expires_in=options.get("expires_in"),
        timeout_s=options.get("timeout_s"),
    )
    with transaction.atomic(durable=wait is not None):
        command = send_commands([request])[0]
    return command if wait is None else wait_until_settled(command, wait)


def send_commands(
    requests: Sequence[CommandRequest], *, now: datetime | None = None
) -> list[Command]:
    """Queue several commands with one statement, and wake every node once, after the commit.

    All or none: raises CommandRefused or StationOffline for the first that cannot be sent. Two
    queries, and one more for each request that names its EVSE within its params.
    """
    now = now or timezone.now()
    nodes = _nodes_online({request.station.pk for request in requests})
    commands = [
        _new_command(request, is_online=request.station.pk in nodes, now=now)
        for request in requests
    ]
    created = Command.objects.bulk_create(commands)
    station_ids = {command.station_id for command in created} & nodes.keys()
    node_ids = {node_id for key in station_ids if (node_id := nodes[key]) is not None}
    transaction.on_commit(lambda: wake_nodes(node_ids, station_ids))
    return created


def cancel(command: Command, *, actor: User | None = None, now: datetime | None = None) -> bool:
    """Take back a command that still waits; False when it was sent or settled already."""
    by = _("Cancelled by %(user)s.") % {"user": actor} if actor else _("Cancelled.")
    changes = {
        "state": CommandState.EXPIRED,
        "settled_at": now or timezone.now(),
        "error_code": "Cancelled",
        "error": by[:255],
        "secret_params": "",
    }
    with transaction.atomic():
        waiting = Command.objects.filter(pk=command.pk, state=CommandState.QUEUED)
        if not waiting.update(**changes):
            return False
        for name, value in changes.items():
            setattr(command, name, value)
        commands_settled.send(Command, commands=[command])
    return True


def wait_until_settled(command: Command, wait: timedelta) -> Command:
    """Poll until the command is settled or `wait` is over; returns the row as it is then."""
    deadline_s = time.monotonic() + wait.total_seconds()
    pause_s = FIRST_PAUSE_S
    command.refresh_from_db()
    while not command.is_settled and time.monotonic() < deadline_s:
        time.sleep(min(pause_s, max(deadline_s - time.monotonic(), 0)))
        pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)
        command.refresh_from_db()
    return command


def _nodes_online(station_ids: Collection[int]) -> dict[int, int | None]:
    """Return the stations with an open socket and the node that holds it."""
    connections = StationConnection.objects.filter(station__in=station_ids).exclude(token="")
    return dict(connections.values_list("station_id", "node_id"))


def _new_command(request: CommandRequest, *, is_online: bool, now: datetime) -> Command:
    kind = known_kind(request.kind)
    params = dict(request.params)
    named = params.pop("evse", None)
    evse = chosen_evse(request.station, kind, request.evse or named)
    params = normal_params(request.station, kind, params)
    if not is_online and request.expires_in is None:
        raise StationOffline(request.station)
    shown = hide_secrets(params)
    timeout_s = settings.OCPP_CALL_TIMEOUT_S * (2 if kind in SLOW_KINDS else 1)
    return Command(
        station=request.station,
        evse=evse,
        kind=kind,
        params=shown,
        secret_params="" if shown == params else seal(orjson.dumps(params).decode()),
        source=request.source,
        actor=request.actor,
        timeout_s=request.timeout_s or timeout_s,
        created_at=now,
        expires_at=now + (request.expires_in or DEFAULT_EXPIRY),
    )
