"""An operator's switches and the windows under way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.domain.statuses import Availability, WindowSource, WindowStatus
from scheduling.models import EvseAvailability
from scheduling.services.windows import set_window
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("says_itself", "desired"),
    [(None, Availability.INOPERATIVE), (False, Availability.OPERATIVE)],
)
def test_switch_is_in_force_at_once_where_the_window_leaves_it_open(
    django_capture_on_commit_callbacks, says_itself, desired
):
    station = factories.station()
    evse = factories.evse(station)
    set_window(
        target=station,
        status=WindowStatus.OUT_OF_ORDER,
        ends_at=timezone.now() + timedelta(hours=1),
        takes_out_of_service=says_itself,
        source=WindowSource.STAFF,
    )
    with django_capture_on_commit_callbacks(execute=True):
        station.operator.out_of_order_makes_unavailable = True
        station.operator.save()
    assert EvseAvailability.objects.get(pk=evse.pk).desired == desired
