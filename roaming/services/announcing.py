"""Announcements: every published change becomes a row of the outbox per partner."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from roaming.domain.words import DeliveryState
from roaming.models import Delivery, ToldEvse
from roaming.selectors.evses import shared
from roaming.selectors.partners import pushed_partners
from scheduling.models import PublishedStatus
from stations.models import Evse

CHANGES_PER_TRANSACTION = 500


def announce(now: datetime) -> int:
    """Make deliveries of the changes that roaming has not seen; return how many changes it saw.

    At most 500 in one transaction; locks their published statuses and skips those that another
    worker holds. Where there is none it is one query.
    """
    waiting = PublishedStatus.objects.filter(is_announced=False)
    if not waiting.exists():
        return 0
    with transaction.atomic():
        changes = list(
            waiting.select_for_update(skip_locked=True)
            .order_by("evse_id")
            .values_list("evse_id", "status", "published_at")[:CHANGES_PER_TRANSACTION]
        )
        if not changes:
            return 0
        told = _partners_of([evse_id for evse_id, *_ in changes])
        Delivery.objects.bulk_create(
            Delivery(
                partner_id=partner_id,
                evse_id=evse_id,
                status=status,
                created_at=now,
                published_at=published_at,
                due_at=now,
            )
            for evse_id, status, published_at in changes
            for partner_id in told[evse_id]
        )
        announced = PublishedStatus.objects.filter(evse__in=[evse_id for evse_id, *_ in changes])
        announced.update(is_announced=True)
    return len(changes)


def _partners_of(evse_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the partners to tell about each EVSE: those that may see it, or show it yet."""
    partners: dict[int, list[int]] = defaultdict(list)
    for partner_id, operator_id in pushed_partners().values_list("pk", "operator_id"):
        partners[operator_id].append(partner_id)
    told: dict[int, list[int]] = defaultdict(list)
    if not partners:
        return told
    for evse_id, partner_id in _showing(evse_ids):
        told[evse_id].append(partner_id)
    seen = Evse.objects.filter(
        shared(),
        pk__in=evse_ids,
        station__location__is_published=True,
        station__location__latitude__isnull=False,
    )
    for evse_id, operator_id in seen.values_list("pk", "station__location__operator_id"):
        told[evse_id] = sorted({*told[evse_id], *partners[operator_id]})
    return told


def _showing(evse_ids: Sequence[int]) -> QuerySet[Any, tuple[int, int]]:
    """Return EVSEs with the partners that show them, or will once a delivery has arrived."""
    concerned = {"evse__in": evse_ids, "partner__in": pushed_partners()}
    pending = Delivery.objects.filter(state=DeliveryState.PENDING, **concerned)
    told = ToldEvse.objects.filter(**concerned).values_list("evse_id", "partner_id")
    return told.union(pending.order_by().values_list("evse_id", "partner_id"))
