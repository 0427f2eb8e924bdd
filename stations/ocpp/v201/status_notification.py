"""StatusNotification of OCPP 2.0.1, use case G01: how a connector does."""

from collections.abc import Sequence

from stations.domain.facts import MAX_CONNECTORS, WHOLE_STATION, Address
from stations.domain.reported_status import ReportedStatus
from stations.ocpp.errors import CallRefused, ErrorCode
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.values import believed_time
from stations.ocpp.work import Work
from stations.selectors import load_connectors
from stations.services.reporting import StatusReport, record_status


def needs(calls: Sequence[StationCall], work: Work) -> None:
    work.need(load_connectors, (call.station.id for call in calls))


def handle(call: StationCall, work: Work) -> Answer:
    told = call.payload
    report = StatusReport(
        status=ReportedStatus(told["connectorStatus"]),
        at=believed_time(told.get("timestamp"), work.now),
    )
    record_status(work, call.station, _address(told["evseId"], told["connectorId"]), report)
    return {}


def _address(evse: int, connector: int) -> Address:
    if not (0 <= evse <= MAX_CONNECTORS and 0 <= connector <= MAX_CONNECTORS):
        raise CallRefused(
            ErrorCode.PROPERTY_CONSTRAINT_VIOLATION, "evseId or connectorId is out of range"
        )
    return Address(evse, connector or 1) if evse else WHOLE_STATION
