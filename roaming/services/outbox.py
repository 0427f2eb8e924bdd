"""The outbox: rows of what partners must be told are claimed, and each is settled once.

A row is pending until the partner has acknowledged it. A claimed row carries a lease (`due_at` in
the future while `settled_at` is empty): a sender that dies leaves a row that becomes due again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from django.db import transaction
from django.db.models import F, QuerySet

from roaming.domain.backoff import is_given_up, retry_delay
from roaming.domain.words import DeliveryState, SendResult
from roaming.models import Delivery, Partner
from roaming.services.told import make_up_for_dead, note_told
from stations.rows.update import update_rows

# So many EVSEs of a partner are sent before the next ones are claimed.
CLAIMS_PER_ROUND = 32
# So many rows are looked at to find them; several may be of one EVSE.
ROWS_PER_ROUND = 512
# Longer than a round can last, so that no other sender takes the same rows meanwhile.
LEASE = timedelta(seconds=60)
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this sender alone may send until its lease is over."""

    delivery_id: int
    evse_id: int
    attempts: int
    created_at: datetime
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim; `status` is what the partner was told.

    `location_id` is where the partner shows the EVSE from now on, None: nowhere.
    """

    claim: Claim
    result: SendResult
    status: str = ""
    published_at: datetime | None = None
    http_status: int | None = None
    ocpi_status: int | None = None
    error: str = ""
    location_id: int | None = None

    @property
    def is_acknowledged(self) -> bool:
        """Say whether the partner has taken note."""
        return self.result is SendResult.ACKNOWLEDGED


def claim(partner_id: int, *, now: datetime) -> list[Claim]:
    """Return what to send to a partner now: per EVSE the newest row, what waits longest first.

    Older rows of the same EVSE are superseded. An EVSE that another sender has under way is left
    alone, so that a partner never hears of two changes at once. Locks the partner's row.
    """
    with transaction.atomic():
        Partner.objects.select_for_update(no_key=True).get(pk=partner_id)
        pending = Delivery.objects.filter(partner=partner_id, state=DeliveryState.PENDING)
        newest, older = _newest(pending, _evses_due(pending, now=now))
        Delivery.objects.filter(pk__in=older).update(state=DeliveryState.SUPERSEDED, settled_at=now)
        lease_until = now + LEASE
        Delivery.objects.filter(pk__in=[row.pk for row in newest]).update(
            due_at=lease_until, sent_at=now, settled_at=None, attempts=F("attempts") + 1
        )
    return [
        Claim(row.pk, row.evse_id, row.attempts + 1, row.created_at, lease_until) for row in newest
    ]


def _evses_due(pending: QuerySet[Delivery], *, now: datetime) -> list[int]:
    under_way = pending.filter(due_at__gt=now, sent_at__isnull=False, settled_at__isnull=True)
    due = pending.filter(due_at__lte=now).exclude(evse__in=under_way.values("evse"))
    rows = due.order_by("due_at", "pk").values_list("evse_id", flat=True)[:ROWS_PER_ROUND]
    return list(dict.fromkeys(rows))[:CLAIMS_PER_ROUND]


def _newest(
    pending: QuerySet[Delivery], evse_ids: Sequence[int]
) -> tuple[list[Delivery], list[int]]:
    """Return the newest row of each EVSE, in the order given, and the ids of the older ones."""
    newest: dict[int, Delivery] = {}
    older = []
    for row in pending.filter(evse__in=evse_ids).order_by("pk"):
        if row.evse_id in newest:
            older.append(newest[row.evse_id].pk)
        newest[row.evse_id] = row
    return [newest[evse_id] for evse_id in evse_ids], older


def settle(partner_id: int, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write what became of claims; a claim whose lease another sender has taken over is left.

    Where the partner could not be reached, all that is due for it waits as long as the claims do;
    where it acknowledges, what had been given up is made up for.
    """
    retry_at = now + retry_delay(_attempts(outcomes), jitter=random())  # noqa: S311 - no secret
    by_claim = {outcome.claim.delivery_id: outcome for outcome in outcomes}
    with transaction.atomic():
        pending = Delivery.objects.filter(partner=partner_id, state=DeliveryState.PENDING)
        rows = pending.select_for_update().filter(pk__in=by_claim).values_list("pk", "due_at")
        changes = {
            pk: _settled(by_claim[pk], now=now, retry_at=retry_at)
            for pk, due_at in rows
            if due_at == by_claim[pk].claim.lease_until
        }
        update_rows(Delivery, changes)
        if any(outcome.result is SendResult.UNREACHABLE for outcome in outcomes):
            pending.filter(due_at__lt=retry_at).update(due_at=retry_at)
        told = [by_claim[pk] for pk in changes if by_claim[pk].is_acknowledged]
        if told:
            note_told(partner_id, {each.claim.evse_id: each.location_id for each in told})
            make_up_for_dead(partner_id, now=now)


def _attempts(outcomes: Sequence[Outcome]) -> int:
    """How often the partner has failed: the row that was tried most often tells."""
    tried = (SendResult.FAILED, SendResult.UNREACHABLE)
    return max((each.claim.attempts for each in outcomes if each.result in tried), default=0)


def _settled(outcome: Outcome, *, now: datetime, retry_at: datetime) -> dict[str, object]:
    claim = outcome.claim
    changes: dict[str, object] = {
        "http_status": outcome.http_status,
        "ocpi_status": outcome.ocpi_status,
        "error": outcome.error[:_LONGEST_ERROR],
        "settled_at": now,
    }
    if outcome.result is SendResult.POINTLESS:
        return changes | {"state": DeliveryState.SUPERSEDED}
    if outcome.is_acknowledged:
        changes |= {"state": DeliveryState.DELIVERED, "status": outcome.status}
        return changes | {"published_at": outcome.published_at or claim.created_at}
    if outcome.result is SendResult.NOT_TRIED:
        changes["attempts"] = claim.attempts - 1
    if is_given_up(claim.created_at, now):
        return changes | {"state": DeliveryState.DEAD}
    return changes | {"due_at": retry_at}
