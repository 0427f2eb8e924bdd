"""NotifyReport of OCPP 2.0.1, use case B07: a part of the device model, kept in the log."""

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work


def answer(call: StationCall, work: Work) -> Answer:
    return {}
