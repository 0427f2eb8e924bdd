"""Notes that the effect of a command has been seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from stations.domain.command import CommandKind, CommandState
from stations.domain.command_effects import EffectSeen, is_effect_of
from stations.models import Command

# What happens later than this was not caused by the command.
EFFECT_WITHIN = timedelta(days=1)
# A station may act before its answer is written, or without ever answering a hard reset.
_STATES = (CommandState.SENT, CommandState.ACCEPTED, CommandState.TIMED_OUT)


def mark_effects(seen: Sequence[EffectSeen], now: datetime) -> int:
    """Set `effect_seen_at` of the commands that `seen` fulfils; returns how many.

    One query, and one conditional update when there is something to mark.
    """
    fulfilled = _fulfilled(seen, now) if seen else []
    if not fulfilled:
        return 0
    return Command.objects.filter(pk__in=fulfilled, effect_seen_at=None).update(effect_seen_at=now)


def _fulfilled(seen: Sequence[EffectSeen], now: datetime) -> list[int]:
    by_subject: dict[tuple[int, CommandKind], list[EffectSeen]] = {}
    for each in seen:
        by_subject.setdefault((each.station_id, each.kind), []).append(each)
    waiting = Command.objects.filter(
        station__in={each.station_id for each in seen},
        kind__in={each.kind for each in seen},
        state__in=_STATES,
        effect_seen_at=None,
        created_at__gt=now - EFFECT_WITHIN,
        sent_at__lte=now,
    ).values_list("pk", "station_id", "kind", "evse_id", "params")
    return [
        command_id
        for command_id, station_id, kind, evse_id, params in waiting
        if any(
            is_effect_of(each, command_id=command_id, evse_id=evse_id, params=params)
            for each in by_subject.get((station_id, CommandKind(kind)), ())
        )
    ]
