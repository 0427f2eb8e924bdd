"""Several windows that are wanted together: all are set or none, and each says why not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from scheduling.domain.statuses import WindowSource
from scheduling.models import StatusWindow
from scheduling.selectors.targets import Target
from scheduling.services.window_rows import lock_targets
from scheduling.services.windows import WindowRefused, set_window, set_windows
from stations.models import User


@dataclass(frozen=True, slots=True)
class WindowOrder:
    """A window on one target; `values` are those of `set_window`."""

    target: Target
    values: dict[str, Any] = field(default_factory=dict)


class OrdersRefused(Exception):  # noqa: N818 - an answer to whoever asked
    """None was set; `errors` has the errors by field of the orders refused, by position."""

    def __init__(self, errors: Mapping[int, dict[str, Any]]) -> None:
        super().__init__("at least one window was refused")
        self.errors = dict(errors)


@transaction.atomic
def place_orders(
    orders: Sequence[WindowOrder], *, source: WindowSource, actor: User | None
) -> list[StatusWindow]:
    """Set the windows and return them in the order of `orders`; raises OrdersRefused.

    Orders that want the same on different targets cost as much as one. Locks the targets' rows.
    """
    lock_targets([order.target for order in orders])
    now = timezone.now()
    windows: dict[int, StatusWindow] = {}
    errors: dict[int, dict[str, Any]] = {}
    for positions in _alike(orders):
        group = {position: orders[position] for position in positions}
        try:
            with transaction.atomic():
                windows |= _set_together(group, source=source, actor=actor, now=now)
        except WindowRefused:
            errors |= _refusals(group, source=source, actor=actor, now=now)
    if errors:
        raise OrdersRefused(errors)
    return [windows[position] for position in range(len(orders))]


def _alike(orders: Sequence[WindowOrder]) -> list[list[int]]:
    """Return the positions of orders by what they want; a target appears once in each."""
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    times_seen: dict[tuple[Any, ...], int] = defaultdict(int)
    for position, order in enumerate(orders):
        wanted = tuple(sorted(order.values.items(), key=lambda item: item[0]))
        place = (*_place(order.target), wanted)
        groups[wanted, times_seen[place]].append(position)
        times_seen[place] += 1
    return list(groups.values())


def _set_together(group: dict[int, WindowOrder], **options: Any) -> dict[int, StatusWindow]:
    values = next(iter(group.values())).values
    targets = [order.target for order in group.values()]
    set_on = {_place(window.target): window for window in set_windows(targets, **options, **values)}
    return {position: set_on[_place(order.target)] for position, order in group.items()}


def _refusals(group: dict[int, WindowOrder], **options: Any) -> dict[int, dict[str, Any]]:
    """Return why orders of the group are refused, each tried by itself."""
    errors: dict[int, dict[str, Any]] = {}
    for position, order in group.items():
        try:
            with transaction.atomic():
                set_window(target=order.target, **options, **order.values)
        except WindowRefused as refusal:
            errors[position] = refusal.message_dict
    return errors


def _place(target: Target) -> tuple[type[Target], int]:
    return type(target), target.pk
