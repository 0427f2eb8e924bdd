"""The models of the app, gathered for Django."""

from scheduling.models.published import EvseAvailability, PublishedStatus, StatusLedger
from scheduling.models.window import StatusWindow, WindowOccurrence

__all__ = [
    "EvseAvailability",
    "PublishedStatus",
    "StatusLedger",
    "StatusWindow",
    "WindowOccurrence",
]
