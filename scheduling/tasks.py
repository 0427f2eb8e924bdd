"""What Celery beat runs: everything reconciles from the database, so a lost run costs nothing."""

from celery import shared_task
from django.utils import timezone

from scheduling.services import boundaries, reconciler, sweeping


@shared_task
def apply_boundaries() -> None:
    """Apply what is due by the clock; stations are told at once, not at the next look."""
    if boundaries.apply_boundaries(timezone.now):
        reconciler.reconcile(timezone.now())


@shared_task
def reconcile_availability() -> None:
    reconciler.reconcile(timezone.now())


@shared_task
def sweep_published_status() -> None:
    sweeping.sweep(timezone.now)
