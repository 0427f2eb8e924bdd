"""What a partner's answers teach: where it shows which EVSE, and that what died can be made up."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef

from roaming.domain.words import DeliveryState
from roaming.models import Delivery, ToldEvse
from scheduling.models import PublishedStatus

# So many dead deliveries are made up for after one success.
MADE_UP_AT_ONCE = 500


def note_told(partner_id: int, places: Mapping[int, int | None]) -> None:
    """Keep at which location a partner shows EVSEs now (EVSE id -> location id, None: nowhere)."""
    gone = [evse_id for evse_id, location_id in places.items() if location_id is None]
    if gone:
        ToldEvse.objects.filter(partner=partner_id, evse__in=gone).delete()
    ToldEvse.objects.bulk_create(
        [
            ToldEvse(partner_id=partner_id, evse_id=evse_id, location_id=location_id)
            for evse_id, location_id in sorted(places.items(), key=lambda place: place[0])
            if location_id is not None
        ],
        update_conflicts=True,
        unique_fields=["evse", "partner"],
        update_fields=["location_id"],
    )


def make_up_for_dead(partner_id: int, *, now: datetime) -> None:
    """Deliver anew what a partner never acknowledged, since it answers again.

    The dead rows become superseded. Runs in the caller's transaction.
    """
    dead = Delivery.objects.filter(partner=partner_id, state=DeliveryState.DEAD)
    found = list(dead.order_by("pk").values_list("pk", "evse_id")[:MADE_UP_AT_ONCE])
    if not found:
        return
    own = Delivery.objects.filter(partner=partner_id, evse=OuterRef("evse"))
    is_said = own.filter(state=DeliveryState.PENDING)
    published = PublishedStatus.objects.filter(evse__in={evse_id for _, evse_id in found})
    missed = published.exclude(Exists(is_said)).order_by("evse_id")
    Delivery.objects.bulk_create(
        Delivery(
            partner_id=partner_id,
            evse_id=evse_id,
            status=status,
            created_at=now,
            published_at=published_at,
            due_at=now,
        )
        for evse_id, status, published_at in missed.values_list("evse_id", "status", "published_at")
    )
    Delivery.objects.filter(pk__in=[pk for pk, _ in found]).update(state=DeliveryState.SUPERSEDED)
