"""DataTransfer of OCPP 1.6: a vendor's own message; we speak no vendor's language yet."""

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.work import Work


def answer(call: StationCall, work: Work) -> Answer:
    """Answer that the vendor is unknown: the message is in the log, and has no other effect."""
    return {"status": "UnknownVendorId"}
