"""Celery's doors into the app."""

from celery import shared_task
from django.utils import timezone

from diagnostics.services.retention import drop_expired


@shared_task
def drop_expired_partitions() -> None:
    """Keep the tables that grow within their retention."""
    drop_expired(timezone.now())
