"""The words of scheduling: public statuses, windows, targets, availability and causes."""

from enum import StrEnum


class PublicStatus(StrEnum):
    """What drivers and partners are told of an EVSE, before translation per channel."""

    AVAILABLE = "AVAILABLE"
    OCCUPIED = "OCCUPIED"
    RESERVED = "RESERVED"
    BLOCKED = "BLOCKED"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    FAULTED = "FAULTED"
    MAINTENANCE = "MAINTENANCE"
    COMMISSIONING = "COMMISSIONING"
    UNKNOWN = "UNKNOWN"
    REMOVED = "REMOVED"


class WindowStatus(StrEnum):
    """What a window may set; every value is a PublicStatus too."""

    AVAILABLE = "AVAILABLE"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    MAINTENANCE = "MAINTENANCE"
    COMMISSIONING = "COMMISSIONING"
    BLOCKED = "BLOCKED"
    RESERVED = "RESERVED"
    OCCUPIED = "OCCUPIED"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"
    FAULTED = "FAULTED"


# Sensor and booking windows may hide neither a defect nor a running session; operator windows
# are the operator's word and hide everything.
SENSOR_STATUSES = frozenset({WindowStatus.BLOCKED, WindowStatus.RESERVED})
OPERATOR_STATUSES = frozenset(WindowStatus) - SENSOR_STATUSES


class TargetKind(StrEnum):
    """What a window is set on, declared from the widest to the narrowest."""

    LOCATION = "location"
    STATION = "station"
    EVSE = "evse"

    @property
    def narrowness(self) -> int:
        """Return a rank that is higher for a narrower target."""
        return _NARROWNESS[self]


_NARROWNESS = {kind: rank for rank, kind in enumerate(TargetKind)}


class WindowSource(StrEnum):
    """Who set a window."""

    STAFF = "staff"
    API = "api"
    OWNER = "owner"
    TECHNICIAN = "technician"
    SYSTEM = "system"


# Windows of people may not overlap on one target; a program's may.
PEOPLE = frozenset({WindowSource.STAFF, WindowSource.OWNER, WindowSource.TECHNICIAN})


class Availability(StrEnum):
    """Whether a station is to take sessions; OCPP's words for ChangeAvailability."""

    OPERATIVE = "Operative"
    INOPERATIVE = "Inoperative"


class AvailabilityOutcome(StrEnum):
    """What became of the last availability command; each is a fact of its own."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"
    OFFLINE = "offline"
    IGNORED = "ignored"


class Cause(StrEnum):
    """Why a status is published, or an availability desired."""

    REMOVED = "removed"
    NOT_SET_UP = "not_set_up"
    WINDOW = "window"
    DISABLED = "disabled"
    INOPERATIVE = "inoperative"
    OFFLINE = "offline"
    REPORTED = "reported"
    SESSION = "session"
    NOTHING_REPORTED = "nothing_reported"
    # Of a desired availability only: a command sent by hand, and nothing that speaks against it.
    MANUAL = "manual"
    DEFAULT = "default"
