"""The words of tokens and charging sessions."""

from enum import StrEnum


class TokenType(StrEnum):
    """What a token is."""

    RFID = "rfid"
    APP = "app"
    CONTRACT = "contract"
    AD_HOC = "ad_hoc"


class TokenStatus(StrEnum):
    """Whether staff let a token charge."""

    VALID = "valid"
    BLOCKED = "blocked"


class AuthorizationStatus(StrEnum):
    """The answer to a token; the values are those of OCPP, which both versions share."""

    ACCEPTED = "Accepted"
    BLOCKED = "Blocked"
    EXPIRED = "Expired"
    INVALID = "Invalid"
    CONCURRENT_TX = "ConcurrentTx"


class SessionState(StrEnum):
    """The life of a charging session; an orphan was stopped without a start that we know."""

    ACTIVE = "active"
    ENDED = "ended"
    REFUSED = "refused"
    ORPHAN = "orphan"


class ChargingState(StrEnum):
    """What the car and the EVSE do during a session (OCPP 2 words; 1.6 derives them)."""

    CHARGING = "Charging"
    EV_CONNECTED = "EVConnected"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    IDLE = "Idle"
