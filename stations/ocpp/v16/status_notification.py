"""StatusNotification of OCPP 1.6, section 4.9: how a connector, or the station as a whole, does."""

from collections.abc import Sequence

from stations.domain.reported_status import ReportedStatus
from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.v16.addresses import address_of
from stations.ocpp.values import believed_time
from stations.ocpp.work import Work
from stations.selectors import load_connectors
from stations.services.reporting import StatusReport, record_status


def needs(calls: Sequence[StationCall], work: Work) -> None:
    work.need(load_connectors, (call.station.id for call in calls))


def handle(call: StationCall, work: Work) -> Answer:
    told = call.payload
    error_code = told["errorCode"]
    report = StatusReport(
        status=ReportedStatus(told["status"]),
        at=believed_time(told.get("timestamp"), work.now),
        error_code="" if error_code == "NoError" else error_code[:50],
        vendor_error_code=(told.get("vendorErrorCode") or "")[:50],
        info=(told.get("info") or "")[:255],
    )
    record_status(work, call.station, address_of(told["connectorId"]), report)
    return {}
