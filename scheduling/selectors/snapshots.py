"""What is known of EVSEs apart from their windows, read from the database."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from scheduling.domain.standing import Snapshot
from sessions.models import ChargingSession
from stations.domain.reported_status import ReportedStatus
from stations.domain.setup_state import SetupState
from stations.models import Connector, Evse

_FIELDS = (
    "pk",
    "station_id",
    "station__location_id",
    "retired_at",
    "station__is_disabled",
    "station__setup_state",
    "station__operator__out_of_order_makes_unavailable",
    "station__connection__token",
    "station__connection__disconnected_at",
    "station__connection__status",
    "station__connection__error_code",
)


def snapshots(evse_ids: Collection[int]) -> list[Snapshot]:
    """Return what is known of the EVSEs; three queries."""
    rows = list(Evse.objects.filter(pk__in=evse_ids).order_by().values_list(*_FIELDS))
    connectors = _connector_states(evse_ids)
    in_session = _evses_in_session({row[1] for row in rows})
    return [
        _snapshot(row, connectors[row[0]], session_running=row[0] in in_session) for row in rows
    ]


def _connector_states(evse_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    states: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Connector.objects.filter(evse_id__in=evse_ids).order_by()
    for evse_id, status, error in rows.values_list("evse_id", "state__status", "state__error_code"):
        states[evse_id].append((status or "", error or ""))
    return states


def _evses_in_session(station_ids: Collection[int]) -> set[int | None]:
    """Ask by station: the index of open sessions is by station."""
    rows = ChargingSession.objects.running().filter(station_id__in=station_ids)
    return set(rows.order_by().values_list("evse_id", flat=True))


def _snapshot(
    row: tuple[Any, ...], connectors: list[tuple[str, str]], *, session_running: bool
) -> Snapshot:
    pk, station_id, location_id, retired_at, is_disabled, setup_state, switch, *live = row
    token, disconnected_at, whole_station, station_error = live
    errors = [error for _, error in connectors if error]
    return Snapshot(
        evse_id=pk,
        station_id=station_id,
        location_id=location_id,
        connectors=tuple(_reported(status) for status, _ in connectors),
        whole_station=_reported(whole_station),
        error_code=errors[0] if errors else station_error or "",
        is_connected=bool(token),
        disconnected_at=disconnected_at,
        session_running=session_running,
        is_disabled=is_disabled,
        setup_state=SetupState(setup_state),
        retired=retired_at is not None,
        out_of_order_makes_unavailable=switch,
    )


def _reported(status: str | None) -> ReportedStatus | None:
    return ReportedStatus(status) if status else None
