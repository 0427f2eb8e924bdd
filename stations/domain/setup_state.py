"""How far a station has come on its way from first connection to paying drivers."""

from enum import StrEnum


class SetupState(StrEnum):
    """The life of a station in the back office; *disabled* is a flag beside it."""

    SETUP = "SETUP"
    ACTIVATION_PENDING = "ACTIVATION_PENDING"
    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


class RegistrationStatus(StrEnum):
    """What a BootNotification is answered with, spelled alike in both OCPP versions."""

    ACCEPTED = "Accepted"
    PENDING = "Pending"
    REJECTED = "Rejected"
