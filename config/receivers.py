"""What happens by itself in the project as a whole: the groups of integrators always exist."""

from typing import Any

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.db.models import Q

from stations.domain.roles import IntegratorGroup

LABELS = ("stations", "charging", "scheduling", "roaming", "diagnostics")

_SETS_STATUSES = Q(codename__endswith="_statuswindow") | Q(
    codename__in=["view_evse", "view_station", "view_location"]
)
# The permissions of a group are the scopes of its tokens.
SCOPES = {
    IntegratorGroup.FULL_API: Q(),
    IntegratorGroup.READ_ONLY: Q(codename__startswith="view_"),
    IntegratorGroup.PARKING_SENSOR: _SETS_STATUSES,
    IntegratorGroup.BOOKING_SYSTEM: _SETS_STATUSES,
}


def create_groups(*, using: str, apps: Apps = current_apps, **_: Any) -> None:
    """Give every integrator group exactly its permissions, after each migration."""
    try:
        groups = apps.get_model("auth", "Group").objects.using(using)
        permissions = apps.get_model("auth", "Permission").objects.using(using)
    except LookupError:  # the migrations of auth were taken back
        return
    ours = permissions.filter(content_type__app_label__in=LABELS)
    for name, scope in SCOPES.items():
        group, _created = groups.get_or_create(name=name.value)
        group.permissions.set(ours.filter(scope))
