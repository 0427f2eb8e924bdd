"""The menu "Update status" sets a status from now on and takes it back."""

from datetime import timedelta

import pytest

from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.models import PublishedStatus, StatusWindow
from scheduling.services.status_updates import active_windows, update_status, update_statuses
from scheduling.services.windows import WindowRefused, set_window
from tests import factories
from tests.clock import NOON as NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def evse():
    (made,) = factories.reporting_evses("Available", location=factories.location())
    return made


def update(target, status, **values):
    return update_status(target, WindowStatus(status), actor=None, now=NOW, **values)


def set_on(target, status, source=WindowSource.STAFF, **values):
    return set_window(target=target, status=status, source=source, now=NOW, **values)


def status_of(evse):
    return PublishedStatus.objects.get(pk=evse.pk).status


def test_status_holds_from_now_without_end(evse):
    window = update(evse, "FAULTED")
    assert (window.starts_at, window.ends_at, status_of(evse)) == (NOW, None, "FAULTED")


def test_another_status_replaces_the_windows_of_people(evse):
    old = update(evse, "MAINTENANCE")
    blocked = set_on(evse, "BLOCKED", WindowSource.API)
    update(evse, "OUT_OF_SERVICE")
    assert status_of(evse) == "OUT_OF_SERVICE"
    old.refresh_from_db()
    blocked.refresh_from_db()
    assert (old.ended_at, blocked.ended_at) == (NOW, None)


def test_the_same_status_again_keeps_its_window(evse):
    assert update(evse, "FAULTED") == update(evse, "FAULTED")
    assert StatusWindow.objects.count() == 1


def test_available_ends_every_active_window_of_the_target(evse):
    update(evse, "FAULTED")
    set_on(evse, "BLOCKED", WindowSource.API)
    assert len(active_windows(evse, now=NOW)) == 2
    assert update(evse, "AVAILABLE") is None
    assert (active_windows(evse, now=NOW), status_of(evse)) == ([], "AVAILABLE")


def test_available_under_a_wider_window_lasts_until_that_one_ends(evse):
    set_on(evse.station, "MAINTENANCE", ends_at=NOW + HOUR)
    set_on(evse.station.location, "OUT_OF_SERVICE", ends_at=NOW + 2 * HOUR)
    window = update(evse, "AVAILABLE")
    assert (window.status, window.ends_at) == ("AVAILABLE", NOW + 2 * HOUR)
    assert status_of(evse) == "AVAILABLE"


def test_available_under_a_window_without_end_has_none_either(evse):
    set_on(evse.station.location, "MAINTENANCE")
    assert update(evse.station, "AVAILABLE").ends_at is None


def test_available_is_not_needed_where_a_nearer_target_says_so_already(evse):
    set_on(evse.station.location, "MAINTENANCE")
    update(evse.station, "AVAILABLE")
    assert update(evse, "AVAILABLE") is None


def test_available_on_a_location_only_ends_windows(evse):
    location = evse.station.location
    set_on(location, "MAINTENANCE")
    assert update(location, "AVAILABLE") is None
    assert status_of(evse) == "AVAILABLE"


def test_upcoming_window_of_people_stands_in_the_way(evse):
    upcoming = set_on(evse, "MAINTENANCE", starts_at=NOW + HOUR)
    with pytest.raises(WindowRefused) as caught:
        update(evse, "FAULTED")
    assert caught.value.conflicts == (upcoming,)


@pytest.mark.parametrize("status", ["MAINTENANCE", "AVAILABLE"])
@pytest.mark.parametrize("count", [1, 20])
def test_number_of_queries_does_not_grow_with_targets(count, status, django_assert_max_num_queries):
    location = factories.location()
    evses = factories.reporting_evses("Available", count=count, location=location)
    set_on(location, "OUT_OF_SERVICE")
    for each in evses:
        set_on(each, "FAULTED")
    with django_assert_max_num_queries(28):
        windows = update_statuses(evses, WindowStatus(status), actor=None, now=NOW + HOUR)
    assert len(windows) == count
    assert {status_of(each) for each in evses} == {status}


def test_one_target_that_refuses_keeps_all_as_they_are(evse):
    (other,) = factories.reporting_evses("Available")
    set_on(other, "MAINTENANCE", starts_at=NOW + HOUR)
    with pytest.raises(WindowRefused):
        update_statuses([evse, other], WindowStatus.FAULTED, actor=None, now=NOW)
    assert StatusWindow.objects.count() == 1
