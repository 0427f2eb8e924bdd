from datetime import timedelta

import pytest
import time_machine

from roaming.models import Partner
from scheduling.domain.statuses import PublicStatus
from stations.domain.setup_state import SetupState
from stations.models import Location, Station
from tests import factories
from tests.roaming.ocpi_shapes import evse_problems, location_problems
from tests.roaming.scenes import NOW, age, place, point, publish, registered, window

pytestmark = pytest.mark.django_db
PATH = "/ocpi/2.2.1/locations"


@pytest.fixture
def partner(settings) -> Partner:
    settings.PUBLIC_URL = "http://testserver"
    return registered(factories.operator())


def places(partner: Partner, count: int) -> None:
    Location.objects.bulk_create(
        Location(
            operator=partner.operator,
            name=f"Place {number}",
            slug=f"place-{number}",
            latitude="52.1",
            longitude="5.1",
        )
        for number in range(count)
    )


def next_url(answer):
    return answer["Link"].removeprefix("<").removesuffix('>; rel="next"')


def names(answer) -> list[str]:
    return [row["name"] for row in answer.json()["data"]]


def test_a_location_is_told_with_its_evses(partner, caller):
    evse = point(place(operator=partner.operator, name="Station"), evse_id="NL*CHD*E1")
    publish(evse, PublicStatus.AVAILABLE)
    (found,) = caller.get(PATH).json()["data"]
    assert location_problems(found) == []
    assert (found["name"], found["party_id"]) == ("Station", partner.operator.party_id)
    assert found["evses"][0]["evse_id"] == "NL*CHD*E1"


def test_unpublished_places_other_operators_and_unknown_coordinates_are_not_told(partner, caller):
    point(place(operator=partner.operator, is_published=False))
    point(place())
    point(place(operator=partner.operator, latitude=None, longitude=None))
    assert caller.get(PATH).json()["data"] == []


@pytest.mark.parametrize(
    ("evse_id", "setup_state", "said"),
    [
        ("NL*CHD*E1", SetupState.SETUP, ["PLANNED"]),
        ("", SetupState.SETUP, []),
        ("NL*CHD*E1", SetupState.RETIRED, ["REMOVED"]),
        ("", SetupState.RETIRED, []),
        ("", SetupState.ACTIVE, ["UNKNOWN"]),
    ],
)
def test_stations_are_told_as_far_as_they_are_set_up(partner, caller, evse_id, setup_state, said):
    point(place(operator=partner.operator), evse_id=evse_id, setup_state=setup_state)
    (found,) = caller.get(PATH).json()["data"]
    assert [evse["status"] for evse in found.get("evses", [])] == said


def test_pages_follow_each_other_to_the_last(partner, caller):
    places(partner, 250)
    first = caller.get(PATH)
    second = caller.get(next_url(first))
    third = caller.get(next_url(second))
    assert [len(names(page)) for page in (first, second, third)] == [100, 100, 50]
    assert len({*names(first), *names(second), *names(third)}) == 250
    assert names(first)[0] == "Place 0"
    assert "Link" not in third
    assert {page["X-Total-Count"] for page in (first, second, third)} == {"250"}


def test_a_greater_limit_is_cut_and_the_limit_told(partner, caller):
    places(partner, 101)
    answer = caller.get(f"{PATH}?limit=2000")
    assert (len(names(answer)), answer["X-Limit"]) == (100, "100")
    assert "limit=100" in answer["Link"]


def test_a_smaller_limit_is_kept_in_the_link_and_so_are_filters(partner, caller):
    places(partner, 5)
    answer = caller.get(f"{PATH}?limit=2&date_from=2020-01-01T00:00:00Z")
    assert "date_from=2020-01-01T00%3A00%3A00Z" in answer["Link"]
    assert names(caller.get(next_url(answer))) == ["Place 2", "Place 3"]
    assert answer["X-Limit"] == "100"


def test_an_offset_beyond_the_end_is_an_empty_page(partner, caller):
    places(partner, 3)
    answer = caller.get(f"{PATH}?offset=10")
    assert (names(answer), answer["X-Total-Count"]) == ([], "3")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("date_from=2026-03-10T12:00:00Z", 1),
        ("date_from=2026-03-10T12:00:01Z", 0),
        ("date_to=2026-03-10T12:00:00Z", 0),
        ("date_to=2026-03-10T12:00:01Z", 1),
        ("date_from=2026-03-10T12:00:00&date_to=2026-03-10T12:00:01", 1),
    ],
)
def test_date_from_is_included_and_date_to_is_not(partner, caller, query, count):
    places(partner, 1)
    age(NOW)
    answer = caller.get(f"{PATH}?{query}")
    assert (len(names(answer)), answer["X-Total-Count"]) == (count, str(count))


