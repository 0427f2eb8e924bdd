from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from scheduling.domain.statuses import Cause, PublicStatus
from stations.domain.setup_state import SetupState
from stations.models import Location
from tests import factories
from tests.roaming.scenes import NOW, place, point, publish, window

pytestmark = pytest.mark.django_db
JSON = "/status/locations.json"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def text(client, path="/status/", **headers) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_location_shows_what_its_evses_are(client):
    location = place(name="Stationsplein")
    publish(point(location, evse_id="NL*CHD*E1"), PublicStatus.AVAILABLE)
    publish(point(location, evse_id="NL*CHD*E2"), PublicStatus.OUT_OF_ORDER)
    page = text(client)
    for word in ("Stationsplein", "Utrecht", "NL*CHD*E1", "Available", "Out of order"):
        assert word in page
    assert "1 of 2 available" in page
    assert "since 13:00" in page


def test_a_window_is_shown_with_its_message(client):
    evse = point(place(), evse_id="NL*CHD*E1")
    made = window(PublicStatus.MAINTENANCE, hours=3, evse=evse, message="Cable swap")
    publish(evse, PublicStatus.MAINTENANCE, cause=Cause.WINDOW, window=made)
    page = text(client)
    assert "Out of service" in page
    assert "Cable swap" in page
    assert "Planned maintenance until 16:00" in page


def test_an_upcoming_window_is_shown_ahead(client):
    evse = point(place())
    window(PublicStatus.MAINTENANCE, begin=NOW + timedelta(hours=20), evse=evse)
    assert "Planned maintenance Wed 09:00\N{EN DASH}10:00" in text(client)


def test_messages_cannot_carry_markup(client):
    evse = point(place(name="<b>Place</b>"))
    made = window(PublicStatus.MAINTENANCE, evse=evse, message="<script>alert(1)</script>")
    publish(evse, PublicStatus.MAINTENANCE, cause=Cause.WINDOW, window=made)
    page = text(client)
    assert "<script" not in page
    assert "<b>Place" not in page


def test_unpublished_locations_are_nowhere(client):
    location = place(name="Secret", is_published=False)
    point(location, evse_id="NL*CHD*E1")
    assert "Secret" not in text(client)
    assert client.get(JSON).json() == []
    assert client.get(f"/status/locations/{location.slug}/").status_code == 404
    assert client.get("/e/NL*CHD*E1").status_code == 404
    assert "Secret" not in text(client, "/status/?q=secret")


@pytest.mark.parametrize(
    ("setup_state", "evse_id", "is_shown"),
    [
        (SetupState.SETUP, "", False),
        (SetupState.SETUP, "NL*CHD*E1", True),
        (SetupState.ACTIVATION_PENDING, "NL*CHD*E1", True),
        (SetupState.RETIRED, "NL*CHD*E1", False),
        (SetupState.ACTIVE, "", True),
    ],
)
def test_stations_are_shown_as_far_as_they_are_set_up(client, setup_state, evse_id, is_shown):
    point(place(name="Square"), evse_id=evse_id, setup_state=setup_state)
    assert ("Square" in text(client)) is is_shown
    assert bool(client.get(JSON).json()) is is_shown
    is_soon = is_shown and setup_state != SetupState.ACTIVE
    assert ("Coming soon" in text(client)) is is_soon


def test_a_location_has_its_own_page(client):
    location = place(name="Square", slug="square")
    for number in range(7):
        point(location, evse_id=f"NL*CHD*E{number}")
    assert "1 more charging point<" in text(client)
    page = text(client, "/status/locations/square/")
    assert page.count('class="evse"') == 7
    assert "Times are in Europe/Amsterdam" in page


@pytest.mark.parametrize(
    ("search", "is_found"),
    [("utrecht", True), ("stationsplein utr", True), ("e7", True), ("breda", False), ("*", False)],
)
def test_locations_are_searched_by_city_street_and_evse_id(client, search, is_found):
    point(place(name="Square"), evse_id="NL*CHD*E7")
    assert ("Square" in text(client, f"/status/?q={search}")) is is_found


def test_many_locations_come_in_pages(client):
    for number in range(12):
        point(place(name=f"Place {number:02}"))
    assert "Place 11" not in text(client, "/status/?q=utrecht")
    second = text(client, "/status/?q=utrecht&page=2")
    assert "Place 11" in second
    assert "?q=utrecht&amp;page=1" in second


