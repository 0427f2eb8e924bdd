"""What the settled availability commands of a batch mean for the EVSEs they were sent to."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from scheduling.domain.reconciliation import Values, values_after_answer
from scheduling.domain.statuses import AvailabilityOutcome
from scheduling.models import EvseAvailability
from scheduling.services.followers import asked_by, follower, lock_availabilities
from scheduling.services.publishing import republish
from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.models import Command, Evse
from stations.rows.update import update_rows

_BY_HAND = frozenset({CommandSource.ADMIN, CommandSource.API, CommandSource.COMMAND_LINE})
_OUTCOMES = {
    CommandState.ACCEPTED: AvailabilityOutcome.ACCEPTED,
    CommandState.TIMED_OUT: AvailabilityOutcome.TIMED_OUT,
    # It waited for a socket and was never sent.
    CommandState.EXPIRED: AvailabilityOutcome.OFFLINE,
    CommandState.REJECTED: AvailabilityOutcome.REJECTED,
    CommandState.FAILED: AvailabilityOutcome.REJECTED,
}


def settle(commands: Sequence[Command], *, now: datetime) -> None:
    """Note the answers to availability commands; others are left alone.

    One that was sent by hand and accepted becomes what is desired of its EVSEs, and is published.
    A fixed number of queries. Runs in the transaction that settles the commands.
    """
    settled = [each for each in commands if each.kind == CommandKind.CHANGE_AVAILABILITY]
    if not settled:
        return
    by_hand = _accepted_by_hand(settled)
    republish(by_hand.keys(), now=now, manual={pk: asked_by(by_hand[pk]) for pk in by_hand})
    _note_answers({command.pk: command for command in settled}, by_hand, now)


def outcome_of(command: Command) -> AvailabilityOutcome:
    """Return what became of a settled availability command."""
    outcome = _OUTCOMES[CommandState(command.state)]
    answer = command.answer if isinstance(command.answer, dict) else {}
    if outcome is AvailabilityOutcome.ACCEPTED and answer.get("status") == "Scheduled":
        return AvailabilityOutcome.SCHEDULED
    return outcome


def _accepted_by_hand(commands: Sequence[Command]) -> dict[int, Command]:
    """Return the last accepted command by hand of each EVSE; at most one query."""
    accepted = [
        each for each in commands if each.source in _BY_HAND and each.state == CommandState.ACCEPTED
    ]
    whole = {each.station_id: each for each in accepted if each.evse_id is None}
    found = {}
    if whole:
        evses = Evse.objects.filter(station_id__in=whole, retired_at=None)
        found = {pk: whole[station] for pk, station in evses.values_list("pk", "station_id")}
    for each in accepted:
        if each.evse_id is not None and each.pk > _key(found.get(each.evse_id)):
            found[each.evse_id] = each
    return found


def _key(command: Command | None) -> int:
    return command.pk if command else 0


def _note_answers(settled: dict[int, Command], by_hand: dict[int, Command], now: datetime) -> None:
    concerned = EvseAvailability.objects.filter(
        Q(command_id__in=settled.keys()) | Q(pk__in=by_hand.keys())
    )
    changes: dict[int, Values] = {}
    for pk, row in lock_availabilities(concerned).items():
        command = settled.get(row.command_id or 0) or _unless_waiting(row, by_hand.get(pk))
        if command is None:
            continue
        changes[pk] = {
            **values_after_answer(follower(row), asked_by(command), outcome_of(command), now),
            "command_id": command.pk,
        }
    update_rows(EvseAvailability, changes)


def _unless_waiting(row: EvseAvailability, command: Command | None) -> Command | None:
    """A command of the reconciler that is still under way will have the last word."""
    if row.command is not None and not row.command.is_settled:
        return None
    return command