@pytest.mark.parametrize(
    "query", ["date_from=yesterday", "offset=-1", "limit=0", "limit=many", "offset=1e3"]
)
def test_parameters_that_make_no_sense_are_named(partner, caller, query):
    answer = caller.get(f"{PATH}?{query}")
    assert (answer.status_code, answer.json()["status_code"]) == (200, 2001)
    assert query.partition("=")[0] in answer.json()["status_message"]


def changed_at(caller):
    (found,) = caller.get(PATH).json()["data"]
    return found["last_updated"]


def test_a_status_moves_the_location_too(partner, caller):
    evse = point(place(operator=partner.operator))
    age(NOW)
    publish(evse, PublicStatus.OCCUPIED, at=NOW + timedelta(hours=1))
    assert changed_at(caller) == "2026-03-10T13:00:00Z"
    assert len(names(caller.get(f"{PATH}?date_from=2026-03-10T13:00:00Z"))) == 1


@pytest.mark.parametrize("kind", ["location", "station", "evse"])
def test_a_window_moves_the_location_too(partner, caller, kind):
    evse = point(place(operator=partner.operator))
    age(NOW - timedelta(days=1))
    target = {"location": evse.station.location, "station": evse.station, "evse": evse}[kind]
    window(PublicStatus.MAINTENANCE, begin=NOW + timedelta(days=1), **{kind: target})
    with time_machine.travel(NOW):
        assert changed_at(caller) == "2026-03-10T12:00:00Z"


def test_a_schedule_that_changes_moves_the_location_too(partner, caller):
    evse = point(place(operator=partner.operator))
    age(NOW)
    later = NOW + timedelta(hours=1)
    publish(evse, PublicStatus.AVAILABLE, at=NOW, schedule_changed_at=later)
    (found,) = caller.get(f"{PATH}?date_from=2026-03-10T13:00:00Z").json()["data"]
    assert found["last_updated"] == "2026-03-10T13:00:00Z"
    assert found["evses"][0]["last_updated"] == "2026-03-10T13:00:00Z"


@pytest.mark.parametrize("model", [Location, Station])
def test_an_evse_is_as_new_as_the_place_it_stands_at(partner, caller, model):
    point(place(operator=partner.operator))
    age(NOW)
    model.objects.update(updated_at=NOW + timedelta(hours=1))
    (found,) = caller.get(PATH).json()["data"]
    assert found["evses"][0]["last_updated"] == "2026-03-10T13:00:00Z"


def test_a_connector_moves_the_location_too(partner, caller):
    evse = point(place(operator=partner.operator))
    age(NOW)
    evse.connectors.update(updated_at=NOW + timedelta(minutes=5))
    assert changed_at(caller) == "2026-03-10T12:05:00Z"


def test_single_objects_are_found_by_their_ids(partner, caller):
    evse = point(place(operator=partner.operator))
    (location,) = caller.get(PATH).json()["data"]
    (told,) = location["evses"]
    path = f"{PATH}/{location['id']}"
    assert caller.get(path).json()["data"] == location
    assert caller.get(f"{path}/{told['uid']}").json()["data"] == told
    assert evse_problems(told) == []
    connector = told["connectors"][0]
    found = caller.get(f"{path}/{told['uid'].upper()}/{connector['id']}").json()["data"]
    assert found == connector
    assert connector["id"] == str(evse.connectors.get().pk)


@pytest.mark.parametrize("below", ["0", "x", "9" * 30, "{id}/x", "{id}/{uid}/x"])
def test_unknown_objects_answer_404_and_2003(partner, caller, below):
    evse = point(place(operator=partner.operator))
    path = below.format(id=evse.station.location_id, uid=evse.uid)
    answer = caller.get(f"{PATH}/{path}")
    assert (answer.status_code, answer.json()["status_code"]) == (404, 2003)


def test_a_page_takes_as_many_queries_for_many_as_for_one(
    partner, caller, django_assert_num_queries
):
    partner.last_contact_at = NOW
    partner.save()
    with time_machine.travel(NOW, tick=False):
        for count in (1, 29):
            for _ in range(count):
                evse = point(place(operator=partner.operator))
                publish(evse, PublicStatus.AVAILABLE)
                window(PublicStatus.MAINTENANCE, evse=evse)
            with django_assert_num_queries(6):
                assert len(names(caller.get(PATH))) == count + (count > 1)
