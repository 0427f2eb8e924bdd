"""The list of charging stations: what it shows, finds, and does to many at once."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.models import StatusWindow
from scheduling.services import portions
from scheduling.services.publishing import republish
from scheduling.services.windows import set_window, set_windows
from stations.admin.paginators import BoundedPaginator
from stations.domain.command import CommandKind
from stations.models import Command, Evse, Station
from tests import factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db
LIST = "admin:stations_station_changelist"


@pytest.fixture
def browser():
    return browser_of(superuser())


def stations_with_everything(count):
    for _ in range(count):
        place = factories.location()
        evses = factories.reporting_evses(
            "Charging", count=2, operator=place.operator, location=place
        )
        set_window(target=evses[0], status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
        factories.session(evses[1].station, evse=evses[1])
    republish(list(Evse.objects.values_list("pk", flat=True)), now=timezone.now())


def queries_of(browser, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(address).status_code == 200
    return captured.captured_queries


def post_action(browser, stations, action, **fields):
    chosen = {"action": action, "_selected_action": [station.pk for station in stations]}
    return browser.post(reverse(LIST), chosen | fields)


def test_queries_do_not_grow_with_the_rows(browser):
    stations_with_everything(2)
    few = len(queries_of(browser, reverse(LIST)))
    stations_with_everything(10)
    assert len(queries_of(browser, reverse(LIST))) == few


def test_no_count_reaches_beyond_the_bound(browser):
    stations_with_everything(1)
    counts = [q["sql"] for q in queries_of(browser, reverse(LIST)) if "COUNT(" in q["sql"]]
    assert counts
    assert all(f"LIMIT {BoundedPaginator.bound}" in sql for sql in counts)


@pytest.mark.parametrize("text", ["FINDME-1", "SN-77"])
def test_search_finds_by_ocpp_id_and_serial_number(browser, text):
    factories.station(identity="FINDME-1", serial_number="SN-77")
    factories.station(identity="OTHER-1", serial_number="SN-88")
    page = browser.get(reverse(LIST), {"q": text})
    assert [row.identity for row in page.context["cl"].result_list] == ["FINDME-1"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"connection": "online"}, ["ON"]),
        ({"connection": "offline"}, ["OFF"]),
        ({"published": "OCCUPIED"}, ["ON"]),
        ({"window": "active"}, ["OFF"]),
        ({"window": "upcoming"}, ["ON"]),
        ({"vendor": "Acme"}, ["OFF"]),
        ({"setup_state__exact": "ACTIVE"}, ["ON"]),
    ],
)
def test_filters(browser, filters, found):
    (evse,) = factories.reporting_evses("Charging", identity="ON")
    later = timezone.now() + timedelta(days=1)
    set_window(
        target=evse.station,
        status=WindowStatus.MAINTENANCE,
        source=WindowSource.STAFF,
        starts_at=later,
    )
    off = factories.station(identity="OFF", vendor="Acme")
    set_window(target=off, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
    republish([evse.pk], now=timezone.now())
    page = browser.get(reverse(LIST), filters)
    assert [row.identity for row in page.context["cl"].result_list] == found


def test_the_back_office_url_is_shown(browser, settings):
    settings.PUBLIC_URL = "https://charge.example"
    owner = factories.operator(country_code="NL", party_id="XYZ")
    assert (
        f"wss://charge.example/ocpp/{owner.party}/" in browser.get(reverse(LIST)).content.decode()
    )


def test_an_action_asks_first_and_says_what_runs(browser):
    (evse,) = factories.reporting_evses("Charging")
    factories.session(evse.station, evse=evse)
    page = post_action(browser, [evse.station], "reset").content.decode()
    assert "1 session is running there now." in page
    assert not Command.objects.exists()


def test_a_confirmed_reset_is_queued_for_each_station(browser):
    stations = [factories.station(), factories.station()]
    post_action(browser, stations, "reset", confirmed="yes", type="Soft")
    commands = Command.objects.filter(kind=CommandKind.RESET, params={"type": "Soft"})
    assert {command.station for command in commands} == set(stations)


def test_a_window_is_scheduled_on_all_or_none(browser):
    stations = [factories.station(), factories.station()]
    set_window(target=stations[1], status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
    fields = {"confirmed": "yes", "status": "OUT_OF_ORDER"}
    page = post_action(browser, stations, "schedule_window", **fields)
    assert "Overlaps" in page.content.decode()
    assert StatusWindow.objects.count() == 1


def test_update_status_replaces_what_is_in_force(browser):
    station = factories.station()
    set_window(target=station, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
    post_action(browser, [station], "update_status", confirmed="yes", status="OUT_OF_SERVICE")
    active = StatusWindow.objects.filter(ends_at=None)
    assert [window.status for window in active] == ["OUT_OF_SERVICE"]


@pytest.mark.parametrize("action", ["update_status", "schedule_window"])
def test_many_stations_are_done_in_portions_and_each_refusal_is_told(browser, monkeypatch, action):
    monkeypatch.setattr(portions, "TARGETS_PER_TRANSACTION", 1)
    free, taken = factories.station(), factories.station()
    later = timezone.now() + timedelta(days=1)
    set_window(target=taken, status="BLOCKED", source=WindowSource.STAFF, starts_at=later)
    fields = {"confirmed": "yes", "status": "OUT_OF_SERVICE"}
    answer = post_action(browser, [free, taken], action, **fields)
    (told,) = [str(message) for message in get_messages(answer.wsgi_request)]
    assert f"Nothing was changed on {taken}: Overlaps" in told
    assert free.status_windows.get().status == "OUT_OF_SERVICE"
    assert taken.status_windows.get().status == "BLOCKED"


@pytest.mark.parametrize("action", ["update_status", "schedule_window"])
def test_too_many_stations_at_once_are_refused(browser, monkeypatch, action):
    monkeypatch.setattr(portions, "MOST_TARGETS", 1)
    stations = [factories.station(), factories.station()]
    fields = {"confirmed": "yes", "status": "OUT_OF_SERVICE"}
    page = post_action(browser, stations, action, **fields).content.decode()
    assert "At most 1 are possible at once; 2 were chosen." in page
    assert not StatusWindow.objects.exists()


def test_available_ends_what_is_in_force_on_many(browser):
    stations = [factories.station(), factories.station()]
    set_windows(stations, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
    post_action(browser, stations, "update_status", confirmed="yes", status="AVAILABLE")
    assert StatusWindow.objects.exclude(ended_at=None).count() == StatusWindow.objects.count() == 2


def test_an_action_needs_its_permission():
    station = factories.station()
    staff = operator_staff(station.operator, "view_station", "change_station")
    post_action(browser_of(staff), [station], "reset", confirmed="yes", type="Soft")
    assert not Command.objects.exists()


def test_foreign_stations_cannot_be_chosen():
    station = factories.station()
    staff = operator_staff(factories.operator())
    post_action(browser_of(staff), [station], "reset", confirmed="yes", type="Soft")
    assert not Command.objects.exists()


def test_a_station_is_added_and_its_password_is_never_shown(browser):
    owner = factories.operator()
    fields = {
        "identity": "NEW-1",
        "operator": owner.pk,
        "setup_state": "SETUP",
        "registration": "Accepted",
        "new_password": "a-long-enough-password",
        "charging-TOTAL_FORMS": "0",
        "charging-INITIAL_FORMS": "0",
    }
    page = browser.post(reverse("admin:stations_station_add"), fields)
    assert page.status_code == 302, page.context["adminform"].form.errors
    station = Station.objects.get(identity="NEW-1")
    assert station.has_password
    change = browser.get(reverse("admin:stations_station_change", args=[station.pk]))
    assert "a-long-enough-password" not in change.content.decode()


def test_a_change_leaves_what_the_station_wrote_meanwhile(browser):
    station = factories.station(firmware="1.0")
    address = reverse("admin:stations_station_change", args=[station.pk])
    fields = {
        "identity": station.identity,
        "operator": station.operator_id,
        "setup_state": "ACTIVE",
        "registration": "Accepted",
        "firmware": "1.0",
        "charging-TOTAL_FORMS": "0",
        "charging-INITIAL_FORMS": "0",
    }
    assert browser.post(address, fields).status_code == 302
    station.refresh_from_db()
    assert (station.setup_state, station.firmware) == ("ACTIVE", "1.0")
