import pytest
from django.core.cache import cache
from django.urls import reverse

from stations.models import Location, User
from stations.services.attempts import TOKENS_PER_ADDRESS
from tests import factories
from tests.callers import Caller, caller
from tests.staff import browser_of, superuser

pytestmark = pytest.mark.django_db
PAGES = [
    "/admin/diagnostics/message/live/rows/?station=%00",
    "/admin/diagnostics/message/live/rows/?action=%00",
    "/admin/diagnostics/message/?actions=%00",
    "/admin/stations/station/?published=%00",
    "/status/%00/",
]


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_refuses_nul(address):
    assert browser_of(superuser()).get(address).status_code == 400


@pytest.mark.parametrize("path", ["stations/%00/", "stations/?vendor=a%00", "stations/?%00=1"])
def test_the_api_refuses_nul_with_a_problem(path):
    answer = caller().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_station_with_nul_is_refused_by_field():
    answer = caller().post("status-windows/", {"station": "\0", "status": "BLOCKED"})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["station"]


def sign_in(client, name, password):
    return client.post(reverse("admin:login"), {"username": name, "password": password})


@pytest.fixture
def staff():
    return User.objects.create_user(username="staff", password="right", is_staff=True)


def test_guessing_a_password_ends(client, staff):
    answers = [sign_in(client, "staff", "wrong").status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert sign_in(client, "staff", "right").status_code == 429


def test_guessing_from_one_address_ends_whatever_the_name(client):
    answers = [sign_in(client, f"user{n}", "wrong") for n in range(11)]
    assert answers[-1].status_code == 429
    assert "Wait" in answers[-1].text
    assert int(answers[-1]["Retry-After"]) <= 300


def test_signing_in_is_not_counted(client, staff):
    assert {sign_in(client, "staff", "right").status_code for _ in range(12)} == {302}


def test_who_is_signed_in_may_not_guess_either(client, staff):
    client.force_login(staff)
    assert [sign_in(client, "other", "wrong").status_code for _ in range(11)][-1] == 429


def test_guessing_tokens_ends():
    program = Caller("wrong")
    for _ in range(TOKENS_PER_ADDRESS.most):
        assert program.get("stations/").status_code == 401
    answer = program.get("stations/")
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")


@pytest.mark.parametrize(("proxied", "address"), [(True, "198.51.100.7"), (False, "127.0.0.1")])
def test_the_audit_trail_names_the_caller_behind_our_proxy(settings, proxied, address):
    settings.PROXIED = proxied
    place = factories.location()
    forwarded = {"HTTP_X_FORWARDED_FOR": "10.9.8.7, 198.51.100.7"}
    assert caller().patch(f"locations/{place.pk}/", {"name": "N"}, **forwarded).status_code == 200
    assert Location.history.first().history_address == address
