"""The translation table, cell by cell."""

import pytest

from roaming.domain.translation import (
    TRANSLATIONS,
    driver_label,
    driver_second_line,
    ocpi_status,
    oicp_status,
)
from scheduling.domain.statuses import PublicStatus

TABLE = {
    "AVAILABLE": ("Available", None, "AVAILABLE", "Available"),
    "OCCUPIED": ("Occupied", None, "CHARGING", "Occupied"),
    "RESERVED": ("Reserved", None, "RESERVED", "Reserved"),
    "OUT_OF_SERVICE": ("Out of service", None, "INOPERATIVE", "OutOfService"),
    "FAULTED": ("Out of order", None, "OUTOFORDER", "OutOfService"),
    "OUT_OF_ORDER": ("Out of order", None, "OUTOFORDER", "OutOfService"),
    "MAINTENANCE": ("Out of service", None, "INOPERATIVE", "OutOfService"),
    "COMMISSIONING": ("Out of service", "Coming soon", "PLANNED", "OutOfService"),
    "BLOCKED": ("Blocked", None, "BLOCKED", "Occupied"),
    "UNKNOWN": ("Unknown", None, "UNKNOWN", "Unknown"),
    "REMOVED": (None, None, "REMOVED", None),
}


def test_every_public_status_is_translated():
    assert set(TRANSLATIONS) == set(PublicStatus) == set(TABLE)


@pytest.mark.parametrize("status", PublicStatus)
def test_translation_on_every_channel(status):
    words = (
        driver_label(status),
        driver_second_line(status),
        ocpi_status(status),
        oicp_status(status),
    )
    assert words == TABLE[status]


@pytest.mark.parametrize("status", PublicStatus)
def test_partner_may_get_charging_for_blocked_and_for_nothing_else(status):
    wanted = "CHARGING" if status == "BLOCKED" else TABLE[status][2]
    assert ocpi_status(status, blocked_as_charging=True) == wanted
