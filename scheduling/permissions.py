"""Which statuses a user may set: the groups of sensors and booking systems know one each."""

from scheduling.domain.statuses import WindowStatus
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
