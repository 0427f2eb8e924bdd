import pytest
from django.utils import timezone

from scheduling.models import PublishedStatus
from scheduling.services.publishing import republish
from stations.domain.roles import IntegratorGroup
from stations.models import Connector, Evse
from tests import factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return factories.operator(is_default=True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"country_code": "nl"}, "country_code"),
        ({"party_id": "AB"}, "party_id"),
        ({"unknown_stations": "ask"}, "unknown_stations"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ],
)
def test_an_operator_is_checked(operator, body, field):
    answer = caller().patch(f"operators/{operator.pk}/", body)
    assert list(answer.json()["errors"]) == [field]


def test_the_settings_of_an_operator_are_changed(operator):
    body = {"unknown_stations": "accept", "out_of_order_makes_unavailable": True}
    answer = caller().patch(f"operators/{operator.pk}/", body | {"time_zone": "Europe/Paris"})
    assert answer.status_code == 200
    assert answer.json().items() >= body.items()


def test_only_who_sees_all_operators_adds_one(operator):
    body = {"name": "New", "country_code": "BE", "party_id": "NEW"}
    assert caller(IntegratorGroup.FULL_API, operator).post("operators/", body).status_code == 403
    assert caller().post("operators/", body).status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "L", "latitude": "52"}, "latitude"),
        ({"name": "L", "latitude": "91", "longitude": "4"}, "latitude"),
        ({"name": "L", "country": "NL"}, "country"),
        ({"name": "L", "slug": "known"}, "slug"),
        ({"name": "L", "slug": "no spaces"}, "slug"),
        ({"name": "L", "parking_type": "MOON"}, "parking_type"),
    ],
)
def test_a_bad_location_is_refused_by_field(operator, body, field):
    factories.location(operator=operator, slug="known")
    answer = caller().post("locations/", body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_a_location_in_use_is_not_deleted(operator):
    location = factories.location(operator=operator)
    factories.station(operator=operator, location=location)
    answer = caller().delete(f"locations/{location.pk}/")
    assert answer.status_code == 409
    assert "charging station" in answer.json()["detail"]


def test_a_location_with_stations_stays_with_its_operator(operator):
    location = factories.location(operator=operator)
    factories.station(operator=operator, location=location)
    answer = caller().patch(f"locations/{location.pk}/", {"operator": factories.operator().pk})
    assert list(answer.json()["errors"]) == ["operator"]


def test_a_connector_is_made_at_the_number_of_its_evse(operator):
    evse = factories.evse(factories.station(operator=operator), number=2, connectors=0)
    body = {"evse": str(evse.uid), "power_type": "DC", "max_voltage_v": 900, "max_current_a": 100}
    answer = caller().post("connectors/", body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["max_power_w"] == 90_000
    connector = Connector.objects.get()
    assert (connector.ocpp_evse_id, connector.ocpp_connector_id) == (2, 1)


def test_the_address_of_a_connector_is_taken_once(operator):
    evse = factories.evse(factories.station(operator=operator))
    answer = caller().post("connectors/", {"evse": str(evse.uid)})
    assert list(answer.json()["errors"]) == ["ocpp_connector_id"]


def test_a_connector_is_removed_and_its_station_announced(operator):
    (evse,) = factories.reporting_evses("Charging", operator=operator)
    republish([evse.pk], now=timezone.now())
    answer = caller().delete(f"connectors/{evse.connectors.get().pk}/")
    assert answer.status_code == 204
    assert Evse.objects.get().connectors.count() == 0
    assert PublishedStatus.objects.get().reported == ""
