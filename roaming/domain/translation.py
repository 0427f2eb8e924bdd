"""How a published status is said on each channel: drivers' pages, OCPI and OICP."""

from dataclasses import dataclass
from enum import StrEnum

from scheduling.domain.statuses import PublicStatus


class OcpiStatus(StrEnum):
    """The EVSE statuses of OCPI 2.1.1, 2.2.1 and 2.3.0 (Locations module, Status)."""

    AVAILABLE = "AVAILABLE"
    BLOCKED = "BLOCKED"
    CHARGING = "CHARGING"
    INOPERATIVE = "INOPERATIVE"
    OUTOFORDER = "OUTOFORDER"
    PLANNED = "PLANNED"
    REMOVED = "REMOVED"
    RESERVED = "RESERVED"
    UNKNOWN = "UNKNOWN"


class OicpStatus(StrEnum):
    """The EVSE statuses of OICP 2.3 that an operator sends (EvseNotFound is the hub's)."""

    AVAILABLE = "Available"
    RESERVED = "Reserved"
    OCCUPIED = "Occupied"
    OUT_OF_SERVICE = "OutOfService"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Translation:
    """One status on every channel; label None: not listed; oicp None: record deleted."""

    label: str | None
    second_line: str | None
    ocpi: OcpiStatus
    oicp: OicpStatus | None


TRANSLATIONS: dict[PublicStatus, Translation] = {
    PublicStatus.AVAILABLE: Translation(
        "Available", None, OcpiStatus.AVAILABLE, OicpStatus.AVAILABLE
    ),
    PublicStatus.OCCUPIED: Translation("Occupied", None, OcpiStatus.CHARGING, OicpStatus.OCCUPIED),
    PublicStatus.RESERVED: Translation("Reserved", None, OcpiStatus.RESERVED, OicpStatus.RESERVED),
    PublicStatus.OUT_OF_SERVICE: Translation(
        "Out of service", None, OcpiStatus.INOPERATIVE, OicpStatus.OUT_OF_SERVICE
    ),
    PublicStatus.FAULTED: Translation(
        "Out of order", None, OcpiStatus.OUTOFORDER, OicpStatus.OUT_OF_SERVICE
    ),
    PublicStatus.OUT_OF_ORDER: Translation(
        "Out of order", None, OcpiStatus.OUTOFORDER, OicpStatus.OUT_OF_SERVICE
    ),
    PublicStatus.MAINTENANCE: Translation(
        "Out of service", None, OcpiStatus.INOPERATIVE, OicpStatus.OUT_OF_SERVICE
    ),
    PublicStatus.COMMISSIONING: Translation(
        "Out of service", "Coming soon", OcpiStatus.PLANNED, OicpStatus.OUT_OF_SERVICE
    ),
    PublicStatus.BLOCKED: Translation("Blocked", None, OcpiStatus.BLOCKED, OicpStatus.OCCUPIED),
    PublicStatus.UNKNOWN: Translation("Unknown", None, OcpiStatus.UNKNOWN, OicpStatus.UNKNOWN),
    PublicStatus.REMOVED: Translation(None, None, OcpiStatus.REMOVED, None),
}


def driver_label(status: PublicStatus) -> str | None:
    """Return what drivers read; None: the EVSE is not listed for them."""
    return TRANSLATIONS[status].label


def driver_second_line(status: PublicStatus) -> str | None:
    """Return the smaller line below the label, where there is one."""
    return TRANSLATIONS[status].second_line


def ocpi_status(status: PublicStatus, *, blocked_as_charging: bool = False) -> OcpiStatus:
    """Return OCPI's word; some partners want CHARGING in place of BLOCKED."""
    if blocked_as_charging and status is PublicStatus.BLOCKED:
        return OcpiStatus.CHARGING
    return TRANSLATIONS[status].ocpi


def oicp_status(status: PublicStatus) -> OicpStatus | None:
    """Return OICP's word; None: the record is deleted at the hub."""
    return TRANSLATIONS[status].oicp