@pytest.mark.parametrize("written", ["NL*CHD*E42", "NLCHDE42", "nl-chd-e42", "nl*chd*e42"])
def test_the_code_on_a_charging_point_leads_to_it(client, written):
    location = place(name="Square")
    publish(point(location, evse_id="NL*CHD*E42"), PublicStatus.RESERVED)
    publish(point(location, evse_id="NL*CHD*E43"), PublicStatus.AVAILABLE)
    page = text(client, reverse("status-evse", args=[written]))
    assert '<h1 id="chosen">Reserved</h1>' in page
    assert "NL*CHD*E43" in page


@pytest.mark.parametrize("path", ["/e/NL*CHD*E404", "/e/***", "/status/locations/none/"])
def test_what_is_unknown_is_a_friendly_404(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "is not listed" in answer.content.decode()


def test_the_data_has_the_agreed_shape(client):
    evse = point(place(name="Square", slug="square"), evse_id="NL*CHD*E1")
    made = window(PublicStatus.MAINTENANCE, evse=evse, message="Cable swap")
    publish(evse, PublicStatus.MAINTENANCE, cause=Cause.WINDOW, window=made)
    (location,) = client.get(JSON).json()
    (found,) = location.pop("evses")
    assert location == {
        "slug": "square",
        "name": "Square",
        "address": "Stationsplein 1",
        "city": "Utrecht",
        "coordinates": {"latitude": 52.09, "longitude": 5.11},
        "time_zone": "Europe/Amsterdam",
    }
    assert len(found.pop("connectors")) == 1
    assert found == {
        "evse_id": "NL*CHD*E1",
        "uid": str(evse.uid),
        "status": "MAINTENANCE",
        "label": "Out of service",
        "message": "Cable swap",
        "since": "2026-03-10T12:00:00Z",
        "windows": [
            {
                "status": "MAINTENANCE",
                "starts_at": "2026-03-10T12:00:00Z",
                "ends_at": "2026-03-10T13:00:00Z",
                "message": "Cable swap",
            }
        ],
        "price": None,
    }


@pytest.mark.parametrize("path", ["/status/", JSON])
def test_an_unchanged_page_is_not_sent_again(client, path):
    evse = point(place())
    publish(evse, PublicStatus.AVAILABLE)
    first = client.get(path)
    assert first["Cache-Control"] == "public, max-age=1"
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    publish(evse, PublicStatus.OCCUPIED)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(("path", "queries"), [("/status/", 5), (JSON, 4)])
def test_many_locations_take_as_many_queries_as_one(
    client, path, queries, django_assert_num_queries
):
    operator = factories.operator()
    for count in (1, 29):
        for _ in range(count):
            evse = point(place(operator=operator))
            made = window(PublicStatus.MAINTENANCE, evse=evse)
            publish(evse, PublicStatus.MAINTENANCE, cause=Cause.WINDOW, window=made)
        with django_assert_num_queries(queries):
            client.get(path)
    assert len(client.get(JSON).json()) == 30


def test_windows_of_all_three_targets_are_shown_and_the_narrowest_wins(client):
    evse = point(place())
    for hours, target in ((3, "location"), (2, "station"), (1, "evse")):
        station = evse.station
        row = {"location": station.location, "station": station, "evse": evse}[target]
        window(PublicStatus.MAINTENANCE, hours=hours, message=target, **{target: row})
    (location,) = client.get(JSON).json()
    (found,) = location["evses"]
    assert [each["message"] for each in found["windows"]] == ["evse", "station", "location"]


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Out of service"), ("nl", "Buiten gebruik")]
)
def test_the_data_speaks_the_language_of_the_asker(client, language, label):
    publish(point(place()), PublicStatus.MAINTENANCE)
    answer = client.get(JSON, headers={"Accept-Language": language})
    assert answer.json()[0]["evses"][0]["label"] == label


def test_no_page_outgrows_fifty_kilobytes(client):
    operator = factories.operator()
    for number in range(10):
        location = place(operator=operator, name=f"{number} {'n' * 100}", address="a" * 100)
        made = window(PublicStatus.OUT_OF_ORDER, hours=None, location=location, message="m" * 500)
        for point_number in range(6 if number else 45):
            evse = point(location, evse_id=f"NL*CHD*E{number}*{point_number:028}")
            publish(evse, PublicStatus.OUT_OF_ORDER, cause=Cause.WINDOW, window=made)
    largest = Location.objects.get(name__startswith="0 ")
    assert len(text(client).encode()) < 50_000
    assert len(text(client, f"/status/locations/{largest.slug}/").encode()) < 50_000


def test_the_page_needs_no_script_and_names_its_language(client):
    point(place())
    page = text(client, **{"Accept-Language": "nl"})
    assert '<html lang="nl">' in page
    assert "<script" not in page


@pytest.mark.parametrize("path", ["/status/", JSON])
def test_nothing_can_be_written_here(client, path):
    assert client.post(path).status_code == 405
