"""What the windows say of EVSEs, for lists and pages."""

from datetime import timedelta

import pytest

from scheduling.domain.statuses import WindowSource
from scheduling.selectors.schedules import messages_of, schedules, windows_on
from scheduling.selectors.targets import evse_ids_under, keys_of
from scheduling.services.windows import set_window
from tests import factories
from tests.clock import NOON as NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def evses():
    return factories.reporting_evses("Available", count=2, location=factories.location())


def set_on(target, status="MAINTENANCE", **values):
    return set_window(target=target, status=status, source=WindowSource.STAFF, now=NOW, **values)


def test_evses_of_targets_are_found_once(evses):
    station = evses[0].station
    for targets in ([station.location], [station], evses, [station.location, station, evses[0]]):
        assert evse_ids_under(keys_of(targets)) == {evse.pk for evse in evses}
    assert evse_ids_under(keys_of([evses[0]])) == {evses[0].pk}
    assert evse_ids_under(keys_of([])) == set()


def test_schedule_of_an_evse_holds_what_is_in_force_and_what_comes_next(evses):
    wide = set_on(evses[0].station.location, ends_at=NOW + 9 * HOUR)
    near = set_on(evses[0], "FAULTED", ends_at=NOW + HOUR)
    following = set_on(evses[0].station, starts_at=NOW + 2 * HOUR)
    first, second = (schedules([evse.pk], now=NOW)[evse.pk] for evse in evses)
    assert first.active.window_id == near.pk
    assert second.active.window_id == wide.pk
    assert first.upcoming.window_id == second.upcoming.window_id == following.pk
    ids = [window.window_id for window in first.windows]
    assert sorted(ids) == sorted([wide.pk, near.pk, following.pk])


def test_past_windows_are_not_in_a_schedule_even_before_their_end_is_applied(evses):
    set_on(evses[0], ends_at=NOW + HOUR)
    found = schedules([evses[0].pk], now=NOW + HOUR)[evses[0].pk]
    assert (found.active, found.upcoming, found.windows) == (None, None, ())


@pytest.mark.parametrize("count", [1, 20])
def test_schedules_take_two_queries(count, django_assert_num_queries):
    made = factories.reporting_evses("Available", count=count)
    with django_assert_num_queries(2):
        schedules([evse.pk for evse in made], now=NOW)


def test_windows_on_a_target_leave_out_what_is_over_and_what_is_set_elsewhere(evses):
    window = set_on(evses[0], ends_at=NOW + HOUR, message="Back soon")
    set_on(evses[1])
    keys = keys_of([evses[0]])
    assert list(windows_on(keys, after=NOW)) == [window]
    assert not windows_on(keys, after=NOW + HOUR).exists()
    assert messages_of([window.pk]) == {window.pk: "Back soon"}
