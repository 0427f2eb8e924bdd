"""Set a temporary EVSE status, and the list of windows where it ends."""

import pytest
from django.urls import reverse
from django.utils import timezone

from scheduling.domain.statuses import PublicStatus, WindowSource, WindowStatus
from scheduling.models import PublishedStatus, StatusWindow
from scheduling.services.windows import set_window
from tests import factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def evse():
    (evse,) = factories.reporting_evses("Available")
    return evse


def address_of(evse):
    return reverse("admin:scheduling_statuswindow_temporary", args=[evse.pk])


def test_the_status_is_published_at_once(evse):
    browser = browser_of(superuser())
    assert browser.get(address_of(evse)).status_code == 200
    fields = {"status": "MAINTENANCE", "message": "Technician on site"}
    page = browser.post(address_of(evse), fields)
    assert page.url == reverse("admin:stations_station_overview", args=[evse.station_id])
    assert PublishedStatus.objects.get(evse=evse).status == PublicStatus.MAINTENANCE


def test_the_status_may_take_the_evse_out_of_service(evse):
    fields = {"status": "MAINTENANCE", "takes_out_of_service": "True"}
    browser_of(superuser()).post(address_of(evse), fields)
    assert StatusWindow.objects.get().takes_out_of_service is True
    assert PublishedStatus.objects.get(evse=evse).desired == "Inoperative"


def test_available_ends_what_is_in_force(evse):
    window = set_window(target=evse, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
    browser_of(superuser()).post(address_of(evse), {"status": "AVAILABLE"})
    window.refresh_from_db()
    assert window.is_over(timezone.now())


def test_a_foreign_address_to_return_to_is_not_followed(evse):
    fields = {"status": "MAINTENANCE", "next": "https://evil.example/"}
    assert browser_of(superuser()).post(address_of(evse), fields).url.startswith("/admin/")


def test_a_foreign_evse_is_not_there(evse):
    staff = operator_staff(factories.operator())
    assert browser_of(staff).post(address_of(evse), {"status": "MAINTENANCE"}).status_code == 404


def test_windows_are_ended_from_the_list(evse):
    window = set_window(target=evse, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF)
    fields = {"action": "end_windows", "_selected_action": [window.pk], "confirmed": "yes"}
    browser_of(superuser()).post(reverse("admin:scheduling_statuswindow_changelist"), fields)
    assert StatusWindow.objects.get().ended_at is not None


def test_the_overview_refreshes_without_the_frame(evse):
    address = reverse("admin:stations_station_overview", args=[evse.station_id])
    browser = browser_of(superuser())
    assert "<html" in browser.get(address).content.decode()
    fragment = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Available" in fragment


def test_charge_boxes_show_actual_beside_temporary_status():
    place = factories.location()
    (evse,) = factories.reporting_evses("Available", operator=place.operator, location=place)
    set_window(target=evse, status=WindowStatus.COMMISSIONING, source=WindowSource.STAFF)
    address = reverse("admin:stations_location_boxes", args=[place.pk])
    page = browser_of(superuser()).get(address).content.decode()
    assert "Commissioning" in page
    assert "Set a temporary EVSE status" in page
