"""Which statuses a user may set, and on what: sensors and booking systems know one each."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from scheduling.domain.statuses import WindowStatus
from scheduling.querysets import SERVICE_STATUSES
from scheduling.selectors.targets import Target
from stations.domain.roles import IntegratorGroup
from stations.models import User

_ONLY = {
    IntegratorGroup.PARKING_SENSOR: WindowStatus.BLOCKED,
    IntegratorGroup.BOOKING_SYSTEM: WindowStatus.RESERVED,
}


def settable_statuses(user: User) -> frozenset[WindowStatus]:
    """Return the statuses that `user` may give to windows; one query.

    Only groups that let their users set windows count. Who is only in limited ones is limited to
    theirs; anybody else may set all that their model permissions let them.
    """
    if user.is_superuser:
        return frozenset(WindowStatus)
    granting = user.groups.filter(
        permissions__codename="add_statuswindow", permissions__content_type__app_label="scheduling"
    )
    groups = set(granting.values_list("name", flat=True))
    if not groups or groups - set(_ONLY):
        return frozenset(WindowStatus)
    return frozenset(status for group, status in _ONLY.items() if group in groups)


def check_targets(user: User, wanted: Iterable[tuple[Target, str]]) -> None:
    """Raise PermissionDenied unless `user` may set each status on its target.

    One query for each kind of target and each of two rights, however many targets there are.
    """
    by_right: dict[tuple[type[Target], bool], set[int]] = {}
    for target, status in wanted:
        by_right.setdefault((type(target), status in SERVICE_STATUSES), set()).add(target.pk)
    for (model, is_service), keys in by_right.items():
        rows = model._default_manager.filter(pk__in=keys)
        allowed = rows.serviceable_by(user) if is_service else rows.changeable_by(user)
        if allowed.count() < len(keys):
            raise PermissionDenied("You may see this, and not set this status on it.")
