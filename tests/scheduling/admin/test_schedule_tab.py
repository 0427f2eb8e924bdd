"""The Status Scheduling tab: rows are saved all or none, conflicts stand on their row."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.models import StatusWindow
from scheduling.services.windows import set_window
from tests import factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db

START = datetime(2031, 7, 1, 10, tzinfo=UTC)


@pytest.fixture
def browser():
    return browser_of(superuser())


@pytest.fixture
def station():
    place = factories.location(time_zone="Europe/Amsterdam")
    return factories.station(operator=place.operator, location=place)


def address_of(station):
    return reverse("admin:stations_station_schedule", args=[station.pk])


def save(browser, station, *rows):
    fields = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for index, row in enumerate(rows):
        fields |= {f"form-{index}-{name}": value for name, value in row.items()}
    return browser.post(address_of(station), fields)


def row(starts_at="2031-07-01T12:00", ends_at="2031-07-01T14:00", status="OUT_OF_ORDER", **more):
    return {"starts_at": starts_at, "ends_at": ends_at, "status": status} | more


def test_times_are_entered_in_the_zone_of_the_location(browser, station):
    assert save(browser, station, row(message="Cable swap")).status_code == 302
    window = StatusWindow.objects.get()
    assert (window.starts_at, window.message) == (START, "Cable swap")
    assert "2031-07-01T12:00" in browser.get(address_of(station)).content.decode()


def test_several_rows_are_saved_at_once(browser, station):
    later = row("2031-07-01T14:00", "2031-07-01T16:00", "AVAILABLE")
    assert save(browser, station, row(), later).status_code == 302
    assert StatusWindow.objects.count() == 2


def test_one_refused_row_saves_none_and_names_the_other_window(browser, station):
    other = set_window(
        target=station, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF, starts_at=START
    )
    far = row("2030-01-01T12:00", "2030-01-01T14:00")
    page = save(browser, station, far, row())
    assert StatusWindow.objects.count() == 1
    assert "starts_at" in page.context["formset"].forms[1].errors
    assert reverse("admin:scheduling_statuswindow_change", args=[other.pk]) in page.content.decode()


def test_an_end_before_the_start_stands_on_its_field(browser, station):
    page = save(browser, station, row(ends_at="2031-07-01T11:00"))
    assert "ends_at" in page.context["formset"].forms[0].errors


def test_a_window_in_force_can_be_prolonged_though_the_field_shows_minutes_only(browser, station):
    started = timezone.now() - timedelta(minutes=1, seconds=7)
    window = set_window(
        target=station, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF, now=started
    )
    entered = started.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%dT%H:%M")
    assert entered in browser.get(address_of(station)).content.decode()
    kept = row(entered, "2031-01-01T00:00", "MAINTENANCE", window=window.pk)
    assert save(browser, station, kept).status_code == 302
    window.refresh_from_db()
    assert (window.starts_at, window.ends_at.year) == (started, 2030)


def test_a_removed_window_in_force_ends_now_and_is_kept(browser, station):
    window = set_window(target=station, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
    removed = row("", "", "MAINTENANCE", window=window.pk, remove="on")
    assert save(browser, station, removed).status_code == 302
    window.refresh_from_db()
    assert window.ended_at is not None


def test_an_empty_schedule_offers_to_add_one(browser, station):
    page = browser.get(address_of(station)).content.decode()
    assert "Nothing is scheduled." in page
    assert "Click here to add a schedule" in page


def test_available_and_out_of_order_are_offered_first(browser, station):
    form = browser.get(address_of(station)).context["formset"].empty_form
    assert [value for value, _ in form.fields["status"].choices][:2] == [
        "AVAILABLE",
        "OUT_OF_ORDER",
    ]


def test_readers_cannot_save(station):
    staff = operator_staff(station.operator, "view_station", "view_statuswindow")
    save(browser_of(staff), station, row())
    assert not StatusWindow.objects.exists()


def test_a_location_has_the_same_tab(browser, station):
    address = reverse("admin:stations_location_schedule", args=[station.location_id])
    fields = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}
    fields |= {f"form-0-{name}": value for name, value in row().items()}
    assert browser.post(address, fields).status_code == 302
    assert StatusWindow.objects.get().location == station.location


def test_who_may_only_add_neither_ends_nor_changes_the_windows_of_others(station):
    window = set_window(
        target=station, status=WindowStatus.BLOCKED, source=WindowSource.API, starts_at=START
    )
    staff = operator_staff(station.operator, "view_station", "add_statuswindow")
    same = row(ends_at="", status="BLOCKED", window=window.pk)
    for changed in (same | {"remove": "on"}, same | {"message": "Gone"}):
        page = save(browser_of(staff), station, changed)
        assert page.context["formset"].forms[0].non_field_errors()
    assert save(browser_of(staff), station, same, row("2030-07-01T12:00")).status_code == 302
    assert StatusWindow.objects.filter(message="").count() == 2


def test_who_is_limited_to_a_status_sets_no_other_here(station):
    staff = operator_staff(station.operator)
    staff.groups.add(Group.objects.get(name="Parking sensor"))
    assert save(browser_of(staff), station, row()).status_code == 200
    assert not StatusWindow.objects.exists()


def test_a_row_says_whether_the_station_refuses_sessions(browser, station):
    save(browser, station, row(takes_out_of_service="True"))
    window = StatusWindow.objects.get()
    assert window.takes_out_of_service is True
    form = browser.get(address_of(station)).context["formset"].forms[0]
    assert form["takes_out_of_service"].value() is True
    save(browser, station, row(window=window.pk, takes_out_of_service=""))
    assert StatusWindow.objects.get().takes_out_of_service is None
