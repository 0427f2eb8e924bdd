"""Boundaries take effect when their time comes, once, however late and whoever runs them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.domain.statuses import Availability, WindowSource
from scheduling.models import EvseAvailability, PublishedStatus, StatusLedger, WindowOccurrence
from scheduling.services import boundaries
from scheduling.services.publishing import republish
from scheduling.services.windows import set_window
from tests import factories
from tests.clock import NOON as NOW
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def evse_with_window(start=1, end=2, status="MAINTENANCE"):
    (evse,) = factories.reporting_evses("Available")
    set_window(
        target=evse,
        status=status,
        source=WindowSource.STAFF,
        now=NOW,
        starts_at=NOW + start * MINUTE,
        ends_at=NOW + end * MINUTE,
    )
    return evse


def apply_at(moment):
    return boundaries.apply_boundaries(lambda: moment)


def status_of(evse):
    return PublishedStatus.objects.get(pk=evse.pk).status


def statuses(evse):
    return list(StatusLedger.objects.filter(evse=evse).values_list("status", flat=True))


def test_nothing_is_due_before_its_time():
    evse = evse_with_window()
    with CaptureQueriesContext(connection) as queries:
        assert apply_at(NOW + MINUTE - timedelta(microseconds=1)) == 0
    assert len(queries) == 3  # looking takes no transaction
    assert status_of(evse) == "AVAILABLE"


def test_start_and_end_take_effect_once_each():
    evse = evse_with_window()
    for minute, status, count in (
        (1, "MAINTENANCE", 1),
        (1, "MAINTENANCE", 0),
        (2, "AVAILABLE", 1),
    ):
        assert apply_at(NOW + minute * MINUTE) == count
        assert status_of(evse) == status
    assert statuses(evse) == ["AVAILABLE", "MAINTENANCE", "AVAILABLE"]


def test_window_that_was_over_before_anybody_looked_is_closed_at_once():
    evse = evse_with_window()
    assert apply_at(NOW + 60 * MINUTE) == 1
    occurrence = WindowOccurrence.objects.get()
    assert occurrence.start_applied_at == occurrence.end_applied_at == NOW + 60 * MINUTE
    assert statuses(evse) == ["AVAILABLE"]
    assert apply_at(NOW + 60 * MINUTE) == 0


def test_missed_boundaries_are_all_applied():
    evses = [evse_with_window(end=90) for _ in range(3)]
    assert apply_at(NOW + 60 * MINUTE) == 3
    assert {status_of(evse) for evse in evses} == {"MAINTENANCE"}


def test_boundary_makes_the_availability_due():
    evse = evse_with_window(status="OUT_OF_SERVICE")
    apply_at(NOW + MINUTE)
    row = EvseAvailability.objects.get(pk=evse.pk)
    assert (row.desired, row.due_at) == ("Inoperative", NOW + MINUTE)


def test_command_by_hand_ends_with_a_boundary():
    evse = evse_with_window()
    republish([evse.pk], now=NOW, manual={evse.pk: Availability.INOPERATIVE})
    apply_at(NOW + MINUTE)
    assert PublishedStatus.objects.get(pk=evse.pk).manual == ""


def test_outage_takes_effect_when_its_grace_is_over():
    (evse,) = factories.reporting_evses("Available")
    factories.disconnect(evse.station, at=NOW)
    republish([evse.pk], now=NOW)
    assert apply_at(NOW + MINUTE) == 1
    assert (status_of(evse), apply_at(NOW + MINUTE)) == ("UNKNOWN", 0)


def test_batches_have_a_limit_but_nothing_is_left(monkeypatch):
    monkeypatch.setattr(boundaries, "BATCH_SIZE", 2)
    location = factories.location()
    factories.reporting_evses("Available", count=3, location=location)
    set_window(
        target=location,
        status="MAINTENANCE",
        source=WindowSource.STAFF,
        now=NOW,
        starts_at=NOW + MINUTE,
    )
    for _ in range(3):
        evse_with_window()
    assert apply_at(NOW + MINUTE) == 4
    assert set(PublishedStatus.objects.values_list("status", flat=True)) == {"MAINTENANCE"}


@pytest.mark.parametrize("count", [1, 50])
def test_number_of_queries_does_not_grow(count, django_assert_max_num_queries):
    for _ in range(count):
        evse_with_window(status="OUT_OF_SERVICE")
    with django_assert_max_num_queries(19):
        assert apply_at(NOW + MINUTE) == count


@pytest.mark.django_db(transaction=True)
def test_several_workers_apply_each_boundary_once():
    evses = [evse_with_window() for _ in range(20)]
    counts = in_threads(4, lambda: apply_at(NOW + MINUTE))
    assert sum(counts) == 20
    for evse in evses:
        assert statuses(evse) == ["AVAILABLE", "MAINTENANCE"]


def test_window_that_starts_while_batches_run_is_applied_in_the_same_run(monkeypatch):
    monkeypatch.setattr(boundaries, "BATCH_SIZE", 1)
    first, second = evse_with_window(start=1, end=9), evse_with_window(start=2, end=9)
    assert boundaries.apply_boundaries(lambda: NOW + len(statuses(first)) * MINUTE) == 2
    assert status_of(second) == "MAINTENANCE"
