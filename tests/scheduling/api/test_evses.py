from datetime import timedelta

import pytest
from django.utils import timezone

from tests import api_rows, factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    station = factories.station(identity="CS1", setup_state="ACTIVE")
    factories.connect(station)
    return station


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"number": 1}, "station"),
        ({"station": "CS1"}, "number"),
        ({"station": "CS9", "number": 1}, "station"),
        ({"station": "CS1", "number": 0}, "number"),
        ({"station": "CS1", "number": 1, "evse_id": "NLTST1"}, "evse_id"),
        ({"station": "CS1", "number": 1, "evse_id": "NL*TST*E9"}, "evse_id"),
        ({"station": "CS1", "number": 9}, "number"),
        ({"station": "CS1", "number": 1, "evseid": "NL*TST*E2"}, "evseid"),
    ],
)
def test_a_bad_evse_is_refused_by_field(station, body, field):
    factories.evse(station, number=9, evse_id="NL*TST*E9", evse_id_key="NLTSTE9")
    answer = caller().post("evses/", body)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]


def test_an_evse_is_made_before_it_is_seen(station):
    answer = caller().post("evses/", {"station": "CS1", "number": 1, "evse_id": "nl*tst*e1"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["evse_id"] == "NL*TST*E1"
    found = caller().get("evses/?evse_id=NLTSTE1").json()["results"]
    assert [row["uid"] for row in found] == [answer.json()["uid"]]


def test_an_evse_shows_what_it_reports_and_what_is_published(station):
    evse = factories.evse(station, connectors=2)
    factories.report(evse, "Faulted")
    state = evse.connectors.first().state
    state.status, state.error_code = "Charging", "HighTemperature"
    state.status_at = timezone.now()
    state.save()
    window = api_rows.window(station, "MAINTENANCE")
    body = caller().get(f"evses/{evse.uid}/").json()
    assert body["online"] is True
    assert (body["reported_status"], body["error_code"]) == ("Charging", "HighTemperature")
    assert body["reported_at"]
    assert (body["published_status"], body["cause"]) == ("MAINTENANCE", "window")
    assert body["active_window"]["id"] == window.pk
    assert body["active_window"]["target"] == "station"
    assert body["next_window"] is None


def test_the_next_window_is_told_ahead(station):
    evse = factories.evse(station)
    starts_at = timezone.now() + timedelta(hours=1)
    window = api_rows.window(evse, "RESERVED", starts_at=starts_at)
    body = caller().get("evses/").json()["results"][0]
    assert body["active_window"] is None
    assert body["next_window"]["id"] == window.pk


def test_a_deleted_evse_is_retired(station):
    evse = factories.evse(station)
    program = caller()
    assert program.delete(f"evses/{evse.uid}/").status_code == 204
    body = program.get(f"evses/{evse.uid}/").json()
    assert body["retired_at"]
    assert body["published_status"] == "REMOVED"
    assert program.get("evses/?retired=false").json()["results"] == []
    assert len(program.get("evses/?retired=true").json()["results"]) == 1
