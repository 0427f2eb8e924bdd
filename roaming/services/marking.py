"""Marks EVSEs to be announced anew, where something else than their status has changed."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from roaming.models import Partner, ToldEvse
from scheduling.models import PublishedStatus

# No location has this id: stations that stand nowhere compare with it.
_NOWHERE = 0


def mark_location(location_id: int) -> None:
    """Announce what stands at a location, and what partners still show there."""
    told = ToldEvse.objects.filter(evse=OuterRef("pk"), location_id=location_id)
    _mark(Q(evse__station__location=location_id) | Q(Exists(told)))


def mark_misplaced(station_ids: Collection[int]) -> None:
    """Announce the EVSEs of stations that a partner shows elsewhere, or that none shows yet."""
    told = ToldEvse.objects.filter(evse=OuterRef("pk"))
    here = Coalesce(OuterRef("evse__station__location_id"), _NOWHERE)
    is_misplaced = Q(~Exists(told)) | Q(Exists(told.exclude(location_id=here)))
    _mark(Q(evse__station__in=station_ids) & is_misplaced)


def mark_partner(partner: Partner) -> None:
    """Announce all that a partner may see, and what it still shows."""
    told = ToldEvse.objects.filter(evse=OuterRef("pk"), partner=partner)
    _mark(Q(evse__station__location__operator=partner.operator_id) | Q(Exists(told)))


@transaction.atomic
def _mark(condition: Q) -> None:
    """Take the rows in order, as everybody who locks many of them does."""
    rows = PublishedStatus.objects.filter(condition, is_announced=True).order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    if found:
        PublishedStatus.objects.filter(pk__in=found).update(is_announced=False)
