"""Which statuses the groups of a user let them set."""

import pytest
from django.contrib.auth.models import Group

from scheduling.domain.statuses import WindowStatus
from scheduling.permissions import settable_statuses
from stations.domain.roles import IntegratorGroup
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("groups", "settable"),
    [
        ([IntegratorGroup.PARKING_SENSOR], {"BLOCKED"}),
        ([IntegratorGroup.PARKING_SENSOR, IntegratorGroup.READ_ONLY], {"BLOCKED"}),
        ([IntegratorGroup.PARKING_SENSOR, IntegratorGroup.FULL_API], set(WindowStatus)),
        ([], set(WindowStatus)),
    ],
)
def test_only_groups_that_set_windows_count(groups, settable):
    user = factories.user()
    user.groups.set(Group.objects.filter(name__in=groups))
    assert settable_statuses(user) == settable
