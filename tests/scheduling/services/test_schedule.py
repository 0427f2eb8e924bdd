"""Several rows of a schedule are saved together or not at all."""

from datetime import timedelta

import pytest

from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.models import PublishedStatus, StatusWindow
from scheduling.services.schedule import ScheduleRefused, ScheduleRow, save_schedule
from scheduling.services.windows import set_window
from tests import factories
from tests.clock import NOON as NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def evse():
    (made,) = factories.reporting_evses("Available")
    return made


def row(start, end=None, status=WindowStatus.MAINTENANCE, **values):
    ends_at = None if end is None else NOW + end * HOUR
    return ScheduleRow(status, NOW + start * HOUR, ends_at, **values)


def save(target, *rows):
    return save_schedule(target, rows, actor=None, now=NOW)


def errors(target, *rows):
    with pytest.raises(ScheduleRefused) as caught:
        save(target, *rows)
    return {position: sorted(error.message_dict) for position, error in caught.value.errors.items()}


def test_rows_are_added_changed_and_removed_together(evse):
    first, second = save(evse, row(1, 2), row(2, 3))
    save(
        evse,
        row(1, 2, window_id=first.pk, is_removed=True),
        row(4, 5, window_id=second.pk),
        row(2, 4),
    )
    starts = StatusWindow.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [NOW + 2 * HOUR, NOW + 4 * HOUR]


def test_refused_rows_are_named_and_nothing_is_saved(evse):
    assert errors(evse, row(1, 2), row(5, 4), row(6, 8), row(7, 9)) == {
        1: ["ends_at"],
        3: ["starts_at"],
    }
    assert not StatusWindow.objects.exists()


def test_two_windows_may_trade_places(evse):
    first, second = save(evse, row(1, 2), row(2, 3))
    save(evse, row(2, 3, window_id=first.pk), row(1, 2, window_id=second.pk))
    second.refresh_from_db()
    assert second.starts_at == NOW + HOUR


def test_windows_that_no_row_names_stand_in_the_way(evse):
    save(evse, row(1, 3))
    assert errors(evse, row(2, 4)) == {0: ["starts_at"]}


def test_window_of_another_target_cannot_be_named(evse):
    window = set_window(target=evse.station, status="FAULTED", source=WindowSource.STAFF, now=NOW)
    assert errors(evse, row(1, window_id=window.pk)) == {0: ["window"]}


def test_unchanged_rows_of_past_and_active_windows_are_no_trouble(evse):
    window = set_window(
        target=evse, status="MAINTENANCE", source=WindowSource.STAFF, now=NOW + timedelta(seconds=7)
    )
    kept = ScheduleRow(WindowStatus.MAINTENANCE, window.starts_at, window_id=window.pk)
    assert save(evse, kept) == []


def test_saved_row_without_a_start_keeps_its_own(evse):
    (window,) = save(evse, row(1))
    (changed,) = save(evse, ScheduleRow(WindowStatus.FAULTED, window_id=window.pk))
    assert (changed.starts_at, changed.status) == (NOW + HOUR, "FAULTED")


def test_removing_the_active_row_and_opening_another_is_one_step(evse):
    (window,) = save(evse, row(0))
    save(evse, row(0, window_id=window.pk, is_removed=True), row(0, 1, WindowStatus.OUT_OF_ORDER))
    assert PublishedStatus.objects.get(pk=evse.pk).status == "OUT_OF_ORDER"


def test_retired_target_takes_no_new_rows(evse):
    evse.retired_at = NOW
    evse.save()
    assert errors(evse, row(1)) == {0: ["target"]}
