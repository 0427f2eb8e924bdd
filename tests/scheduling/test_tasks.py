"""The tasks of beat, which may run twice and at once."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from scheduling.domain.statuses import WindowSource
from scheduling.models import EvseAvailability, PublishedStatus, StatusLedger
from scheduling.services import sweeping
from scheduling.services.windows import set_window
from scheduling.tasks import apply_boundaries, reconcile_availability, sweep_published_status
from stations.models import Command
from tests import factories

pytestmark = pytest.mark.django_db


def ticking():
    """Return a clock that is a second later each time it is asked."""
    start, seconds = timezone.now(), count()
    return lambda: start + timedelta(seconds=next(seconds))


def test_boundary_tells_the_station_in_the_same_run():
    (evse,) = factories.reporting_evses("Available")
    now = timezone.now()
    set_window(
        target=evse,
        status="OUT_OF_SERVICE",
        source=WindowSource.STAFF,
        now=now - timedelta(hours=1),
        starts_at=now - timedelta(minutes=1),
    )
    apply_boundaries()
    apply_boundaries()
    assert PublishedStatus.objects.get().status == "OUT_OF_SERVICE"
    assert Command.objects.count() == 1


def test_availability_that_is_due_is_looked_after():
    factories.reporting_evses("Available", is_disabled=True)
    sweep_published_status()
    reconcile_availability()
    reconcile_availability()
    assert Command.objects.count() == 1


def test_sweep_publishes_all_that_is_in_use_and_then_changes_nothing(monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH_SIZE", 2)
    evses = factories.reporting_evses("Available", count=5)
    evses[0].retired_at = timezone.now()
    evses[0].save()
    factories.reporting_evses("Available", setup_state="RETIRED")
    assert [sweeping.sweep(timezone.now) for _ in range(2)] == [4, 0]
    assert StatusLedger.objects.count() == PublishedStatus.objects.count() == 4


def test_sweep_judges_each_batch_by_its_own_time(monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH_SIZE", 1)
    factories.reporting_evses("Available", count=2)
    sweeping.sweep(ticking())
    first, second = StatusLedger.objects.order_by("evse").values_list("at", flat=True)
    assert first < second


def test_sweep_with_a_clock_that_is_behind_keeps_a_window_that_was_set_meanwhile():
    (evse,) = factories.reporting_evses("Available")
    before = timezone.now()
    later = before + timedelta(minutes=1)
    set_window(target=evse, status="MAINTENANCE", source=WindowSource.STAFF, now=later)
    assert sweeping.sweep(lambda: before) == 0
    assert PublishedStatus.objects.get().status == "MAINTENANCE"


def test_sweep_repairs_a_lost_due_time():
    (evse,) = factories.reporting_evses("Available", is_disabled=True)
    sweep_published_status()
    EvseAvailability.objects.update(due_at=None)
    sweep_published_status()
    assert EvseAvailability.objects.get(pk=evse.pk).due_at
