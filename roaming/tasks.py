"""What Celery runs for roaming: the outbox is emptied."""

from celery import shared_task
from django.utils import timezone

from roaming.ocpi.v221.push import push
from roaming.services.announcing import announce
from roaming.services.sending import Senders

# Healthy partners are done by then; slower ones go on in their own threads.
PATIENCE_S = 0.5

senders = Senders(push, clock=timezone.now)


@shared_task
def send_deliveries() -> None:
    """Announce what has changed and tell partners; safe to run several times at once."""
    while announce(timezone.now()):
        pass
    if senders.start():
        senders.wait(PATIENCE_S)
