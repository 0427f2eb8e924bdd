"""BootNotification of OCPP 2.0.1, use cases B01 to B03: a station has started."""

from collections.abc import Sequence

from django.conf import settings

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.values import write_timestamp
from stations.ocpp.work import Work
from stations.services.reporting import record_boot


def needs(calls: Sequence[StationCall], work: Work) -> None:
    """Need nothing but the stations."""


def handle(call: StationCall, work: Work) -> Answer:
    told = call.payload["chargingStation"]
    modem = told.get("modem") or {}
    record_boot(
        work,
        call.station,
        {
            "vendor": told["vendorName"],
            "model": told["model"],
            "firmware": told.get("firmwareVersion") or "",
            "serial_number": told.get("serialNumber") or "",
            "iccid": modem.get("iccid") or "",
            "imsi": modem.get("imsi") or "",
        },
    )
    return {
        "status": call.station.registration,
        "currentTime": write_timestamp(work.now),
        "interval": settings.OCPP_HEARTBEAT_INTERVAL_S,
    }
