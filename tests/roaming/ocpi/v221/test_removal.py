from datetime import timedelta

import pytest
from django.utils import timezone

from roaming.domain.words import PartnerState
from roaming.models import Delivery, Partner
from roaming.ocpi.v221.push import push
from roaming.services.announcing import announce
from roaming.services.sending import tell_partner
from scheduling.domain.statuses import PublicStatus
from stations.services.stations import update_station
from tests.roaming.scenes import deliveries, place, point, publish, registered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evse():
    return point(place(), evse_id="NL*CHD*E1")


@pytest.fixture
def partner(evse, ocpi_partner) -> Partner:
    """Return a partner that shows the EVSE."""
    ocpi_partner.known_locations.add(str(evse.station.location_id))
    partner = registered(evse.station.operator, ocpi_partner)
    publish(evse, PublicStatus.UNKNOWN, at=timezone.now())
    tell(partner)
    ocpi_partner.pushes.clear()
    return partner


def tell(partner):
    announce(timezone.now())
    tell_partner(partner.pk, push, clock=timezone.now)


def statuses(ocpi_partner):
    return [(each.path.split("/")[-2], each.body["status"]) for each in ocpi_partner.pushes]


def set_published(location, is_published):
    location.is_published = is_published
    location.save()


def test_what_is_unpublished_is_removed_at_the_partner(evse, partner, ocpi_partner):
    location = evse.station.location
    set_published(location, False)
    tell(partner)
    assert statuses(ocpi_partner) == [(str(location.pk), "REMOVED")]
    assert deliveries()[-1] == ("REMOVED", "delivered")


def test_what_was_removed_is_not_told_of_any_more(evse, partner, ocpi_partner):
    set_published(evse.station.location, False)
    tell(partner)
    publish(evse, PublicStatus.FAULTED)
    tell(partner)
    assert len(ocpi_partner.pushes) == 1


def test_what_is_published_again_is_told_again(evse, partner, ocpi_partner):
    for is_published in (False, True):
        set_published(evse.station.location, is_published)
        tell(partner)
    assert [status for _, status in statuses(ocpi_partner)] == ["REMOVED", "UNKNOWN"]


def test_a_moved_station_leaves_no_ghost(evse, partner, ocpi_partner):
    before, after = evse.station.location, place(operator=partner.operator)
    ocpi_partner.known_locations.add(str(after.pk))
    update_station(evse.station, location=after)
    tell(partner)
    expected = [(str(before.pk), "REMOVED"), (str(after.pk), "UNKNOWN")]
    assert statuses(ocpi_partner) == expected


def test_a_station_that_leaves_all_locations_is_removed(evse, partner, ocpi_partner):
    before = evse.station.location
    update_station(evse.station, location=None)
    tell(partner)
    assert statuses(ocpi_partner) == [(str(before.pk), "REMOVED")]


def test_a_station_that_moves_to_a_hidden_location_is_removed(evse, partner, ocpi_partner):
    update_station(evse.station, location=place(operator=partner.operator, is_published=False))
    tell(partner)
    assert [status for _, status in statuses(ocpi_partner)] == ["REMOVED"]


def test_a_station_that_changes_and_stays_is_not_told_again(evse, partner, ocpi_partner):
    update_station(evse.station, location=evse.station.location)
    tell(partner)
    assert ocpi_partner.pushes == []


def test_a_location_that_the_partner_has_lost_counts_as_removed(evse, partner, ocpi_partner):
    ocpi_partner.known_locations.clear()
    set_published(evse.station.location, False)
    tell(partner)
    assert ocpi_partner.pushes == []
    assert deliveries()[-1] == ("REMOVED", "delivered")


def test_a_removal_that_fails_is_tried_again(evse, partner, ocpi_partner):
    ocpi_partner.behaviour.fails_with = 500
    set_published(evse.station.location, False)
    tell(partner)
    ocpi_partner.behaviour.fails_with = 0
    later = timezone.now() + timedelta(minutes=1)
    tell_partner(partner.pk, push, clock=lambda: later)
    assert [status for _, status in statuses(ocpi_partner)] == ["REMOVED"]


def test_unpublishing_during_the_first_sending_is_told(evse, ocpi_partner):
    ocpi_partner.known_locations.add(str(evse.station.location_id))
    partner = registered(evse.station.operator, ocpi_partner)
    publish(evse, PublicStatus.UNKNOWN, at=timezone.now())
    announce(timezone.now())

    def push_meanwhile(partner, claims):
        outcomes = push(partner, claims)
        if len(ocpi_partner.pushes) == 1:
            set_published(evse.station.location, False)
            announce(timezone.now())
        return outcomes

    tell_partner(partner.pk, push_meanwhile, clock=timezone.now)
    assert [status for _, status in statuses(ocpi_partner)] == ["UNKNOWN", "REMOVED"]


@pytest.mark.parametrize(
    "before", [{"is_pushed": False}, {"state": PartnerState.PENDING}, {"state": "suspended"}]
)
def test_a_partner_that_is_pushed_from_now_on_hears_everything(evse, partner, ocpi_partner, before):
    for name, value in before.items():
        setattr(partner, name, value)
    partner.save()
    publish(evse, PublicStatus.OCCUPIED)
    tell(partner)
    assert ocpi_partner.pushes == []
    partner.is_pushed, partner.state = True, PartnerState.REGISTERED
    partner.save()
    tell(partner)
    assert [status for _, status in statuses(ocpi_partner)] == ["CHARGING"]


def test_a_partner_that_is_renamed_hears_nothing(evse, partner, ocpi_partner):
    partner.name = "Other"
    partner.save()
    tell(partner)
    assert ocpi_partner.pushes == []


def test_what_died_is_made_up_for_at_the_first_success(evse, partner, ocpi_partner):
    ocpi_partner.behaviour.fails_with = 500
    publish(evse, PublicStatus.OCCUPIED, at=timezone.now())
    announce(timezone.now())
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    tell_partner(partner.pk, push, clock=lambda: tomorrow)
    assert deliveries()[-1] == ("OCCUPIED", "dead")
    ocpi_partner.behaviour.fails_with = 0
    publish(point(evse.station.location), PublicStatus.AVAILABLE, at=tomorrow)
    announce(tomorrow)
    tell_partner(partner.pk, push, clock=lambda: tomorrow)
    assert sorted(each.body["status"] for each in ocpi_partner.pushes) == ["AVAILABLE", "CHARGING"]
    assert not Delivery.objects.filter(state="dead").exists()
