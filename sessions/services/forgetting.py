"""Forgets what is kept only to recognise repeats."""

from datetime import datetime, timedelta

from sessions.models import HandledMessage
from stations.rows.ids import first_id_at

# A station that was offline replays what it has queued; none is known to keep it for longer.
KEPT_FOR = timedelta(days=30)
ROWS_PER_TRANSACTION = 10_000


def forget_handled_messages(now: datetime) -> int:
    """Delete the names of messages older than a month, in portions; returns how many."""
    old = HandledMessage.objects.filter(pk__lt=first_id_at(now - KEPT_FOR)).order_by("pk")
    forgotten = 0
    while batch := list(old.values_list("pk", flat=True)[:ROWS_PER_TRANSACTION]):
        HandledMessage.objects.filter(pk__lte=batch[-1]).delete()
        forgotten += len(batch)
    return forgotten
