"""NotifyEvent of OCPP 2.0.1, use case N07: something was noticed; the message log keeps it."""

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work


def answer(call: StationCall, work: Work) -> Answer:
    return {}
