"""LogStatusNotification of OCPP 2.0.1, use case N01: how the upload of a log goes."""

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work
from stations.services.progress import record_log_status


def answer(call: StationCall, work: Work) -> Answer:
    record_log_status(work, call.station, call.payload["status"])
    return {}
