"""When partners were last heard of."""

from collections.abc import Sequence
from datetime import datetime

from roaming.models import Partner
from roaming.services.outbox import Outcome


def note_contact(partner: Partner, *, now: datetime) -> None:
    """Keep that a partner called or answered; no audit trail follows it."""
    Partner.objects.filter(pk=partner.pk).update(last_contact_at=now)


def note_outcomes(partner_id: int, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Keep on the partner how the last round went: when it answered, or why it did not."""
    errors = [outcome.error for outcome in outcomes if outcome.error]
    changes: dict[str, object] = {"last_error": errors[0][:500] if errors else ""}
    if any(outcome.http_status is not None for outcome in outcomes):
        changes["last_contact_at"] = now
    Partner.objects.filter(pk=partner_id).update(**changes)
