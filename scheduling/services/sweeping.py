"""The regular look at everything, which repairs what a crash or a lost signal left behind."""

from django.db import transaction

from scheduling.services.publishing import Clock, republish
from scheduling.services.reconciler import recall_stragglers
from stations.domain.setup_state import SetupState
from stations.models import Evse

BATCH_SIZE = 500  # EVSEs in a transaction


def sweep(clock: Clock) -> int:
    """Publish all EVSEs that are not retired and return how many had to change.

    It may take minutes: each batch is judged by the time at which it is locked. Only what is not
    as it has to be is written, so that a second run writes nothing.
    """
    changed = 0
    after = 0
    while evse_ids := _evses_after(after):
        with transaction.atomic():
            changed += len(republish(evse_ids, now=clock))
        after = evse_ids[-1]
    with transaction.atomic():
        recall_stragglers(clock())
    return changed


def _evses_after(pk: int) -> list[int]:
    evses = Evse.objects.filter(pk__gt=pk, retired_at=None)
    evses = evses.exclude(station__setup_state=SetupState.RETIRED).order_by("pk")
    return list(evses.values_list("pk", flat=True)[:BATCH_SIZE])
