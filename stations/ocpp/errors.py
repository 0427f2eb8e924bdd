"""The CALLERROR codes in neutral words, and the exception that answers with one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from stations.domain.ocpp_version import OcppVersion


class ErrorCode(StrEnum):
    """Why a CALL is refused; the value is the spelling of OCPP 2.x (Part 4, section 4.3)."""

    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    INTERNAL_ERROR = "InternalError"
    PROTOCOL_ERROR = "ProtocolError"
    SECURITY_ERROR = "SecurityError"
    FORMAT_VIOLATION = "FormatViolation"
    PROPERTY_CONSTRAINT_VIOLATION = "PropertyConstraintViolation"
    OCCURRENCE_CONSTRAINT_VIOLATION = "OccurrenceConstraintViolation"
    TYPE_CONSTRAINT_VIOLATION = "TypeConstraintViolation"
    GENERIC_ERROR = "GenericError"
    MESSAGE_TYPE_NOT_SUPPORTED = "MessageTypeNotSupported"
    RPC_FRAMEWORK_ERROR = "RpcFrameworkError"

    def spelling(self, version: OcppVersion) -> str:
        """The text to send on a connection of this version."""
        if version is OcppVersion.V16:
            return _SPELLING_16.get(self, self.value)
        return self.value

    @classmethod
    def from_wire(cls, text: str) -> ErrorCode:
        """Read a code in the spelling of any version; an unknown word is a GenericError."""
        return _CODE_OF_TEXT.get(text, cls.GENERIC_ERROR)


# The first two are officially typing errors of 1.6J that will not be corrected;
# the last two do not exist there.
_SPELLING_16 = {
    ErrorCode.FORMAT_VIOLATION: "FormationViolation",
    ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION: "OccurenceConstraintViolation",
    ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED: "GenericError",
    ErrorCode.RPC_FRAMEWORK_ERROR: "GenericError",
}
_CODE_OF_TEXT = {code.value: code for code in ErrorCode} | {
    "FormationViolation": ErrorCode.FORMAT_VIOLATION,
    "OccurenceConstraintViolation": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
}


class CallRefused(Exception):  # noqa: N818 - an answer to give, like Django's PermissionDenied
    """Raised by a handler or a router to answer the station's CALL with a CALLERROR."""

    def __init__(
        self, code: ErrorCode, description: str = "", details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.details: dict[str, Any] = dict(details or {})
