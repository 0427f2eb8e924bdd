"""Something done to many targets, in transactions that keep nobody waiting for long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from scheduling.selectors.targets import Target
from scheduling.services.window_rules import WindowRefused

MOST_TARGETS = 1000  # in one request, which lasts as long as they take
TARGETS_PER_TRANSACTION = 200


@dataclass(slots=True)
class PortionsDone:
    """Which targets something was done to, and which were left as they were and why."""

    done: list[Target] = field(default_factory=list)
    refused: list[tuple[Sequence[Target], WindowRefused]] = field(default_factory=list)


def check_count(count: int) -> None:
    """Raise WindowRefused for more targets than one request may have."""
    if count > MOST_TARGETS:
        text = _("At most %(most)d are possible at once; %(count)d were chosen. Choose fewer.")
        raise WindowRefused({"target": text % {"most": MOST_TARGETS, "count": count}})


def in_portions(
    targets: Sequence[Target], apply: Callable[[Sequence[Target]], object]
) -> PortionsDone:
    """Apply something to targets, a portion at a time, all or none of each.

    `apply` is a transaction of its own. Raises WindowRefused for too many targets, and what was
    refused where no portion was done.
    """
    check_count(len(targets))
    result = PortionsDone()
    for start in range(0, len(targets), TARGETS_PER_TRANSACTION):
        portion = targets[start : start + TARGETS_PER_TRANSACTION]
        try:
            apply(portion)
        except WindowRefused as refusal:
            result.refused.append((portion, refusal))
        else:
            result.done.extend(portion)
    if result.refused and not result.done:
        raise result.refused[0][1]
    return result
