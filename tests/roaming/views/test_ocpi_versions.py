import pytest
from django.test import Client

from roaming.services.registration import invite_partner
from tests import factories
from tests.roaming.scenes import registered

pytestmark = pytest.mark.django_db


def test_versions_lead_to_details_and_these_to_endpoints(caller, settings):
    settings.PUBLIC_URL = "https://charge.example"
    registered(factories.operator())
    assert caller.get("/ocpi/versions").json()["data"] == [
        {"version": "2.2.1", "url": "https://charge.example/ocpi/2.2.1/"}
    ]
    assert caller.get("/ocpi/2.2.1/").json()["data"]["endpoints"] == [
        {
            "identifier": "credentials",
            "role": "SENDER",
            "url": "https://charge.example/ocpi/2.2.1/credentials",
        },
        {
            "identifier": "locations",
            "role": "SENDER",
            "url": "https://charge.example/ocpi/2.2.1/locations",
        },
    ]


@pytest.mark.parametrize("path", ["versions", "2.2.1/", "2.2.1/locations", "2.2.1/nowhere"])
def test_without_a_token_there_is_nothing(client, path):
    answer = client.get(f"/ocpi/{path}")
    assert answer.status_code == 401
    assert answer.json()["status_code"] == 2000


def test_a_registration_token_opens_versions_and_credentials_only():
    token = invite_partner("Partner", factories.operator()).token
    invited = Client(headers={"Authorization": f"Token {token}"})
    statuses = [
        invited.get(f"/ocpi/{path}").status_code
        for path in ("versions", "2.2.1/", "2.2.1/credentials", "2.2.1/locations", "2.2.1/x")
    ]
    assert statuses == [200, 200, 200, 401, 401]


def test_the_ids_of_a_request_are_echoed(caller):
    registered(factories.operator())
    answer = caller.get("/ocpi/versions", headers={"X-Request-ID": "r1", "X-Correlation-ID": "c1"})
    assert (answer["X-Request-ID"], answer["X-Correlation-ID"]) == ("r1", "c1")


def test_routing_headers_are_swapped_on_functional_modules_only(caller):
    registered(factories.operator(country_code="NL", party_id="CHD"))
    route = {
        "OCPI-from-country-code": "DE",
        "OCPI-from-party-id": "EMP",
        "OCPI-to-country-code": "NL",
        "OCPI-to-party-id": "CHD",
    }
    answer = caller.get("/ocpi/2.2.1/locations", headers=route)
    assert (answer["OCPI-from-party-id"], answer["OCPI-to-party-id"]) == ("CHD", "EMP")
    assert (answer["OCPI-from-country-code"], answer["OCPI-to-country-code"]) == ("NL", "DE")
    assert "OCPI-to-party-id" not in caller.get("/ocpi/versions", headers=route)


def test_routing_headers_that_are_missing_are_filled_in(caller):
    registered(factories.operator(country_code="NL", party_id="CHD"))
    answer = caller.get("/ocpi/2.2.1/locations")
    assert (answer["OCPI-from-party-id"], answer["OCPI-to-party-id"]) == ("CHD", "EMP")


def test_an_unknown_endpoint_answers_404_in_an_envelope(caller):
    registered(factories.operator())
    answer = caller.get("/ocpi/2.2.1/parking")
    assert (answer.status_code, answer.json()["status_code"]) == (404, 2000)


def test_other_methods_are_not_allowed(caller):
    registered(factories.operator())
    answer = caller.post("/ocpi/2.2.1/locations")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


def test_a_contact_is_noted(caller):
    partner = registered(factories.operator())
    caller.get("/ocpi/versions")
    partner.refresh_from_db()
    assert partner.last_contact_at is not None
