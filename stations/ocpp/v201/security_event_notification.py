"""SecurityEventNotification of OCPP 2.0.1, use case A04: a security event, kept in the log."""

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work


def answer(call: StationCall, work: Work) -> Answer:
    return {}
