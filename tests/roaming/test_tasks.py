from datetime import timedelta

import pytest
from django.utils import timezone

from roaming.tasks import send_deliveries, senders
from scheduling.domain.statuses import PublicStatus
from tests.roaming.scenes import deliveries, place, point, publish, registered

pytestmark = pytest.mark.usefixtures("threads_share_database")


def test_a_published_change_reaches_the_partner(ocpi_partner):
    evse = point(place())
    ocpi_partner.known_locations.add(str(evse.station.location_id))
    registered(evse.station.operator, ocpi_partner)
    publish(evse, PublicStatus.OUT_OF_ORDER, at=timezone.now())
    send_deliveries()
    assert [each.body["status"] for each in ocpi_partner.wait_for_pushes(1)] == ["OUTOFORDER"]
    assert senders.wait(20)
    assert deliveries() == [("OUT_OF_ORDER", "delivered")]
    send_deliveries()
    assert len(ocpi_partner.pushes) == 1


def test_nothing_to_tell_costs_two_queries(django_assert_max_num_queries):
    registered(point(place()).station.operator)
    with django_assert_max_num_queries(2):
        send_deliveries()


def test_changes_are_announced_every_half_second(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["send-deliveries"]
    assert entry["task"] == send_deliveries.name
    assert entry["schedule"] <= timedelta(seconds=0.5)
