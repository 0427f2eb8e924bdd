"""The words of roaming partners and deliveries."""

from enum import StrEnum


class Protocol(StrEnum):
    """The protocol a partner speaks."""

    OCPI = "ocpi"
    OICP = "oicp"


class PartnerState(StrEnum):
    """How far the handshake with a partner has come."""

    PENDING = "pending"
    REGISTERED = "registered"
    SUSPENDED = "suspended"


class TokenEncoding(StrEnum):
    """How a partner writes the token in the Authorization header."""

    AUTO = "auto"
    BASE64 = "base64"
    RAW = "raw"


class DeliveryState(StrEnum):
    """The life of something that a partner must be told."""

    PENDING = "pending"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    DEAD = "dead"


class SendResult(StrEnum):
    """What became of one attempt to tell a partner; NOT_TRIED: it did not answer for another."""

    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    NOT_TRIED = "not_tried"
    POINTLESS = "pointless"
