"""Rare words of stations: how a firmware update or a log upload goes."""

from stations.domain.facts import StationFacts
from stations.models import StationConnection
from stations.ocpp.work import Work


def record_firmware_status(work: Work, station: StationFacts, status: str) -> None:
    """Note how a firmware update goes."""
    work.update(StationConnection, station.id, firmware_status=status[:50])


def record_log_status(work: Work, station: StationFacts, status: str) -> None:
    """Note how the upload of a log or of diagnostics goes."""
    work.update(StationConnection, station.id, log_status=status[:50])
