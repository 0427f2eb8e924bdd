"""What happens by itself: the audit trail notes the door and the address of each change."""

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from stations.middleware import address_of


@receiver(pre_create_historical_record)
def note_origin(history_instance: Any, **_: Any) -> None:
    """Note whether a page or the API made a change, and from where; tasks stay `system`."""
    request: HttpRequest | None = getattr(HistoricalRecords.context, "request", None)
    if request is None:
        return
    history_instance.history_channel = "api" if request.path.startswith("/api/") else "page"
    history_instance.history_address = address_of(request) or None
