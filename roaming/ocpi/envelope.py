"""The envelope around every OCPI answer, and the codes in it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

import orjson

from roaming.ocpi.datetimes import written

_MOST_CODES = 10_000
SUCCESS_CODES = range(1000, 2000)


class StatusCode(IntEnum):
    """The codes of OCPI 2.2.1 that we answer with."""

    SUCCESS = 1000
    CLIENT_ERROR = 2000
    INVALID_PARAMETERS = 2001
    UNKNOWN_LOCATION = 2003
    SERVER_ERROR = 3000
    CANNOT_USE_CLIENT = 3001
    UNSUPPORTED_VERSION = 3002
    NO_MATCHING_ENDPOINTS = 3003


class Refusal(Exception):  # noqa: N818 - an answer to give, not an error of ours
    """A request that gets no more than a code and a message."""

    def __init__(self, code: StatusCode, message: str, *, http_status: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.http_status = http_status


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door answers, before it is put in its envelope."""

    data: Any = None
    code: StatusCode = StatusCode.SUCCESS
    message: str = ""
    http_status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a partner answered; `data` is decoded JSON with exact decimals."""

    code: int
    message: str
    data: Any

    @property
    def is_success(self) -> bool:
        """Say whether the partner's code is one of success."""
        return self.code in SUCCESS_CODES


def sealed(answer: Answer, *, now: datetime) -> bytes:
    """Return the body of an answer; what is empty is left out."""
    body: dict[str, Any] = {"status_code": int(answer.code), "timestamp": written(now)}
    if answer.data is not None:
        body["data"] = answer.data
    if answer.message:
        body["status_message"] = answer.message
    return encoded(body)


def encoded(value: Any) -> bytes:
    """Return JSON; decimals become numbers."""
    return orjson.dumps(value, default=_number)


def opened(body: bytes) -> Envelope:
    """Return what is in an envelope. Raises ValueError where the body is none."""
    content = decoded(body)
    code = content.get("status_code") if isinstance(content, dict) else None
    if not isinstance(code, int) or code not in range(_MOST_CODES):
        raise ValueError("answer is no OCPI envelope, expected a status_code")
    message = content.get("status_message")
    return Envelope(code, message if isinstance(message, str) else "", content.get("data"))


class UnstorableError(ValueError):
    """JSON that is sound and yet holds text that cannot be kept: NUL, or half a character."""


def decoded(body: bytes) -> Any:
    """Return decoded JSON with exact decimals. Raises ValueError."""
    try:
        content = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("JSON is nested too deeply") from error
    if not all(_is_storable(text) for text in _texts_in(content)):
        raise UnstorableError("text holds a NUL or half a character, expected printable text")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _texts_in(content: Any) -> Iterator[str]:
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no form in JSON")
    return int(value) if value == value.to_integral_value() else float(value)
