"""Celery's doors into the app."""

from celery import shared_task
from django.utils import timezone

from sessions.services.forgetting import forget_handled_messages as forget


@shared_task
def forget_handled_messages() -> None:
    """Forget what named messages that nobody repeats any more."""
    forget(timezone.now())
