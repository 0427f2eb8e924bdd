"""What an EVSE reports, from the rows that a list has read with it."""

from collections.abc import Iterable
from datetime import datetime

from stations.domain.reported_status import ReportedStatus, aggregate_status
from stations.models import Connector, Evse, StationConnection


def connection_of(evse: Evse) -> StationConnection | None:
    return getattr(evse.station, "connection", None)


def reported_status(evse: Evse) -> ReportedStatus | None:
    """Return what the EVSE reports, as the published status counts it."""
    connection = connection_of(evse)
    whole_station = connection.status if connection else ""
    connectors = [status for status, _, _ in _states(evse.connectors.all())]
    return aggregate_status(connectors, ReportedStatus(whole_station) if whole_station else None)


def speakers(evse: Evse) -> list[tuple[str, datetime | None]]:
    """Return error code and time of those whose word is the reported status."""
    reported, connection = reported_status(evse), connection_of(evse)
    if reported is None:
        return []
    found = [
        (error_code, at)
        for status, error_code, at in _states(evse.connectors.all())
        if status is reported
    ]
    if connection is not None and connection.status == reported:
        found.append((connection.error_code, connection.status_at))
    return found


def _states(
    connectors: Iterable[Connector],
) -> list[tuple[ReportedStatus | None, str, datetime | None]]:
    states = [getattr(connector, "state", None) for connector in connectors]
    return [
        (
            ReportedStatus(state.status) if state.status else None,
            state.error_code,
            state.status_at or state.received_at,
        )
        for state in states
        if state is not None
    ]
