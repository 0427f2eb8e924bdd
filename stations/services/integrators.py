"""Integrators: the users that programs call the API as, and their tokens."""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import transaction
from knox.models import AuthToken

from stations.domain.roles import IntegratorGroup, Role
from stations.models import Membership, Operator, User


class IntegratorRefused(Exception):  # noqa: N818 - an answer to whoever asked
    """No token can be made like this; the message says why, for people."""


@transaction.atomic
def create_token(name: str, *, group: IntegratorGroup, operators: Collection[Operator] = ()) -> str:
    """Return a token of the integrator `name`, who is made when there is none.

    Its scopes are the group's; it sees the operators named, or, with full access and none named,
    all of them. Raises IntegratorRefused when the name has other scopes already.
    """
    sees_all = group is IntegratorGroup.FULL_API and not operators
    user = User.objects.filter(username=name).first()
    if user is None:
        user = _create(name, group, operators, sees_all=sees_all)
    elif not _has_scopes(user, group, operators, sees_all=sees_all):
        raise IntegratorRefused(
            f"{name} is a user already, with other rights. Choose another name."
        )
    _row, token = AuthToken.objects.create(user, expiry=None)
    return str(token)


def _create(
    name: str, group: IntegratorGroup, operators: Collection[Operator], *, sees_all: bool
) -> User:
    user = User.objects.create_user(username=name, sees_all_operators=sees_all)
    user.groups.add(Group.objects.get(name=group))
    for operator in operators:
        Membership.objects.create(user=user, role=Role.INTEGRATOR, operator=operator)
    return user


def _has_scopes(
    user: User, group: IntegratorGroup, operators: Collection[Operator], *, sees_all: bool
) -> bool:
    memberships = set(user.memberships.values_list("role", "operator"))
    return (
        not user.has_usable_password()
        and user.is_active
        and not (user.is_staff or user.is_superuser)
        and user.sees_all_operators == sees_all
        and set(user.groups.values_list("name", flat=True)) == {group.value}
        and memberships == {(Role.INTEGRATOR.value, operator.pk) for operator in operators}
    )
