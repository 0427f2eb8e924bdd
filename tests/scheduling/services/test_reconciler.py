"""Stations are driven to what is desired, whatever they answer and whenever they are there."""

from datetime import timedelta

import pytest

from scheduling.domain.statuses import WindowSource
from scheduling.models import EvseAvailability, PublishedStatus
from scheduling.services.publishing import republish
from scheduling.services.reconciler import due_after_connect, recall_stragglers, reconcile
from scheduling.services.settlement import settle
from scheduling.services.windows import end_window, set_window
from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.models import Command, StationConnection
from tests import factories
from tests.clock import NOON as NOW
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def evse():
    (made,) = factories.reporting_evses("Available")
    return made


@pytest.fixture
def pair():
    made = factories.reporting_evses("Available", count=2)
    republish([evse.pk for evse in made], now=NOW)
    return made


def take_out(target, now=NOW):
    return set_window(target=target, status="OUT_OF_SERVICE", source=WindowSource.STAFF, now=now)


def row(evse):
    return EvseAvailability.objects.get(pk=evse.pk)


def asked():
    """Return what the queued commands ask for: (EVSE number or None, availability)."""
    commands = Command.objects.filter(state="queued").order_by("pk").select_related("evse")
    return [(c.evse.number if c.evse else None, c.params["availability"]) for c in commands]


def answer(state=CommandState.ACCEPTED, now=NOW, status="Accepted"):
    """Settle every command that waits, as the endpoint does."""
    commands = list(Command.objects.filter(state="queued"))
    for command in commands:
        command.state, command.answer = state, {"status": status}
        command.save()
    settle(commands, now=now)


def report(evse, status, now):
    factories.report(evse, status)
    republish([evse.pk], now=now)


def test_station_is_told_once_and_its_answer_is_the_truth(evse):
    take_out(evse)
    assert reconcile(NOW) == 1
    assert reconcile(NOW) == 0
    assert asked() == [(None, "Inoperative")]
    assert (row(evse).outcome, row(evse).confirmed) == ("pending", "Operative")
    answer()
    assert (row(evse).outcome, row(evse).confirmed) == ("accepted", "Inoperative")
    command = Command.objects.get()
    assert (command.kind, command.source) == (CommandKind.CHANGE_AVAILABILITY, CommandSource.TASK)


def test_end_of_a_window_makes_the_station_operative_again(evse):
    window = take_out(evse)
    reconcile(NOW)
    answer()
    end_window(window, actor=None, now=NOW + MINUTE)
    reconcile(NOW + MINUTE)
    assert asked() == [(None, "Operative")]
    answer(now=NOW + MINUTE)
    assert (row(evse).confirmed, row(evse).due_at) == ("Operative", None)


def test_only_the_evse_concerned_is_told(pair):
    take_out(pair[1])
    reconcile(NOW)
    assert asked() == [(2, "Inoperative")]


def test_whole_station_is_told_as_one_and_undone_as_one(pair):
    window = take_out(pair[0].station)
    reconcile(NOW)
    assert asked() == [(None, "Inoperative")]
    answer()
    end_window(window, actor=None, now=NOW + MINUTE)
    reconcile(NOW + MINUTE)
    assert asked() == [(None, "Operative")]


def test_one_evse_comes_back_while_the_other_stays_out(pair):
    window = take_out(pair[0].station)
    reconcile(NOW)
    answer()
    take_out(pair[1])
    end_window(window, actor=None, now=NOW)
    reconcile(NOW)
    assert asked() == [(None, "Operative")]
    answer()
    reconcile(NOW)
    assert asked() == [(2, "Inoperative")]
    answer()
    assert [row(each).confirmed for each in pair] == ["Operative", "Inoperative"]


