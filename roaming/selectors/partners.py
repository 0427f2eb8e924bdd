"""Reads of partners."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from roaming.domain.words import DeliveryState, PartnerState, Protocol
from roaming.models import Delivery, Partner


def partner_with_digest(digest: str) -> Partner | None:
    """Return the partner that a token's digest belongs to, with its operator; one query."""
    found: Partner | None = (
        Partner.objects.filter(Q(inbound_digest=digest) | Q(registration_digest=digest))
        .select_related("operator")
        .first()
    )
    return found


def pushed_partners() -> QuerySet[Partner]:
    """Return the partners that are told of changes."""
    found: QuerySet[Partner] = Partner.objects.filter(
        state=PartnerState.REGISTERED, is_pushed=True, protocol=Protocol.OCPI
    )
    return found


def partners_with_due(now: datetime) -> Sequence[int]:
    """Return the ids of the partners that have something to be told now."""
    due = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now)
    return list(pushed_partners().filter(pk__in=due.values("partner")).values_list("pk", flat=True))
