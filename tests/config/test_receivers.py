import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from stations.domain.roles import IntegratorGroup

pytestmark = pytest.mark.django_db


def _codenames(group):
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_a_fresh_database_has_the_groups_with_their_scopes():
    full = _codenames(IntegratorGroup.FULL_API)
    assert {"send_raw_command", "change_station", "add_token", "view_message"} <= full
    read_only = _codenames(IntegratorGroup.READ_ONLY)
    assert read_only
    assert all(name.startswith("view_") for name in read_only)
    assert _codenames(IntegratorGroup.PARKING_SENSOR) == _codenames(IntegratorGroup.BOOKING_SYSTEM)
    assert "add_statuswindow" in _codenames(IntegratorGroup.BOOKING_SYSTEM)


def test_another_migration_puts_the_scopes_right():
    Group.objects.get(name=IntegratorGroup.READ_ONLY).permissions.clear()
    call_command("migrate", verbosity=0)
    assert "view_station" in _codenames(IntegratorGroup.READ_ONLY)