def test_scheduled_counts_as_agreed(evse):
    take_out(evse)
    reconcile(NOW)
    answer(status="Scheduled")
    assert (row(evse).outcome, row(evse).confirmed) == ("scheduled", "Inoperative")


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (CommandState.REJECTED, "rejected"),
        (CommandState.FAILED, "rejected"),
        (CommandState.TIMED_OUT, "timed_out"),
    ],
)
def test_refusals_are_tried_again_after_1_5_15_and_every_60_minutes(evse, state, outcome):
    take_out(evse)
    now = NOW
    for pause in (1, 5, 15, 60, 60):
        assert reconcile(now) == 1
        answer(state, now=now)
        assert (row(evse).outcome, row(evse).due_at) == (outcome, now + pause * MINUTE)
        assert reconcile(now + pause * MINUTE - timedelta(seconds=1)) == 0
        now += pause * MINUTE


def test_success_forgets_the_failures(evse):
    take_out(evse)
    reconcile(NOW)
    answer(CommandState.REJECTED)
    reconcile(NOW + MINUTE)
    answer(now=NOW + MINUTE)
    assert row(evse).attempts == 0


def test_command_that_never_left_is_no_failure_of_the_station(evse):
    take_out(evse)
    reconcile(NOW)
    answer(CommandState.EXPIRED)
    assert (row(evse).outcome, row(evse).attempts) == ("offline", 0)
    assert reconcile(NOW + MINUTE) == 1


def test_offline_station_is_told_when_it_is_back(evse):
    factories.disconnect(evse.station, at=NOW)
    take_out(evse)
    assert reconcile(NOW) == 0
    assert (row(evse).outcome, row(evse).due_at) == ("offline", None)
    StationConnection.objects.update(token="new")
    due_after_connect([evse.station_id], NOW + MINUTE, booted=False)
    assert reconcile(NOW + MINUTE) == 1


def test_station_that_is_not_accepted_waits_for_its_boot(evse):
    evse.station.registration = "Pending"
    evse.station.save()
    take_out(evse)
    assert reconcile(NOW) == 0
    assert (row(evse).outcome, row(evse).due_at) == ("pending", None)


def test_station_is_told_again_after_a_boot(evse):
    take_out(evse)
    reconcile(NOW)
    answer()
    due_after_connect([evse.station_id], NOW + MINUTE, booted=True)
    assert reconcile(NOW + MINUTE) == 1


def test_reconnect_of_a_station_that_lacks_nothing_sends_nothing(evse):
    republish([evse.pk], now=NOW)
    due_after_connect([evse.station_id], NOW, booted=True)
    assert reconcile(NOW) == 0


def test_station_that_does_as_it_said_is_left_alone(evse):
    take_out(evse)
    reconcile(NOW)
    answer(status="Scheduled")
    report(evse, "Unavailable", NOW + MINUTE)
    assert reconcile(NOW + 5 * MINUTE) == 0
    assert (row(evse).outcome, row(evse).due_at) == ("accepted", None)


def test_station_that_accepts_and_stays_usable_has_ignored_it(evse):
    take_out(evse)
    reconcile(NOW)
    answer()
    assert reconcile(NOW + 5 * MINUTE) == 0
    assert (row(evse).outcome, row(evse).due_at) == ("ignored", NOW + 6 * MINUTE)
    assert reconcile(NOW + 6 * MINUTE) == 1


def test_scheduled_change_may_wait_for_the_session_to_end(evse):
    report(evse, "Charging", NOW)
    take_out(evse)
    reconcile(NOW)
    answer(status="Scheduled")
    reconcile(NOW + 5 * MINUTE)
    assert (row(evse).outcome, row(evse).due_at) == ("scheduled", NOW + 10 * MINUTE)
    report(evse, "Available", NOW + 6 * MINUTE)
    reconcile(NOW + 10 * MINUTE)
    assert row(evse).outcome == "ignored"


def test_desire_that_changes_under_way_is_due_when_the_answer_comes(evse):
    window = take_out(evse)
    reconcile(NOW)
    end_window(window, actor=None, now=NOW)
    assert reconcile(NOW) == 0
    answer()
    assert row(evse).due_at == NOW
    assert reconcile(NOW) == 1
    assert asked() == [(None, "Operative")]


