"""Reads that span models: the facts a batch of messages starts from."""

from collections.abc import Collection
from typing import Any

from stations.domain.facts import Address, ConnectorFacts, StationConnectors, StationFacts
from stations.domain.ocpp_version import OcppVersion
from stations.domain.reported_status import ReportedStatus
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Connector, Station
from stations.rows.read import PlannedRead

EQUIPMENT = (
    "vendor",
    "model",
    "firmware",
    "serial_number",
    "iccid",
    "imsi",
    "meter_serial_number",
    "meter_type",
)
# Looking a word up costs a tenth of making it an enum member.
_VERSIONS = {word.value: word for word in OcppVersion}
_SETUP_STATES = {word.value: word for word in SetupState}
_REGISTRATIONS = {word.value: word for word in RegistrationStatus}
_STATUSES = {word.value: word for word in ReportedStatus}
_STATION_FIELDS = (
    "id",
    "identity",
    "operator_id",
    "location_id",
    "ocpp_version",
    "setup_state",
    "registration",
    "is_disabled",
    "operator__out_of_order_makes_unavailable",
    "connection__token",
    "connection__last_seen_at",
    "connection__disconnected_at",
    "connection__status",
    "connection__status_at",
    "connection__error_code",
    "connection__booted_at",
)
_CONNECTOR_FIELDS = (
    "station_id",
    "id",
    "evse_id",
    "ocpp_evse_id",
    "ocpp_connector_id",
    "evse__retired_at",
    "state__connector_id",
    "state__status",
    "state__status_at",
    "state__error_code",
)

_read_stations = PlannedRead(
    lambda ids: Station.objects.filter(pk__any_of=ids).order_by().values_list(*_STATION_FIELDS),
    "ids",
)
_lock_equipment = PlannedRead(
    lambda ids: (
        Station.objects.filter(pk__any_of=ids)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("id", *EQUIPMENT)
    ),
    "ids",
)
_read_connectors = PlannedRead(
    lambda station_ids: (
        Connector.objects.filter(station__any_of=station_ids)
        .order_by()
        .values_list(*_CONNECTOR_FIELDS)
    ),
    "station_ids",
)


def lock_equipment(ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return what is known of the equipment of stations that may be about to change; one query.

    Locks the stations in order, before anything that pages lock after them.
    """
    return {pk: dict(zip(EQUIPMENT, words, strict=True)) for pk, *words in _lock_equipment(ids=ids)}


def load_stations(ids: Collection[int]) -> dict[int, StationFacts]:
    """Return the facts of stations by id; one query."""
    return {row[0]: _station_facts(row) for row in _read_stations(ids=ids)}


def _station_facts(row: tuple[Any, ...]) -> StationFacts:
    (
        station_id,
        identity,
        operator_id,
        location_id,
        version,
        setup_state,
        registration,
        is_disabled,
        switch,
        token,
        last_seen_at,
        disconnected_at,
        status,
        status_at,
        error_code,
        booted_at,
    ) = row
    return StationFacts(
        station_id,
        identity,
        operator_id,
        location_id,
        _VERSIONS.get(version, OcppVersion.V16),
        _SETUP_STATES[setup_state],
        _REGISTRATIONS[registration],
        is_disabled,
        switch,
        token or "",
        last_seen_at,
        disconnected_at,
        _STATUSES.get(status),
        status_at,
        error_code or "",
        booted_at,
    )


def load_connectors(station_ids: Collection[int]) -> dict[int, StationConnectors]:
    """Return the connectors of stations, with what was last reported of them; one query."""
    found = {station_id: StationConnectors() for station_id in station_ids}
    for row in _read_connectors(station_ids=station_ids):
        station_id, pk, evse_id, evse, connector, retired_at, state, status, status_at, error = row
        address = Address(evse, connector)
        found[station_id].by_address[address] = ConnectorFacts(
            pk,
            evse_id,
            address,
            retired_at is not None,
            state is not None,
            _STATUSES.get(status),
            status_at,
            error or "",
        )
    return found
