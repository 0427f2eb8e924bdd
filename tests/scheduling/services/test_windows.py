"""What may be set, changed and ended, and what drivers see of it in the same transaction."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.models import PublishedStatus, StatusWindow, WindowOccurrence
from scheduling.services.boundaries import apply_boundaries
from scheduling.services.windows import (
    WindowRefused,
    change_window,
    end_window,
    end_windows,
    set_window,
    set_windows,
)
from tests import factories
from tests.clock import NOON as NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def evse():
    (made,) = factories.reporting_evses("Available")
    return made


def set_on(target, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF, **values):
    return set_window(target=target, status=status, source=source, now=NOW, **values)


def refusal(call, *args, **kwargs):
    with pytest.raises(WindowRefused) as caught:
        call(*args, **kwargs)
    return caught.value


def status_of(evse):
    return PublishedStatus.objects.get(pk=evse.pk).status


def test_window_from_now_is_published_at_once(evse):
    actor = factories.user()
    window = set_on(evse, message="  Cable swap ", actor=actor)
    assert status_of(evse) == "MAINTENANCE"
    assert (window.starts_at, window.message, window.created_by) == (NOW, "Cable swap", actor)
    occurrence = WindowOccurrence.objects.get(window=window)
    assert (occurrence.evse_id, occurrence.start_applied_at) == (evse.pk, NOW)
    entry = StatusWindow.history.get()
    assert (entry.history_user, entry.history_channel) == (actor, "staff")


def test_window_repeats_the_owners_of_its_target(evse):
    account = factories.account(operator=evse.station.operator)
    evse.station.account = account
    evse.station.save()
    for target in (evse, evse.station):
        window = set_on(target)
        assert (window.operator, window.account) == (evse.station.operator, account)
        assert window.target == target


def test_window_on_a_location_holds_for_all_its_evses():
    location = factories.location()
    evses = factories.reporting_evses("Available", count=3, location=location)
    set_on(location, WindowStatus.OUT_OF_ORDER)
    assert {status_of(evse) for evse in evses} == {"OUT_OF_ORDER"}


def test_upcoming_window_is_told_to_partners_and_changes_nothing_yet(evse):
    set_on(evse, starts_at=NOW - HOUR, ends_at=NOW + HOUR)
    PublishedStatus.objects.update(is_announced=True)
    window = set_on(evse, WindowStatus.OUT_OF_ORDER, starts_at=NOW + HOUR)
    assert status_of(evse) == "MAINTENANCE"
    assert not PublishedStatus.objects.get(pk=evse.pk).is_announced
    assert window.occurrences.get().start_applied_at is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": NOW}, "ends_at"),
        ({"starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR}, "ends_at"),
        ({"starts_at": NOW.replace(tzinfo=None)}, "starts_at"),
        ({"message": "x" * 501}, "message"),
        ({"message": "<b>new</b>"}, "message"),
        ({"message": "a\nb"}, "message"),
        ({"recurrence": "FREQ=DAILY"}, "recurrence"),
        ({"status": "REMOVED"}, "status"),
    ],
)
def test_window_that_makes_no_sense_is_refused(evse, values, field):
    assert list(refusal(set_on, evse, **values).message_dict) == [field]
    assert not StatusWindow.objects.exists()


def test_message_may_hold_a_less_than_sign(evse):
    assert set_on(evse, message="Power < 50 kW").message == "Power < 50 kW"


def test_retired_target_is_refused(evse):
    evse.retired_at = NOW
    evse.save()
    assert "target" in refusal(set_on, evse).message_dict


def test_windows_of_people_may_not_overlap_on_one_target(evse):
    first = set_on(evse, starts_at=NOW + HOUR, ends_at=NOW + 3 * HOUR)
    refused = refusal(set_on, evse, WindowStatus.BLOCKED, starts_at=NOW + 2 * HOUR)
    assert refused.conflicts == (first,)
    day = date_format(NOW, "j M Y")
    assert f"{day} 13:00 to {day} 15:00" in refused.message_dict["starts_at"][0]


def test_windows_that_adjoin_do_not_overlap(evse):
    set_on(evse, ends_at=NOW + HOUR)
    set_on(evse, starts_at=NOW + HOUR)
    assert StatusWindow.objects.count() == 2


def test_windows_on_other_targets_and_of_programs_may_overlap(evse):
    set_on(evse)
    set_on(evse.station)
    set_on(evse, WindowStatus.BLOCKED, WindowSource.API)
    set_on(evse, WindowStatus.BLOCKED, WindowSource.API)
    assert StatusWindow.objects.count() == 4


def test_the_same_on_many_targets_is_all_or_none(evse):
    (other,) = factories.reporting_evses("Available")
    set_on(other)
    values = {"status": WindowStatus.FAULTED, "source": WindowSource.STAFF, "now": NOW}
    refusal(set_windows, [evse, other], **values)
    assert StatusWindow.objects.count() == 1


@pytest.mark.parametrize("count", [1, 20])
def test_number_of_queries_does_not_grow_with_targets(count, django_assert_max_num_queries):
    evses = factories.reporting_evses("Available", count=count)
    set_windows(evses, status="BLOCKED", source=WindowSource.API, now=NOW - HOUR)
    values = {"status": WindowStatus.OUT_OF_SERVICE, "source": WindowSource.STAFF, "now": NOW}
    with django_assert_max_num_queries(16):
        set_windows(evses, **values)


def test_active_window_can_be_prolonged_and_its_message_changed(evse):
    window = set_on(evse, ends_at=NOW + HOUR)
    later = NOW + 2 * HOUR
    change_window(
        window, actor=None, now=NOW, ends_at=later, message="Longer", status="MAINTENANCE"
    )
    assert WindowOccurrence.objects.get(window=window).ends_at == later
    assert StatusWindow.history.filter(history_type="~").count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"status": "FAULTED"}, {"starts_at": NOW - HOUR}, {"takes_out_of_service": True}],
)
def test_active_window_cannot_be_rewritten(evse, changes):
    window = set_on(evse)
    refused = refusal(change_window, window, actor=None, now=NOW, **changes)
    assert refused.message_dict.keys() == changes.keys()


def test_past_window_is_history(evse):
    window = set_on(evse, ends_at=NOW + HOUR)
    later = NOW + 2 * HOUR
    refusal(change_window, window, actor=None, now=later, message="x")
    refusal(end_window, window, actor=None, now=later)


def test_upcoming_window_can_be_changed_and_begin_now(evse):
    window = set_on(evse, starts_at=NOW + HOUR)
    changed = change_window(window, actor=None, now=NOW, starts_at=None, status="FAULTED")
    assert (changed.starts_at, status_of(evse)) == (NOW, "FAULTED")
    assert WindowOccurrence.objects.get(window=window).start_applied_at == NOW


def test_prolonging_into_another_window_is_refused(evse):
    window = set_on(evse, ends_at=NOW + HOUR)
    set_on(evse, starts_at=NOW + 2 * HOUR)
    refusal(change_window, window, actor=None, now=NOW, ends_at=NOW + 3 * HOUR)
    assert StatusWindow.objects.get(pk=window.pk).ends_at == NOW + HOUR


def test_change_that_changes_nothing_writes_nothing(evse):
    window = set_on(evse, starts_at=NOW + HOUR)
    change_window(window, actor=None, now=NOW, status="MAINTENANCE", ends_at=None)
    assert StatusWindow.history.count() == 1


def test_ending_an_active_window_gives_the_status_back(evse):
    actor = factories.user()
    window = set_on(evse)
    later = NOW + HOUR
    end_window(window, actor=actor, now=later)
    window.refresh_from_db()
    assert (window.ends_at, window.ended_at, window.ended_by) == (later, later, actor)
    assert window.occurrences.get().end_applied_at == later
    assert status_of(evse) == "AVAILABLE"


def test_removing_an_upcoming_window_keeps_its_history(evse):
    window = set_on(evse, starts_at=NOW + HOUR)
    PublishedStatus.objects.update(is_announced=True)
    end_window(window, actor=None, now=NOW)
    assert not StatusWindow.objects.exists()
    assert StatusWindow.history.filter(history_type="-").exists()
    assert not PublishedStatus.objects.get(pk=evse.pk).is_announced


def test_edit_notes_when_the_schedule_changed_and_a_boundary_does_not(evse):
    window = set_on(evse, starts_at=NOW + HOUR)
    change_window(window, actor=None, now=NOW + timedelta(minutes=1), message="Cable swap")
    apply_boundaries(lambda: NOW + HOUR)
    row = PublishedStatus.objects.get(pk=evse.pk)
    assert (row.status, row.schedule_changed_at) == ("MAINTENANCE", NOW + timedelta(minutes=1))


def test_window_that_somebody_removed_meanwhile_is_refused(evse):
    window = set_on(evse, starts_at=NOW + HOUR)
    StatusWindow.objects.filter(pk=window.pk).delete()
    assert "window" in refusal(end_window, window, actor=None, now=NOW).message_dict


def test_command_by_hand_ends_when_a_window_begins_now(evse):
    PublishedStatus.objects.create(evse=evse, manual="Inoperative", published_at=NOW)
    set_on(evse, WindowStatus.RESERVED, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    assert PublishedStatus.objects.get(pk=evse.pk).manual == "Inoperative"
    set_on(evse, WindowStatus.AVAILABLE, ends_at=NOW + HOUR)
    assert PublishedStatus.objects.get(pk=evse.pk).manual == ""


def test_window_prolonged_at_its_end_begins_anew_though_the_end_was_applied(evse):
    window = set_on(evse, ends_at=NOW + HOUR)
    apply_boundaries(lambda: NOW + HOUR)
    just_before = NOW + HOUR - timedelta(milliseconds=1)
    change_window(window, actor=None, now=just_before, ends_at=NOW + 2 * HOUR)
    assert window.occurrences.get().end_applied_at is None
    assert status_of(evse) == "MAINTENANCE"


def test_window_that_ends_while_its_target_is_waited_for_is_over(evse, monkeypatch):
    window = set_on(evse, ends_at=NOW + HOUR)
    times = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: times[-1])

    def wait(execute, *statement):
        times.append(NOW + HOUR)
        return execute(*statement)

    with connection.execute_wrapper(wait):
        refused = refusal(change_window, window, actor=None, ends_at=NOW + 2 * HOUR)
    assert "window" in refused.message_dict


def test_an_end_may_lose_its_seconds(evse):
    window = set_on(evse, ends_at=NOW + HOUR + timedelta(seconds=30))
    assert change_window(window, actor=None, now=NOW, ends_at=NOW + HOUR).ends_at == NOW + HOUR


@pytest.mark.parametrize("count", [1, 20])
def test_windows_are_ended_in_one_go(count, django_assert_max_num_queries):
    evses = factories.reporting_evses("Available", count=count)
    values = {"status": "FAULTED", "source": WindowSource.STAFF, "now": NOW}
    windows = set_windows(evses, **values)
    end_window(windows[0], actor=None, now=NOW + HOUR)
    with django_assert_max_num_queries(16):
        ended = end_windows(windows, actor=None, source=WindowSource.STAFF, now=NOW + HOUR)
    assert ended == count - 1
    assert {status_of(evse) for evse in evses} == {"AVAILABLE"}
