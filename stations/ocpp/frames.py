"""OCPP-J frames: text to Call, CallResult and CallError, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.errors import ErrorCode

CALL: Final = 2
CALL_RESULT: Final = 3
CALL_ERROR: Final = 4

MAX_MESSAGE_ID_LENGTH: Final = (
    36  # characters; OCPP-J 1.6 section 4.1.4, 2.0.1 Part 4 section 4.1.4
)
MAX_ACTION_LENGTH: Final = 64  # characters; ours, twice the longest action name
MAX_DESCRIPTION_LENGTH: Final = 255  # characters; 2.0.1 Part 4 section 4.2.3
MAX_DEPTH: Final = 64  # nested arrays and objects; ours, the schemas need 10
UNKNOWN_MESSAGE_ID: Final = (
    "-1"  # answers a frame whose id is unreadable; 2.0.1 Part 4 section 4.2.3
)

# Some 1.6 stations number their messages. The id keeps its JSON type from CALL to answer,
# since such a station compares it with the number it sent.
MessageId = str | int
Payload = dict[str, Any]

_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class Call:
    """A request: `[2, id, action, payload]`."""

    message_id: MessageId
    action: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class CallResult:
    """The answer to a request: `[3, id, payload]`."""

    message_id: MessageId
    payload: Payload


@dataclass(frozen=True, slots=True)
class CallError:
    """The refusal of a request: `[4, id, code, description, details]`, the code as it was sent."""

    message_id: MessageId
    code: str
    description: str
    details: Payload = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A frame that its version tells us to pass over in silence."""

    reason: str


Frame = Call | CallResult | CallError | Ignored


class FrameError(Exception):
    """The text is no frame that can be handled.

    `answerable` says whether a CALLERROR is owed: give `message_id` to `encode_error`, which
    writes "-1" for None. A broken answer to our own CALL is never answered, but its id tells
    which command it settles.
    """

    def __init__(
        self,
        code: ErrorCode,
        description: str,
        *,
        message_id: MessageId | None = None,
        answerable: bool,
    ) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.message_id = message_id
        self.answerable = answerable


def parse(text: str, version: OcppVersion) -> Frame:
    """Read one text frame of a connection of this version.

    Raises FrameError, and nothing else, whatever the text is. What is returned holds no NUL
    (PostgreSQL stores none), no infinite number, no lone surrogate and at most MAX_DEPTH levels.
    """
    array = _decoded(text, version)
    message_type = array[0]
    message_id = _message_id(array)
    if isinstance(message_type, bool) or not isinstance(message_type, int):
        raise _unreadable("message type is not a number", version)
    if not CALL <= message_type <= CALL_ERROR:
        return _unknown_type(message_type, message_id, version)
    if message_id is None:
        raise _unreadable(f"message id is not a text of 1 to {MAX_MESSAGE_ID_LENGTH}", version)
    problem = _content_problem(text, array)
    if problem:
        raise _malformed(problem, array, version)
    if message_type == CALL:
        return _call(array, message_id, version)
    if message_type == CALL_RESULT:
        return _call_result(array, message_id, version)
    return _call_error(array, message_id, version)


def encode_call(message_id: MessageId, action: str, payload: Mapping[str, Any]) -> str:
    """Write a CALL; the payload must be made of JSON values."""
    return orjson.dumps([CALL, message_id, action, payload]).decode()


def encode_result(message_id: MessageId, payload: Mapping[str, Any]) -> str:
    """Write a CALLRESULT; the payload must be made of JSON values."""
    return orjson.dumps([CALL_RESULT, message_id, payload]).decode()


def encode_error(
    message_id: MessageId | None,
    code: ErrorCode,
    *,
    version: OcppVersion,
    description: str = "",
    details: Mapping[str, Any] | None = None,
) -> str:
    """Write a CALLERROR in the version's spelling, the description cut to what may be sent."""
    answered_id = UNKNOWN_MESSAGE_ID if message_id is None else message_id
    words = description[:MAX_DESCRIPTION_LENGTH].encode(errors="replace").decode()
    return orjson.dumps(
        [CALL_ERROR, answered_id, code.spelling(version), words, details or {}]
    ).decode()


