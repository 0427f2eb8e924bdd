from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.models import StatusWindow
from stations.domain.roles import IntegratorGroup
from tests import api_rows, factories
from tests.callers import caller

pytestmark = pytest.mark.django_db

YESTERDAY = "2020-01-01T00:00:00Z"
BAD_WINDOWS = [
    ({"status": "BLOCKED"}, "target"),
    ({"station": "CS1", "location": None, "status": "BROKEN"}, "status"),
    ({"station": "CS1"}, "status"),
    ({"station": "CS9", "status": "BLOCKED"}, "station"),
    ({"evse": "NL*TST*E9", "status": "BLOCKED"}, "evse"),
    ({"station": "CS1", "status": "BLOCKED", "end": None}, "end"),
    ({"station": "CS1", "status": "BLOCKED", "starts_at": "soon"}, "starts_at"),
    ({"station": "CS1", "status": "BLOCKED", "ends_at": YESTERDAY}, "ends_at"),
    ({"station": "CS1", "status": "BLOCKED", "message": "x" * 501}, "message"),
    ({"station": "CS1", "status": "BLOCKED", "message": "<b>x</b>"}, "message"),
    ({"station": "CS1", "status": "BLOCKED", "recurrence": "FREQ=DAILY"}, "recurrence"),
    ({"station": "CS1", "targets": [{"station": "CS1"}], "status": "BLOCKED"}, "target"),
    ({"targets": [], "status": "BLOCKED"}, "targets"),
    ({"targets": [{}], "status": "BLOCKED"}, "targets"),
]


@pytest.fixture
def station():
    return factories.station(identity="CS1", setup_state="ACTIVE")


@pytest.mark.parametrize(("body", "field"), BAD_WINDOWS)
def test_a_bad_window_is_refused_by_field(station, body, field):
    answer = caller().post("status-windows/", body)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]
    assert not StatusWindow.objects.exists()


def test_a_window_from_now_is_in_force_at_once(station):
    evse = factories.evse(station)
    program = caller()
    body = {"station": "CS1", "status": "MAINTENANCE", "message": "Cable swap"}
    answer = program.post("status-windows/", body)
    assert answer.status_code == 201, answer.content
    window = answer.json()
    assert window["active"] is True
    assert (window["source"], window["ends_at"]) == ("api", None)
    assert program.get(f"evses/{evse.uid}/").json()["published_status"] == "MAINTENANCE"


def test_a_list_of_targets_is_answered_in_its_order(station):
    evses = [factories.evse(station, number=number) for number in (1, 2)]
    targets = [{"evse": str(evses[1].uid)}, {"station": "CS1"}, {"evse": str(evses[0].uid)}]
    answer = caller().post("status-windows/", {"targets": targets, "status": "BLOCKED"})
    assert answer.status_code == 201, answer.content
    results = answer.json()["results"]
    assert [row["evse"] for row in results] == [str(evses[1].uid), None, str(evses[0].uid)]
    assert results[1]["station"] == "CS1"


def test_a_list_of_targets_is_set_as_a_whole_or_not_at_all(station):
    retired = factories.evse(station, retired_at=timezone.now())
    targets = [{"station": "CS1"}, {"evse": str(retired.uid)}]
    answer = caller().post("status-windows/", {"targets": targets, "status": "BLOCKED"})
    assert answer.status_code == 400
    errors = answer.json()["errors"]["targets"]
    assert list(errors) == ["1"]
    assert "retired" in errors["1"]["target"][0]
    assert not StatusWindow.objects.exists()


def test_an_active_window_is_prolonged_and_then_ended(station):
    program = caller()
    window = program.post("status-windows/", {"station": "CS1", "status": "MAINTENANCE"}).json()
    path = f"status-windows/{window['id']}/"
    ends_at = (timezone.now() + timedelta(hours=1)).isoformat()
    assert program.patch(path, {"ends_at": ends_at, "message": "Later"}).status_code == 200
    assert program.delete(path).status_code == 204
    ended = program.get(path).json()
    assert ended["active"] is False
    assert ended["ended_by"].startswith("program")
    assert program.delete(path).status_code == 400


def test_an_active_window_is_not_rewritten(station):
    window = api_rows.window(station, "MAINTENANCE")
    path = f"status-windows/{window.pk}/"
    assert list(caller().patch(path, {"status": "BLOCKED"}).json()["errors"]) == ["status"]
    other = factories.station(operator=station.operator)
    answer = caller().patch(path, {"station": other.identity})
    assert list(answer.json()["errors"]) == ["station"]


def test_windows_are_filtered_by_being_in_force(station):
    now = timezone.now()
    active = api_rows.window(station, "BLOCKED")
    later = api_rows.window(station, "RESERVED", starts_at=now + timedelta(hours=1))
    for wanted, window in (("true", active), ("false", later)):
        found = caller().get(f"status-windows/?active={wanted}").json()["results"]
        assert [row["id"] for row in found] == [window.pk]


def test_the_targets_of_another_operator_cannot_be_named(station):
    stranger = caller(IntegratorGroup.FULL_API, factories.operator())
    answer = stranger.post("status-windows/", {"station": "CS1", "status": "BLOCKED"})
    assert list(answer.json()["errors"]) == ["station"]


@pytest.mark.parametrize(
    ("group", "own", "other"),
    [
        (IntegratorGroup.PARKING_SENSOR, "BLOCKED", "RESERVED"),
        (IntegratorGroup.BOOKING_SYSTEM, "RESERVED", "BLOCKED"),
    ],
)
def test_sensors_and_booking_systems_set_change_and_end_only_their_status(
    station, group, own, other
):
    program = caller(group, station.operator)
    assert program.post("status-windows/", {"station": "CS1", "status": own}).status_code == 201
    for status in (other, "MAINTENANCE", "AVAILABLE"):
        body = {"station": "CS1", "status": status}
        assert program.post("status-windows/", body).status_code == 403
    window = api_rows.window(station, "OUT_OF_ORDER")
    path = f"status-windows/{window.pk}/"
    assert program.patch(path, {"message": "gone"}).status_code == 403
    assert program.delete(path).status_code == 403
