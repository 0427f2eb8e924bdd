"""An operator's switches, in force at once for the windows that are under way."""

from django.db import transaction

from scheduling.domain.statuses import WindowStatus
from scheduling.models import WindowOccurrence
from scheduling.selectors.targets import TargetKeys, evse_ids_under
from scheduling.services.publishing import Clock, republish

EVSES_PER_TRANSACTION = 500


def follow_switches(operator_id: int, *, clock: Clock) -> None:
    """Publish anew the EVSEs whose windows leave it to the operator to refuse sessions."""
    left_open = WindowOccurrence.objects.current(clock()).filter(
        window__operator=operator_id,
        status=WindowStatus.OUT_OF_ORDER,
        takes_out_of_service=None,
    )
    targets = list(left_open.order_by().values_list("location_id", "station_id", "evse_id"))
    keys = TargetKeys(
        *(frozenset(row[place] for row in targets if row[place]) for place in range(3))
    )
    evse_ids = sorted(evse_ids_under(keys)) if targets else []
    for start in range(0, len(evse_ids), EVSES_PER_TRANSACTION):
        with transaction.atomic():
            republish(evse_ids[start : start + EVSES_PER_TRANSACTION], now=clock)
