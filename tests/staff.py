"""Browsers of people who work in the back office."""

from django.contrib.auth.models import Permission
from django.test import Client

from stations.domain.roles import Role
from stations.models import Membership, Operator, User
from tests import factories


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def superuser() -> User:
    return factories.user(is_staff=True, is_superuser=True)


def operator_staff(operator: Operator, *codenames: str) -> User:
    """Return staff of one operator; without codenames they hold every permission."""
    user = factories.user(is_staff=True)
    Membership.objects.create(user=user, role=Role.OPERATOR_STAFF, operator=operator)
    permissions = Permission.objects.all()
    user.user_permissions.set(
        permissions.filter(codename__in=codenames) if codenames else permissions
    )
    return user
