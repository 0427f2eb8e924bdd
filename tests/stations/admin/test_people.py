"""Nobody takes over another user, or hands out what they do not have."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from stations.domain.roles import Role
from stations.models import Membership
from tests import factories
from tests.staff import browser_of, superuser

pytestmark = pytest.mark.django_db
EDITS = ("view_user", "change_user", "change_membership", "add_membership", "delete_membership")


def person(*seats, may=EDITS, **fields):
    user = factories.user(is_staff=True, **fields)
    for role, operator in seats:
        Membership.objects.create(user=user, role=role, operator=operator)
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    return user


def reset_password(caller, target):
    address = reverse("admin:auth_user_password_change", args=[target.pk])
    fields = {"password1": "a-new-long-password", "password2": "a-new-long-password"}
    answer = browser_of(caller).post(address, fields)
    target.refresh_from_db()
    return answer.status_code, target.check_password("a-new-long-password")


@pytest.fixture
def operators():
    return factories.operator(), factories.operator()


def test_staff_cannot_take_over_who_administers_another_operator(operators):
    here, there = operators
    caller = person((Role.OPERATOR_ADMIN, here))
    target = person((Role.OPERATOR_STAFF, here), (Role.OPERATOR_ADMIN, there))
    assert reset_password(caller, target) == (403, False)


def test_who_sees_all_cannot_take_over_more_permissions():
    caller = person(sees_all_operators=True)
    target = person(may=["send_raw_command"])
    assert reset_password(caller, target) == (403, False)


def test_an_inactive_user_keeps_their_rights_in_this(operators):
    caller = person((Role.OPERATOR_ADMIN, operators[0]))
    target = person((Role.OPERATOR_STAFF, operators[0]), may=["send_raw_command"], is_active=False)
    assert reset_password(caller, target) == (403, False)


def test_an_administrator_helps_their_staff(operators):
    caller = person((Role.OPERATOR_ADMIN, operators[0]))
    target = person((Role.OPERATOR_STAFF, operators[0]), may=["view_user"])
    assert reset_password(caller, target) == (302, True)
    assert reset_password(superuser(), caller) == (302, True)


@pytest.mark.parametrize("model", ["user", "membership"])
def test_the_page_of_a_stronger_user_cannot_be_posted(operators, model):
    here, there = operators
    caller = person((Role.OPERATOR_ADMIN, here))
    target = person((Role.OPERATOR_STAFF, here), (Role.OPERATOR_ADMIN, there))
    row = target if model == "user" else target.memberships.get(operator=here)
    address = reverse(f"admin:stations_{model}_change", args=[row.pk])
    assert browser_of(caller).get(address).status_code in {200, 403}
    assert browser_of(caller).post(address, {"username": "other"}).status_code == 403


def test_staff_cannot_promote_themselves(operators):
    caller = person((Role.OPERATOR_STAFF, operators[0]))
    row = caller.memberships.get()
    address = reverse("admin:stations_membership_change", args=[row.pk])
    fields = {"role": Role.OPERATOR_ADMIN, "operator": operators[0].pk}
    assert browser_of(caller).post(address, fields).status_code in {403, 404}
    row.refresh_from_db()
    assert row.role == Role.OPERATOR_STAFF


def test_nobody_grants_their_own_group_more():
    caller = person(may=["view_group", "change_group"], sees_all_operators=True)
    group = Group.objects.create(name="Own")
    caller.groups.add(group)
    raw = Permission.objects.get(codename="send_raw_command")
    address = reverse("admin:auth_group_change", args=[group.pk])
    fields = {"name": "Own", "permissions": [raw.pk]}
    assert browser_of(caller).post(address, fields).status_code == 403
    assert not group.permissions.exists()
