from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roaming.domain.words import DeliveryState
from roaming.models import Delivery, Partner
from roaming.ocpi.v221.push import load_locations, push
from roaming.services.announcing import announce
from roaming.services.sending import tell_partner
from scheduling.domain.statuses import PublicStatus
from stations.models import Location
from tests.roaming.scenes import age, deliveries, place, point, publish, registered, window

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evse():
    return point(place(), evse_id="NL*CHD*E1")


@pytest.fixture
def partner(evse, ocpi_partner) -> Partner:
    ocpi_partner.known_locations.add(str(evse.station.location_id))
    return registered(evse.station.operator, ocpi_partner)


def change(evse, status=PublicStatus.OCCUPIED, **fields):
    publish(evse, status, at=timezone.now(), **fields)
    announce(timezone.now())


def tell(partner):
    tell_partner(partner.pk, push, clock=timezone.now)


def test_a_change_is_patched_at_the_partner(evse, partner, ocpi_partner):
    change(evse)
    tell(partner)
    (pushed,) = ocpi_partner.pushes
    location = evse.station.location
    party = f"NL/{location.operator.party_id}"
    assert pushed.method == "PATCH"
    assert pushed.path == f"/ocpi/2.2.1/locations/{party}/{location.pk}/{evse.uid}"
    assert (pushed.body["status"], pushed.body["status_schedule"]) == ("CHARGING", [])
    assert deliveries() == [("OCCUPIED", "delivered")]


def test_a_pull_shows_nothing_older_than_the_patch_said(evse, partner, ocpi_partner):
    age(timezone.now() - timedelta(days=1))
    publish(evse, PublicStatus.OCCUPIED, at=timezone.now() - timedelta(hours=1))
    announce(timezone.now())
    tell(partner)
    (content,) = load_locations(partner, [evse.station.location_id]).values()
    (pulled,) = content["evses"]
    assert pulled["last_updated"] == ocpi_partner.pushes[0].body["last_updated"]


def test_upcoming_windows_go_along(evse, partner, ocpi_partner):
    window(PublicStatus.MAINTENANCE, begin=timezone.now() + timedelta(days=1), evse=evse)
    change(evse)
    tell(partner)
    (period,) = ocpi_partner.pushes[0].body["status_schedule"]
    assert period["status"] == "INOPERATIVE"


def test_an_unknown_location_is_put_as_a_whole(evse, partner, ocpi_partner):
    ocpi_partner.known_locations.clear()
    change(evse)
    tell(partner)
    (pushed,) = ocpi_partner.pushes
    assert pushed.method == "PUT"
    assert pushed.body["evses"][0]["status"] == "CHARGING"
    assert deliveries() == [("OCCUPIED", "delivered")]


def test_an_unknown_location_is_put_once_for_all_its_evses(evse, partner, ocpi_partner):
    ocpi_partner.known_locations.clear()
    for each in (evse, point(evse.station.location, operator=partner.operator)):
        change(each)
    tell(partner)
    assert [each.method for each in ocpi_partner.pushes] == ["PUT"]
    assert deliveries() == [("OCCUPIED", "delivered")] * 2


def test_the_status_at_the_time_of_sending_is_told(evse, partner, ocpi_partner):
    change(evse)
    publish(evse, PublicStatus.FAULTED)
    tell(partner)
    assert ocpi_partner.pushes[0].body["status"] == "OUTOFORDER"
    assert deliveries() == [("FAULTED", "delivered")]


def test_changes_of_one_evse_are_told_as_one(evse, partner, ocpi_partner):
    for status in ("OCCUPIED", "AVAILABLE", "FAULTED", "AVAILABLE"):
        change(evse, PublicStatus(status))
    tell(partner)
    assert [each.body["status"] for each in ocpi_partner.pushes] == ["AVAILABLE"]


@pytest.mark.parametrize(
    ("behaviour", "value", "said"),
    [
        ("fails_with", 500, "HTTP 500 without an OCPI envelope: Internal error"),
        ("fails_with", 401, "HTTP 401"),
        ("says_html", True, "HTTP 200 without an OCPI envelope: <html>Welcome</html>"),
        ("redirects_to", "http://elsewhere.example/", "redirects PATCH"),
        ("ocpi_code", 2001, "HTTP 200, OCPI 2001"),
        ("ocpi_code", 3000, "HTTP 200, OCPI 3000"),
    ],
)
def test_only_success_in_http_and_ocpi_counts(evse, partner, ocpi_partner, behaviour, value, said):
    setattr(ocpi_partner.behaviour, behaviour, value)
    ocpi_partner.pushes.clear()
    change(evse)
    tell(partner)
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == (DeliveryState.PENDING, 1)
    assert said in row.error
    assert row.due_at > timezone.now()
    partner.refresh_from_db()
    assert said in partner.last_error


def test_a_failed_delivery_arrives_when_the_partner_is_well_again(evse, partner, ocpi_partner):
    ocpi_partner.behaviour.fails_with = 503
    change(evse)
    tell(partner)
    ocpi_partner.behaviour.fails_with = 0
    later = timezone.now() + timedelta(minutes=1)
    tell_partner(partner.pk, push, clock=lambda: later)
    assert deliveries() == [("OCCUPIED", "delivered")]
    partner.refresh_from_db()
    assert partner.last_error == ""


def test_a_partner_that_is_not_there_fails_once_for_all(partner, ocpi_partner):
    partner.endpoints = [
        {"identifier": "locations", "role": "RECEIVER", "url": "http://127.0.0.1:1/ocpi"}
    ]
    partner.save()
    for _ in range(20):
        change(point(place(operator=partner.operator)))
    tell(partner)
    assert Delivery.objects.filter(attempts=0).count() >= 12
    assert len(set(Delivery.objects.values_list("due_at", flat=True))) == 1
    assert "could not be reached" in Delivery.objects.order_by("-attempts")[0].error


def test_a_partner_without_the_module_is_an_error(evse, partner):
    partner.endpoints = []
    partner.save()
    change(evse)
    tell(partner)
    assert "no Locations endpoint" in Delivery.objects.get().error


def test_a_token_that_cannot_be_read_is_an_error(evse, partner):
    partner.outbound_secret = "sealed with a lost key"
    partner.save()
    change(evse)
    tell(partner)
    assert "Register again" in Delivery.objects.get().error


def test_what_was_unpublished_meanwhile_is_not_told(evse, partner, ocpi_partner):
    change(evse)
    Location.objects.update(is_published=False)
    tell(partner)
    assert ocpi_partner.pushes == []
    assert deliveries() == [("OCCUPIED", "superseded")]


def test_many_evses_are_told_side_by_side_and_each_once(partner, ocpi_partner):
    location = place(operator=partner.operator)
    ocpi_partner.known_locations.add(str(location.pk))
    for _ in range(50):
        publish(point(location), PublicStatus.AVAILABLE)
    announce(timezone.now())
    tell(partner)
    paths = [each.path for each in ocpi_partner.pushes]
    assert len(paths) == len(set(paths)) == 50
    assert ocpi_partner.most_at_once == 1


def test_a_round_takes_as_many_queries_for_many_as_for_one(partner, ocpi_partner):
    location = place(operator=partner.operator)
    ocpi_partner.known_locations.add(str(location.pk))
    counts = []
    for count in (1, 15):
        for _ in range(count):
            publish(point(location), PublicStatus.AVAILABLE)
        announce(timezone.now())
        with CaptureQueriesContext(connection) as queries:
            tell(partner)
        counts.append(len(queries))
    assert counts[0] == counts[1]
