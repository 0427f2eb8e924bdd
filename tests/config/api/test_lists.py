import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.api import router
from stations.domain.roles import IntegratorGroup
from tests import api_rows, factories
from tests.callers import caller
from tests.config.api.world import make_world

pytestmark = pytest.mark.django_db

PREFIXES = [prefix for prefix, _, _ in router.registry]
BAD_VALUES = [
    ("stations/?identiy=CS1", "identiy"),
    ("stations/?identity=", "identity"),
    ("stations/?identity=A&identity=B", "identity"),
    ("stations/?online=perhaps", "online"),
    ("stations/?operator=NL*CHD", "operator"),
    ("stations/?setup_state=DONE", "setup_state"),
    ("stations/?last_seen_before=yesterday", "last_seen_before"),
    ("stations/?page_size=0", "page_size"),
    ("stations/?page_size=many", "page_size"),
    ("stations/?cursor=%FF", "cursor"),
    ("stations/?cursor=cD1hYmM%3D", "cursor"),
    ("messages/?direction=sideways", "direction"),
    ("messages/?received_after=2026-13-01T00:00Z", "received_after"),
    ("sessions/?state=lost", "state"),
    ("commands/?kind=explode", "kind"),
    ("evses/?published_status=BROKEN", "published_status"),
    ("evses/?uid=1", "uid"),
    ("status-windows/?active=2", "active"),
    ("temporary-evse-statuses/?active_only=no", "active_only"),
    ("status-ledger/?at=2026-11-20T14:05Z", "at"),
    ("tokens/?operator=99999999999999999999999999x", "operator"),
]


@pytest.mark.parametrize(("path", "name"), BAD_VALUES)
def test_a_parameter_that_cannot_be_read_is_named(path, name):
    answer = caller().get(path)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [name]


def test_an_unknown_parameter_is_answered_with_the_known_ones():
    errors = caller().get("stations/?identiy=CS1").json()["errors"]
    assert "identity, serial_number" in errors["identiy"][0]


def test_a_detail_takes_no_parameters():
    world = make_world()
    assert caller().get(world.details["stations"] + "?verbose=1").status_code == 400


def test_pages_follow_each_other_newest_first():
    operator = factories.operator()
    made = [factories.station(operator=operator).identity for _ in range(5)]
    program, seen = caller(), []
    page = program.get("stations/?page_size=2").json()
    seen += [row["identity"] for row in page["results"]]
    while page["next"]:
        page = program.get(page["next"]).json()
        seen += [row["identity"] for row in page["results"]]
    assert seen == made[::-1]
    assert program.get(page["previous"]).json()["results"]


def test_huge_ids_are_not_found():
    assert caller().get("commands/9999999999999999999/").status_code == 404
    assert caller().get("commands/?cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk%3D").status_code == 400


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_longer_list_takes_no_more_queries(prefix):
    world = make_world()
    program = caller(IntegratorGroup.READ_ONLY, world.operator)
    path = world.listed_at(prefix)
    program.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        program.get(path)
    for _ in range(5):
        _more_rows(world)
    with CaptureQueriesContext(connection) as many:
        answer = program.get(path)
    assert answer.status_code == 200
    assert len(many) == len(few), [query["sql"] for query in many]
    assert len(many) <= 12
    assert not [query for query in many if "COUNT(" in query["sql"].upper()]


def _more_rows(world):
    station = factories.station(operator=world.operator)
    factories.connect(station)
    evse = factories.evse(station, connectors=2)
    factories.report(evse, "Available")
    for owner in (station, world.station):
        api_rows.command(owner)
        api_rows.message(owner)
        api_rows.meter_value(owner)
        factories.session(owner, evse=evse)
    api_rows.window(evse)
    api_rows.window(station)
    api_rows.ledger_entry(evse)
    api_rows.token(world.operator)
    partner = api_rows.partner(world.operator)
    api_rows.delivery(partner, evse)
    factories.account(operator=world.operator)
    factories.location(operator=world.operator)
