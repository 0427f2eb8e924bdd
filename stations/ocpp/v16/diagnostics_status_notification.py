"""DiagnosticsStatusNotification of OCPP 1.6, section 4.4: how an upload of diagnostics goes."""

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work
from stations.services.progress import record_log_status


def answer(call: StationCall, work: Work) -> Answer:
    record_log_status(work, call.station, call.payload["status"])
    return {}
