"""FirmwareStatusNotification of OCPP 2.0.1: how a firmware update goes."""

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work
from stations.services.progress import record_firmware_status


def answer(call: StationCall, work: Work) -> Answer:
    record_firmware_status(work, call.station, call.payload["status"])
    return {}
