"""Heartbeat of OCPP 2.0.1, use case G02: a station lives and asks for the time."""

from collections.abc import Sequence

from stations.ocpp.routing import Answer, StationCall
from stations.ocpp.values import write_timestamp
from stations.ocpp.work import Work


def needs(calls: Sequence[StationCall], work: Work) -> None:
    """Need nothing: that the station was seen is noted for every message."""


def handle(call: StationCall, work: Work) -> Answer:
    return {"currentTime": write_timestamp(work.now)}