def _decoded(text: str, version: OcppVersion) -> list[Any]:
    try:
        array = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _unreadable(f"frame is not JSON: {error.msg}", version) from error
    if not isinstance(array, list) or not array:
        raise _unreadable("frame is not a JSON array with a message type", version)
    return array


def _message_id(array: list[Any]) -> MessageId | None:
    message_id = array[1] if len(array) > 1 else None
    if isinstance(message_id, str):
        fits = 0 < len(message_id) <= MAX_MESSAGE_ID_LENGTH and "\0" not in message_id
        return message_id if fits else None
    if isinstance(message_id, int) and not isinstance(message_id, bool):
        return message_id
    return None


def _unknown_type(message_type: int, message_id: MessageId | None, version: OcppVersion) -> Ignored:
    """OCPP-J 1.6 section 4.1.3 ignores the frame, 2.0.1 Part 4 section 4.1.3 answers it."""
    reason = f"message type {message_type} is unknown"
    if version is OcppVersion.V16:
        return Ignored(reason)
    raise FrameError(
        ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED, reason, message_id=message_id, answerable=True
    )


def _content_problem(text: str, array: list[Any]) -> str | None:
    if "\\u0000" in text and _ESCAPED_NUL.search(text):
        return "text holds a NUL character"
    # Fewer brackets than levels cannot nest too deep: nearly every frame ends the question here.
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_too_deep(array):
        return f"frame nests deeper than {MAX_DEPTH} levels"
    return None


def _is_too_deep(array: list[Any]) -> bool:
    level: list[Any] = [array]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True


def _call(array: list[Any], message_id: MessageId, version: OcppVersion) -> Call:
    if len(array) != 4:
        raise _malformed(f"CALL has {len(array)} elements, expected 4", array, version)
    _, _, action, payload = array
    if not isinstance(action, str) or not 0 < len(action) <= MAX_ACTION_LENGTH:
        raise _malformed(f"action is not a text of 1 to {MAX_ACTION_LENGTH}", array, version)
    if not isinstance(payload, dict):
        raise FrameError(
            ErrorCode.FORMAT_VIOLATION,
            "payload is not a JSON object",
            message_id=message_id,
            answerable=True,
        )
    return Call(message_id, action, payload)


def _call_result(array: list[Any], message_id: MessageId, version: OcppVersion) -> CallResult:
    if len(array) != 3:
        raise _malformed(f"CALLRESULT has {len(array)} elements, expected 3", array, version)
    if not isinstance(array[2], dict):
        raise _malformed("payload is not a JSON object", array, version)
    return CallResult(message_id, array[2])


def _call_error(array: list[Any], message_id: MessageId, version: OcppVersion) -> CallError:
    """Read leniently: a refusal counts even when its details are left out or null."""
    if not 3 <= len(array) <= 5:
        raise _malformed(f"CALLERROR has {len(array)} elements, expected 5", array, version)
    code, description, details = (*array[2:], None, None)[:3]
    if not isinstance(code, str):
        raise _malformed("error code is not a text", array, version)
    return CallError(
        message_id,
        code,
        description if isinstance(description, str) else "",
        details if isinstance(details, dict) else {},
    )


def _unreadable(description: str, version: OcppVersion) -> FrameError:
    """2.x answers with the id "-1"; 1.6 has no rule, so the frame is logged and dropped."""
    answerable = version is not OcppVersion.V16
    return FrameError(ErrorCode.RPC_FRAMEWORK_ERROR, description, answerable=answerable)


def _malformed(description: str, array: list[Any], version: OcppVersion) -> FrameError:
    """The id could be read but the rest not; only a CALL is ever answered."""
    is_16 = version is OcppVersion.V16
    return FrameError(
        ErrorCode.FORMAT_VIOLATION if is_16 else ErrorCode.RPC_FRAMEWORK_ERROR,
        description,
        message_id=_message_id(array),
        answerable=array[0] == CALL,
    )
