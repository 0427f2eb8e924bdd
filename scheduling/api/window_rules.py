"""What both doors to windows share: who may set which status, and refusals as problems."""

from collections.abc import Callable, Sequence
from typing import Any

from rest_framework.exceptions import PermissionDenied, ValidationError

from scheduling.domain.statuses import WindowSource
from scheduling.models import StatusWindow
from scheduling.permissions import check_targets, settable_statuses
from scheduling.services.window_orders import OrdersRefused, WindowOrder, place_orders
from stations.models import User

MOST_WINDOWS = 1000
Errors = dict[int, dict[str, Any]]


def check_statuses(user: User, statuses: Sequence[str]) -> None:
    """Raise PermissionDenied unless `user` may set, change and end windows of these statuses."""
    settable = settable_statuses(user)
    refused = sorted({status for status in statuses if status not in settable})
    if refused:
        allowed = ", ".join(sorted(settable)) or "none"
        raise PermissionDenied(
            f"You may not set {', '.join(refused)}. Your groups allow: {allowed}."
        )


def place(
    user: User, orders: Sequence[WindowOrder], *, as_errors: Callable[[Errors], Any]
) -> list[StatusWindow]:
    """Set windows, all or none; `as_errors` shapes the errors, by field and position."""
    check_statuses(user, [order.values["status"] for order in orders])
    check_targets(user, [(order.target, order.values["status"]) for order in orders])
    try:
        return place_orders(orders, source=WindowSource.API, actor=user)
    except OrdersRefused as refused:
        raise ValidationError(as_errors(refused.errors)) from refused
