"""Ends commands that nobody will answer: they waited too long, or their socket died."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from stations.domain.command import CommandState
from stations.models import Command
from stations.signals import commands_settled

# A node settles a time-out itself; past this the node is gone, or its answer is.
NODE_GRACE = timedelta(seconds=10)
# An answer that came just before the station opened its next socket may wait to be written.
RECONNECT_GRACE = timedelta(seconds=5)
MAX_COMMANDS = 1000  # in one run; the next one goes on


def expire_commands(now: datetime) -> int:
    """End what is over and return how many commands that were.

    Queued ones past `expires_at` become expired. Sent ones become timed out when their time is
    over (`expires_at` holds it once they are sent), or when the station has a newer socket: else
    the one-in-flight rule would keep the station waiting. Locks the rows; skips locked ones.
    """
    with transaction.atomic():
        overdue = Command.objects.filter(
            state__in=(CommandState.QUEUED, CommandState.SENT), expires_at__lte=now
        )
        cut_off = Command.objects.filter(
            state=CommandState.SENT,
            station__connection__connected_at__gt=F("sent_at"),
            station__connection__connected_at__lte=now - RECONNECT_GRACE,
        )
        ended = {command.pk: command for query in (overdue, cut_off) for command in _locked(query)}
        commands = list(ended.values())
        _end(commands, now)
    return len(commands)


def _locked(commands: models.QuerySet[Any]) -> list[Command]:
    return list(
        commands.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:MAX_COMMANDS]
    )


def _end(commands: list[Command], now: datetime) -> None:
    for before, after, code, error in (
        (CommandState.QUEUED, CommandState.EXPIRED, "Expired", _("It was not sent in time.")),
        (CommandState.SENT, CommandState.TIMED_OUT, "NoAnswer", _("The station did not answer.")),
    ):
        ending = [command for command in commands if command.state == before]
        changes = {
            "state": after,
            "settled_at": now,
            "error_code": code,
            "error": error,
            "secret_params": "",
        }
        if ending:
            Command.objects.filter(pk__in=[each.pk for each in ending], state=before).update(
                **changes
            )
        for command in ending:
            for name, value in changes.items():
                setattr(command, name, value)
    if commands:
        commands_settled.send(Command, commands=commands)