def test_time_out_leaves_a_doubt_that_the_next_desire_removes(evse):
    window = take_out(evse)
    reconcile(NOW)
    answer(CommandState.TIMED_OUT)
    end_window(window, actor=None, now=NOW)
    reconcile(NOW)
    assert asked() == [(None, "Operative")]


def test_desire_that_is_withdrawn_after_a_refusal_rests(evse):
    window = take_out(evse)
    reconcile(NOW)
    answer(CommandState.REJECTED)
    end_window(window, actor=None, now=NOW)
    assert reconcile(NOW) == 0
    assert (row(evse).outcome, row(evse).due_at) == ("", None)


@pytest.mark.parametrize("source", [CommandSource.ADMIN, CommandSource.API])
def test_accepted_command_by_hand_is_the_desire(evse, source):
    republish([evse.pk], now=NOW)
    factories.command(evse.station, source=source, params={"availability": "Inoperative"})
    answer()
    published = PublishedStatus.objects.get(pk=evse.pk)
    assert (published.manual, published.status) == ("Inoperative", "OUT_OF_SERVICE")
    assert (row(evse).confirmed, row(evse).outcome) == ("Inoperative", "accepted")
    assert reconcile(NOW) == 0


def test_command_under_way_has_the_last_word_over_one_by_hand(evse):
    take_out(evse)
    reconcile(NOW)
    first = Command.objects.get()
    by_hand = factories.command(
        evse.station, params={"availability": "Operative"}, state=CommandState.ACCEPTED
    )
    settle([by_hand], now=NOW)
    assert (row(evse).desired, row(evse).command) == ("Operative", first)
    answer()
    reconcile(NOW)
    assert asked() == [(None, "Operative")]


def test_refused_command_by_hand_changes_nothing(evse):
    republish([evse.pk], now=NOW)
    factories.command(evse.station, evse=evse, params={"availability": "Inoperative"})
    answer(CommandState.REJECTED)
    assert PublishedStatus.objects.get(pk=evse.pk).manual == ""


def test_the_last_command_by_hand_counts(pair):
    republish([evse.pk for evse in pair], now=NOW)
    station = pair[0].station
    factories.command(station, params={"availability": "Inoperative"})
    factories.command(station, evse=pair[0], params={"availability": "Operative"})
    answer()
    manual = PublishedStatus.objects.order_by("pk").values_list("manual", flat=True)
    assert list(manual) == ["Operative", "Inoperative"]


def test_straggler_is_recalled(evse):
    take_out(evse)
    EvseAvailability.objects.update(due_at=None)
    assert recall_stragglers(NOW) == 1
    assert reconcile(NOW) == 1
    assert recall_stragglers(NOW) == 0


def test_desire_that_an_update_lost_is_repaired(evse):
    take_out(evse)
    EvseAvailability.objects.update(desired="Operative", due_at=None)
    recall_stragglers(NOW)
    row = EvseAvailability.objects.get()
    assert (row.desired, row.due_at) == ("Inoperative", NOW)


@pytest.mark.parametrize("count", [1, 50])
def test_number_of_queries_does_not_grow(count, django_assert_max_num_queries):
    for _ in range(count):
        (evse,) = factories.reporting_evses("Available")
        take_out(evse)
    with django_assert_max_num_queries(10):
        assert reconcile(NOW) == count
    commands = list(Command.objects.all())
    for command in commands:
        command.state = CommandState.ACCEPTED
    with django_assert_max_num_queries(3):
        settle(commands, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_command_once():
    for _ in range(10):
        (evse,) = factories.reporting_evses("Available")
        take_out(evse)
    assert sum(in_threads(4, lambda: reconcile(NOW))) == 10
    assert Command.objects.count() == 10
