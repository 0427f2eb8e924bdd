"""What a connector says of itself, in the words of OCPP 1.6 and 2.0.1 together."""

from collections.abc import Iterable
from enum import StrEnum


class ReportedStatus(StrEnum):
    """The union of both versions' connector statuses; only 2.0.1 says Occupied."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EVSE = "SuspendedEVSE"
    SUSPENDED_EV = "SuspendedEV"
    FINISHING = "Finishing"
    OCCUPIED = "Occupied"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


# Of several connectors, the first of these that any of them reports stands for the EVSE.
_IN_USE_ORDER = (
    ReportedStatus.CHARGING,
    ReportedStatus.SUSPENDED_EVSE,
    ReportedStatus.SUSPENDED_EV,
    ReportedStatus.FINISHING,
    ReportedStatus.PREPARING,
    ReportedStatus.OCCUPIED,
)
_AGGREGATION_ORDER = (
    *_IN_USE_ORDER,
    ReportedStatus.RESERVED,
    ReportedStatus.AVAILABLE,
    ReportedStatus.UNAVAILABLE,
    ReportedStatus.FAULTED,
)
_WHOLE_STATION_OVERRIDES = frozenset({ReportedStatus.UNAVAILABLE, ReportedStatus.FAULTED})

IN_USE = frozenset(_IN_USE_ORDER)


def aggregate_status(
    connectors: Iterable[ReportedStatus | None], whole_station: ReportedStatus | None
) -> ReportedStatus | None:
    """Return the one status of an EVSE from its connectors' and connector 0's.

    None stands for "nothing reported yet". Connector 0 counts only when it is Unavailable or
    Faulted: its Available says nothing of a connector that has not reported.
    """
    if whole_station in _WHOLE_STATION_OVERRIDES:
        return whole_station
    reported = set(connectors)
    return next((status for status in _AGGREGATION_ORDER if status in reported), None)
