"""Takes queued commands to the sockets of a node, and writes down what the stations answered."""

import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef

from stations.domain.command import CommandKind, CommandState
from stations.domain.command_order import CommandAnswer, CommandNotPossible
from stations.domain.hidden import hide_secrets
from stations.domain.ocpp_version import OcppVersion
from stations.domain.setup_state import RegistrationStatus
from stations.models import Command
from stations.ocpp.command_tables import COMMAND_TABLES
from stations.ocpp.command_translation import CommandTables
from stations.ocpp.connection import OutgoingCall
from stations.ocpp.errors import ErrorCode
from stations.ocpp.frames import CallError, CallResult
from stations.ocpp.orders import load_addresses, opened_params, outgoing_call
from stations.rows.update import update_rows
from stations.services.command_expiry import NODE_GRACE
from stations.services.rotation import begin_rotations, end_rotations, is_rotation
from stations.signals import commands_settled

logger = logging.getLogger(__name__)

Changes = dict[str, Any]

# A station that does not know an action refuses it; any other CALLERROR is a failure.
_REFUSALS = frozenset({ErrorCode.NOT_IMPLEMENTED, ErrorCode.NOT_SUPPORTED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a CALL: its answer, or None when none came in time or the socket closed."""

    command_id: int
    version: OcppVersion
    reply: CallResult | CallError | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """The commands that came to their end, and the ids of those that had come to it before."""

    commands: list[Command]
    late: list[int]


class CommandPump:
    """The node's side of the queue; its methods write, so they run in the writer thread."""

    def __init__(self, tables: CommandTables = COMMAND_TABLES) -> None:
        self._tables = tables

    def take_queued(
        self,
        node_id: int,
        station_ids: Collection[int] | None = None,
        *,
        now: datetime,
        limit: int = 400,
    ) -> list[OutgoingCall]:
        """Mark the next command of each station as sent and return its CALL.

        Only of stations connected to this node, without a CALL under way, and not Rejected. What
        cannot be said to a station fails here and is announced. Three queries, whatever the number
        of stations. Locks the rows and skips locked ones, so that each has one taker.
        """
        try:
            with transaction.atomic():
                waiting = list(_waiting(node_id, station_ids, now)[:limit])
                return self._take(waiting, now) if waiting else []
        except IntegrityError:  # another node was faster; the next poll sees what it did
            logger.warning("node %s met another taker of its commands", node_id, exc_info=True)
            return []

    def put_back(self, call: OutgoingCall) -> None:
        """Queue a command again that was taken but never sent, since its station had just left."""
        Command.objects.filter(pk=call.command_id, state=CommandState.SENT).update(
            state=CommandState.QUEUED,
            message_id="",
            sent_at=None,
            expires_at=call.expires_at,
        )

    def settle(self, answers: Sequence[Answer], *, now: datetime) -> Settlement:
        """Write the end of commands that are still under way; announce them once.

        An answer to a command that was ended before changes nothing. Two queries. Locks the rows.
        """
        by_command = {answer.command_id: answer for answer in answers}
        with transaction.atomic():
            under_way = Command.objects.filter(pk__in=by_command, state=CommandState.SENT)
            commands = list(under_way.order_by("pk").select_for_update())
            _write({each: self._end(each, by_command[each.pk], now) for each in commands})
            end_rotations(commands)
            if commands:
                commands_settled.send(Command, commands=commands)
        late = by_command.keys() - {command.pk for command in commands}
        return Settlement(commands, sorted(late))

    def _take(self, waiting: Sequence[Command], now: datetime) -> list[OutgoingCall]:
        addresses = load_addresses(waiting)
        calls: list[OutgoingCall] = []
        changes: dict[Command, Changes] = {}
        for command in waiting:
            try:
                call = outgoing_call(
                    command,
                    message_id=uuid.uuid4().hex,
                    addresses=addresses,
                    tables=self._tables,
                )
            except CommandNotPossible as finding:
                answer = CommandAnswer(CommandState.FAILED, "NotPossible", str(finding))
                changes[command] = _settled(answer, now)
            else:
                calls.append(call)
                changes[command] = _sent(call, now)
        begin_rotations(
            {
                command.station_id: str(opened_params(command)["value"])
                for command in waiting
                if command in changes
                and changes[command]["state"] == CommandState.SENT
                and is_rotation(command)
            }
        )
        _write(changes)
        failed = [command for command in waiting if command.is_settled]
        if failed:
            commands_settled.send(Command, commands=failed)
        return calls

    def _end(self, command: Command, answer: Answer, now: datetime) -> Changes:
        payload = answer.reply.payload if isinstance(answer.reply, CallResult) else None
        meaning = self._meaning(command, answer)
        return _settled(meaning, now) | {"answer": hide_secrets(payload)}

    def _meaning(self, command: Command, answer: Answer) -> CommandAnswer:
        reply = answer.reply
        if reply is None:
            return CommandAnswer(
                CommandState.TIMED_OUT, "NoAnswer", "The station did not answer in time."
            )
        if isinstance(reply, CallError):
            is_refusal = ErrorCode.from_wire(reply.code) in _REFUSALS
            state = CommandState.REJECTED if is_refusal else CommandState.FAILED
            return CommandAnswer(state, reply.code, reply.description)
        translation = self._tables[answer.version][CommandKind(command.kind)]
        return translation.outcome(reply.payload)


def _waiting(
    node_id: int, station_ids: Collection[int] | None, now: datetime
) -> models.QuerySet[Any]:
    of_station = Command.objects.filter(station=OuterRef("station"))
    queued = Command.objects.filter(state=CommandState.QUEUED, expires_at__gt=now)
    older = of_station.filter(state=CommandState.QUEUED, expires_at__gt=now, pk__lt=OuterRef("pk"))
    under_way = of_station.filter(state=CommandState.SENT)
    found = (
        queued.filter(~Exists(older), ~Exists(under_way), station__connection__node=node_id)
        .exclude(station__connection__token="")
        .exclude(station__registration=RegistrationStatus.REJECTED)
    )
    if station_ids is not None:
        found = found.filter(station__in=station_ids)
    return (
        found.select_related("station__connection", "evse")
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",))
    )


def _sent(call: OutgoingCall, now: datetime) -> Changes:
    """From here on `expires_at` says when the answer is given up on the node's behalf."""
    return {
        "state": CommandState.SENT.value,
        "message_id": call.message_id,
        "action": call.action,
        "sent_at": now,
        "expires_at": now + timedelta(seconds=call.timeout_s) + NODE_GRACE,
    }


def _settled(answer: CommandAnswer, now: datetime) -> Changes:
    return {
        "state": answer.state.value,
        "settled_at": now,
        "error_code": answer.detail[:50],
        "error": answer.reason[:255],
        "secret_params": "",
    }


def _write(changes: Mapping[Command, Changes]) -> None:
    update_rows(Command, {command.pk: changed for command, changed in changes.items()})
    for command, changed in changes.items():
        for name, value in changed.items():
            setattr(command, name, value)
