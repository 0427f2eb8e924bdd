"""What stations say of themselves: that they live, what they are, how their connectors do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stations.domain.command_effects import EffectSeen
from stations.domain.facts import (
    MAX_CONNECTORS,
    WHOLE_STATION,
    Address,
    ConnectorFacts,
    StationFacts,
)
from stations.domain.reported_status import ReportedStatus
from stations.models import Connector, ConnectorState, Evse, Station, StationConnection
from stations.ocpp.errors import CallRefused, ErrorCode
from stations.ocpp.work import Work
from stations.selectors import load_connectors

# last_seen_at is written at most this often for each station.
SEEN_RESOLUTION = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A status as a station told it; `at` is by its clock, already made plausible."""

    status: ReportedStatus
    at: datetime
    error_code: str = ""
    vendor_error_code: str = ""
    info: str = ""


def note_seen(work: Work, station: StationFacts) -> None:
    """Note that a station gave a sign of life."""
    if station.last_seen_at is None or work.now - station.last_seen_at >= SEEN_RESOLUTION:
        station.last_seen_at = work.now
        work.update(StationConnection, station.id, last_seen_at=work.now)


def record_boot(work: Work, station: StationFacts, equipment: dict[str, str]) -> None:
    """Note that a station has started, and what it says it is; empty words overwrite nothing."""
    station.booted_at = work.now
    work.update(StationConnection, station.id, booted_at=work.now, last_seen_at=work.now)
    known = work.equipment.get(station.id, {})
    changed = {name: text for name, text in equipment.items() if text and text != known.get(name)}
    if changed:
        work.update(Station, station.id, **changed)
    work.touched.booted.add(station.id)
    work.effects.append(EffectSeen.reboot(station.id))


def record_status(
    work: Work, station: StationFacts, address: Address, report: StatusReport
) -> None:
    """Note what a station reports of a connector, or of itself as a whole.

    A report older than the last one (by the station's clock) changes nothing. A connector that is
    not known yet is added. Raises CallRefused for more connectors than any station has.
    """
    if address == WHOLE_STATION:
        _record_whole_station(work, station, report)
        return
    connector = work.loaded(load_connectors)[station.id].by_address.get(address)
    before = connector.status if connector else None
    if connector is None:
        connector = add_connector(work, station, address, report)
    elif not station.is_outdated(report.at, connector.status_at):
        _note_report(connector, report)
        if connector.has_state:
            work.update(ConnectorState, connector.id, **_state_values(work, report))
        else:
            connector.has_state = True
            work.insert(ConnectorState(connector_id=connector.id, **_state_values(work, report)))
    else:
        return
    work.touched.reported.setdefault(station.id, []).append(connector)
    _note_effect(work, station, connector.evse_id, before, report.status)


def add_connector(
    work: Work, station: StationFacts, address: Address, report: StatusReport | None = None
) -> ConnectorFacts:
    """Add a connector that a station has spoken of, with its EVSE if that is new as well.

    Raises CallRefused for more connectors than any station has.
    """
    connectors = work.loaded(load_connectors)[station.id]
    if connectors.is_full:
        raise CallRefused(
            ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
            f"a station has at most {MAX_CONNECTORS} connectors",
        )
    row = Connector(
        station_id=station.id,
        ocpp_evse_id=address.evse,
        ocpp_connector_id=address.connector,
    )
    sibling = next((c for k, c in connectors.by_address.items() if k.evse == address.evse), None)
    if sibling is None:
        row.evse = Evse(station_id=station.id, number=address.evse)
        work.insert(row.evse, unless_there=("station", "number"))
    else:
        row.evse_id = sibling.evse_id
    facts = ConnectorFacts(
        id=0,
        evse_id=row.evse_id or 0,
        address=address,
        retired=False,
        has_state=True,
        status=None,
        status_at=None,
        error_code="",
        row=row,
    )

    def learn_keys() -> None:
        facts.id, facts.evse_id = row.pk, row.evse_id

    work.insert(row)
    work.when_inserted(learn_keys)
    values = _state_values(work, report) if report else {}
    work.insert(ConnectorState(connector=row, **values))
    if report:
        _note_report(facts, report)
    connectors.by_address[address] = facts
    return facts


def _record_whole_station(work: Work, station: StationFacts, report: StatusReport) -> None:
    if station.is_outdated(report.at, station.status_at):
        return
    _note_effect(work, station, None, station.status, report.status)
    station.status, station.status_at = report.status, report.at
    station.error_code = report.error_code
    work.update(
        StationConnection,
        station.id,
        status=report.status,
        status_at=report.at,
        error_code=report.error_code,
        info=report.info,
    )
    work.touched.whole_stations.add(station.id)


def _note_effect(
    work: Work,
    station: StationFacts,
    evse_id: int | None,
    before: ReportedStatus | None,
    after: ReportedStatus,
) -> None:
    """Only a way into or out of Unavailable can be the effect of a change of availability."""
    if before is not after and ReportedStatus.UNAVAILABLE in {before, after}:
        seen = EffectSeen.status(station.id, evse_id, after)
        if seen is not None:
            work.effects.append(seen)


def _note_report(connector: ConnectorFacts, report: StatusReport) -> None:
    connector.status, connector.status_at = report.status, report.at
    connector.error_code = report.error_code


def _state_values(work: Work, report: StatusReport) -> dict[str, object]:
    return {
        "status": report.status,
        "error_code": report.error_code,
        "vendor_error_code": report.vendor_error_code,
        "info": report.info,
        "status_at": report.at,
        "received_at": work.now,
    }
