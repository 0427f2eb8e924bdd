from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.models import StatusWindow
from stations.domain.roles import IntegratorGroup
from tests import api_rows, factories
from tests.callers import caller

pytestmark = pytest.mark.django_db

PATH = "temporary-evse-statuses/"
BAD = [
    ({"temporary_status": "BLOCKED"}, "evse_id"),
    ({"evse_id": "NL*TST*E1"}, "temporary_status"),
    ({"evse_id": "NL*TST*E9", "temporary_status": "BLOCKED"}, "evse_id"),
    ({"evse_id": 5, "temporary_status": "BLOCKED"}, "evse_id"),
    ({"evse_id": "NL*TST*E1", "temporary_status": "OUT_OF_ORDER"}, "temporary_status"),
    ({"evse_id": "NL*TST*E1", "temporary_status": "BLOCKED", "valid_till": None}, "valid_till"),
    (
        {"evse_id": "NL*TST*E1", "temporary_status": "BLOCKED", "valid_to": "2020-01-01T00:00Z"},
        "valid_to",
    ),
]


@pytest.fixture
def station():
    return factories.station(identity="CS1", setup_state="ACTIVE")


@pytest.fixture(autouse=True)
def evse(station):
    return factories.evse(station, evse_id="NL*TST*E1", evse_id_key="NLTSTE1")


@pytest.mark.parametrize(("body", "field"), BAD)
def test_a_bad_status_is_refused_by_field(body, field):
    for sent in (body, [body]):
        answer = caller().post(PATH, sent)
        assert answer.status_code == 400, answer.content
        errors = answer.json()["errors"]
        assert list(errors if isinstance(sent, dict) else errors["0"]) == [field]
    assert not StatusWindow.objects.exists()


@pytest.mark.parametrize("written", ["NL*TST*E1", "nl*tst*e1", "NLTSTE1", "NL-TST-E1"])
def test_an_evse_id_is_taken_in_any_writing(written):
    body = {"evse_id": written, "temporary_status": "BLOCKED"}
    answer = caller().post(PATH, body)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["evse_id"], body["valid_to"]) == ("NL*TST*E1", None)
    assert body["valid_from"]


def test_by_default_only_what_is_in_force_is_listed(evse):
    program = caller()
    now = timezone.now()
    active = api_rows.window(evse, "BLOCKED")
    api_rows.window(evse, "RESERVED", starts_at=now + timedelta(hours=1))
    api_rows.window(evse, "FAULTED")
    assert [row["id"] for row in program.get(PATH).json()["results"]] == [active.pk]
    assert len(program.get(f"{PATH}?active_only=false").json()["results"]) == 2
    assert program.get(f"{PATH}?temporary_status=RESERVED").json()["results"] == []


def test_a_status_is_prolonged_and_removed(evse):
    program = caller()
    body = {"evse_id": "NL*TST*E1", "temporary_status": "RESERVED"}
    path = f"{PATH}{program.post(PATH, body).json()['id']}/"
    valid_to = (timezone.now() + timedelta(hours=1)).isoformat()
    assert program.patch(path, {"valid_to": valid_to}).json()["valid_to"]
    assert program.delete(path).status_code == 204
    assert program.get(PATH).json()["results"] == []
    assert program.get(path).json()["ended_at"]


def test_a_list_is_set_in_order(station):
    for number in range(2, 5):
        key = f"NLTSTE{number}"
        factories.evse(station, number=number, evse_id=f"NL*TST*E{number}", evse_id_key=key)
    rows = [
        {"evse_id": f"NL*TST*E{number}", "temporary_status": status}
        for number, status in ((3, "BLOCKED"), (1, "RESERVED"), (4, "BLOCKED"), (3, "BLOCKED"))
    ]
    answer = caller().post(PATH, rows)
    assert answer.status_code == 201, answer.content
    assert [row["evse_id"] for row in answer.json()] == [row["evse_id"] for row in rows]
    assert StatusWindow.objects.count() == 4


def test_a_list_is_set_as_a_whole_or_not_at_all(station):
    factories.evse(
        station, number=2, evse_id="NL*TST*E2", evse_id_key="NLTSTE2", retired_at=timezone.now()
    )
    rows = [
        {"evse_id": evse_id, "temporary_status": "BLOCKED"} for evse_id in ("NLTSTE1", "NLTSTE2")
    ]
    answer = caller().post(PATH, rows)
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert {row: list(fields) for row, fields in errors.items()} == {"1": ["evse_id"]}
    assert not StatusWindow.objects.exists()


@pytest.mark.parametrize("body", [[], [[]], ["x"], "x", 5])
def test_what_is_no_status_is_refused(body):
    assert caller().post(PATH, body).status_code == 400


def test_a_long_list_takes_no_more_queries_to_set(station, django_assert_max_num_queries):
    evses = [
        factories.evse(station, number=n, evse_id=f"NL*TST*E{n}", evse_id_key=f"NLTSTE{n}")
        for n in range(2, 42)
    ]
    rows = [{"evse_id": str(evse.uid), "temporary_status": "BLOCKED"} for evse in evses]
    program = caller()
    with django_assert_max_num_queries(50 + len(rows)):
        assert program.post(PATH, rows).status_code == 201


@pytest.mark.parametrize(
    ("group", "own", "other"),
    [
        (IntegratorGroup.PARKING_SENSOR, "BLOCKED", "RESERVED"),
        (IntegratorGroup.BOOKING_SYSTEM, "RESERVED", "BLOCKED"),
    ],
)
def test_a_group_sets_its_own_status_only(station, evse, group, own, other):
    program = caller(group, station.operator)
    body = {"evse_id": "NL*TST*E1", "temporary_status": own}
    assert program.post(PATH, body).status_code == 201
    assert program.post(PATH, [body, body | {"temporary_status": other}]).status_code == 403
    path = f"{PATH}{api_rows.window(evse, other).pk}/"
    assert program.delete(path).status_code == 403
    assert program.patch(path, {"valid_to": None}).status_code == 403
