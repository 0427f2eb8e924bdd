"""Who may do what: access that ends, and the permissions of API routes."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import BigIntegerField, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS, DjangoModelPermissions
from rest_framework.request import Request

from stations.domain.hidden import mask_tokens, mask_tokens_in_text
from stations.domain.rights import Rights, Seat
from stations.domain.roles import Role
from stations.models import Station, User
from stations.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports the permissions of the settings


class LimitedTimeBackend(ModelBackend):
    """Django's own backend, minus the users whose access has ended."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Say whether `user` is active and their access has not ended."""
        if isinstance(user, User) and user.has_ended(timezone.now()):
            return False
        return super().user_can_authenticate(user)


class ModelPermissions(DjangoModelPermissions):
    """Reading needs the view permission too; the permissions of a group are a token's scopes."""

    perms_map = DjangoModelPermissions.perms_map | {
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
        "OPTIONS": [],
    }

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        """Say whether the caller may do this to a row that they see."""
        return request.method in SAFE_METHODS or may_change(request.user, obj)


def may_change(user: Any, row: Any) -> bool:
    """Say whether `user` may write a row, where model permissions let them; one query at most.

    Rows without a scope are for those who see all.
    """
    if not (isinstance(user, User) and user.is_active):
        return False
    if user.is_superuser or user.sees_all_operators:
        return True
    rows = type(row)._default_manager.all()
    return isinstance(rows, VisibleQuerySet) and bool(
        rows.changeable_by(user).filter(pk=row.pk).exists()
    )


def may_service(user: User, station: Station) -> bool:
    """Say whether `user` may send commands to a station, where model permissions let them."""
    return bool(Station.objects.serviceable_by(user).filter(pk=station.pk).exists())


def rights_of(user: User) -> Rights:
    """Return what `user` may do, active or not; two queries."""
    held = user.memberships.annotate(
        place=Coalesce("operator", "account__operator", output_field=BigIntegerField())
    )
    rows = held.values_list("role", "place", "account")
    granted = Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()
    names = granted.order_by().values_list("content_type__app_label", "codename")
    return Rights(
        seats=frozenset(Seat(Role(role), place, account) for role, place, account in rows),
        permissions=frozenset(f"{label}.{name}" for label, name in names),
        sees_all_operators=user.sees_all_operators,
        is_superuser=user.is_superuser,
    )


def reads_tokens(user: Any) -> bool:
    """Say whether `user` may read the tokens of drivers in full; technicians never may."""
    is_permitted = isinstance(user, User) and user.has_perm("charging.change_token")
    return is_permitted and (user.is_superuser or not user.is_technician)


def readable(user: Any, value: Any) -> Any:
    """Return what `user` may read of JSON, or of logged text: tokens masked, or as they are."""
    if reads_tokens(user):
        return value
    return mask_tokens_in_text(value) if isinstance(value, str) else mask_tokens(value)
