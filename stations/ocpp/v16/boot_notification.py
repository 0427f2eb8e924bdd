"""BootNotification of OCPP 1.6, section 4.2: a station has started and says what it is."""

from collections.abc import Sequence

from django.conf import settings

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.values import write_timestamp
from stations.ocpp.work import Work
from stations.services.reporting import record_boot


def needs(calls: Sequence[StationCall], work: Work) -> None:
    """Need nothing but the stations."""


def handle(call: StationCall, work: Work) -> Answer:
    told = call.payload
    record_boot(
        work,
        call.station,
        {
            "vendor": told["chargePointVendor"],
            "model": told["chargePointModel"],
            "firmware": told.get("firmwareVersion") or "",
            "serial_number": told.get("chargePointSerialNumber")
            or told.get("chargeBoxSerialNumber")
            or "",
            "iccid": told.get("iccid") or "",
            "imsi": told.get("imsi") or "",
            "meter_serial_number": told.get("meterSerialNumber") or "",
            "meter_type": told.get("meterType") or "",
        },
    )
    return {
        "status": call.station.registration,
        "currentTime": write_timestamp(work.now),
        "interval": settings.OCPP_HEARTBEAT_INTERVAL_S,
    }
