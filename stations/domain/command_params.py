"""Which parameters every kind of command takes, and their one normal form."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stations.domain.command import CommandKind
from stations.domain.command_words import (
    Availability,
    ResetType,
    TokenForm,
    TriggeredMessage,
    find_word,
)

MAX_CONNECTOR = 2**31 - 1  # OCPP integers are 32 bits wide

# What a station may be told before its BootNotification is accepted (OCPP 2.0.1 B02, 1.6 4.2).
ALLOWED_WHILE_PENDING = frozenset(
    {
        CommandKind.GET_CONFIGURATION,
        CommandKind.CHANGE_CONFIGURATION,
        CommandKind.TRIGGER_MESSAGE,
        CommandKind.RESET,
    }
)
TAKES_EVSE = frozenset(
    {
        CommandKind.RESET,
        CommandKind.CHANGE_AVAILABILITY,
        CommandKind.TRIGGER_MESSAGE,
        CommandKind.CHANGE_CONFIGURATION,
        CommandKind.REMOTE_START,
        CommandKind.UNLOCK_CONNECTOR,
    }
)
NEEDS_EVSE = frozenset({CommandKind.UNLOCK_CONNECTOR})


class ParamsRefused(ValueError):  # noqa: N818 - an answer to whoever asked, like PermissionDenied
    """The parameters are not those of the kind; `errors` maps a parameter to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {error}" for name, error in errors.items()))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter; `read` returns its normal form or raises ValueError with a sentence."""

    read: Callable[[Any], Any]
    is_required: bool = False


def text(max_length: int) -> Callable[[Any], str]:
    """Read a text of 1 to `max_length` signs; a whole number counts as its digits."""

    def read(value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not 0 < len(value) <= max_length:
            raise ValueError(f"Expected a text of 1 to {max_length} characters.")
        return _without_nul(value)

    return read


def word(words: type[StrEnum]) -> Callable[[Any], str]:
    """Read one of `words`, whatever its case."""

    def read(value: Any) -> str:
        found = find_word(words, value) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"Expected one of {', '.join(words)}.")
        return found.value

    return read


def read_connector(value: Any) -> int:
    """Read the number of a connector or session: 1 or more; digits count as a number."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_CONNECTOR:
        raise ValueError("Expected a whole number of 1 or more.")
    return value


def read_setting(value: Any) -> str:
    """Read the value of a configuration key as a text, which is all that OCPP sends."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str) or len(value) > 2500:
        raise ValueError("Expected a text of at most 2500 characters.")
    return _without_nul(value)


def read_keys(value: Any) -> list[str]:
    """Read a list of configuration keys, or the same as one text with commas; empty is all keys."""
    if isinstance(value, str):
        value = [key.strip() for key in value.split(",") if key.strip()]
    if not isinstance(value, list):
        raise ValueError("Expected a list of keys.")
    read = text(160)
    return [read(key) for key in value]


def read_action(value: Any) -> str:
    """Read the name of an OCPP action."""
    if not isinstance(value, str) or not re.fullmatch("[A-Za-z0-9]{1,50}", value):
        raise ValueError("Expected the name of an action: 1 to 50 letters and digits.")
    return value


def read_object(value: Any) -> dict[str, Any]:
    """Read a JSON object."""
    if not isinstance(value, dict):
        raise ValueError("Expected a JSON object.")
    return value


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("Expected a text without NUL characters.")
    return value


def _anything(value: Any) -> Any:
    return value


_CONNECTOR = Param(read_connector)

PARAMS: Mapping[CommandKind, Mapping[str, Param]] = {
    CommandKind.RESET: {"type": Param(word(ResetType), is_required=True)},
    CommandKind.CHANGE_AVAILABILITY: {
        "availability": Param(word(Availability), is_required=True),
        "connector": _CONNECTOR,
    },
    CommandKind.TRIGGER_MESSAGE: {
        "message": Param(word(TriggeredMessage), is_required=True),
        "connector": _CONNECTOR,
    },
    CommandKind.GET_CONFIGURATION: {"keys": Param(read_keys)},
    CommandKind.CHANGE_CONFIGURATION: {
        "key": Param(text(160), is_required=True),
        "value": Param(read_setting, is_required=True),
        "component": Param(text(50)),
        "instance": Param(text(50)),
    },
    CommandKind.REMOTE_START: {
        "token": Param(text(36), is_required=True),
        "token_type": Param(word(TokenForm)),
        "connector": _CONNECTOR,
    },
    CommandKind.REMOTE_STOP: {"transaction_id": Param(text(36)), "session": Param(read_connector)},
    CommandKind.UNLOCK_CONNECTOR: {"connector": _CONNECTOR},
    CommandKind.CLEAR_CACHE: {},
    CommandKind.DATA_TRANSFER: {
        "vendor_id": Param(text(255), is_required=True),
        "message_id": Param(text(50)),
        "data": Param(_anything),
    },
    CommandKind.RAW: {
        "action": Param(read_action, is_required=True),
        "payload": Param(read_object),
    },
}


def normalise_params(kind: CommandKind, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters in their normal form; null means that one is left out.

    Raises ParamsRefused, naming every parameter that is unknown, missing or wrong.
    """
    known = PARAMS[kind]
    given = {name: value for name, value in params.items() if value is not None}
    errors = {name: _unknown(kind) for name in given if name not in known}
    normal: dict[str, Any] = {}
    for name, param in known.items():
        if name in given:
            try:
                normal[name] = param.read(given[name])
            except ValueError as error:
                errors[name] = str(error)
        elif param.is_required:
            errors[name] = "This parameter is required."
    if kind is CommandKind.REMOTE_STOP and not given:
        errors["transaction_id"] = "Expected a transaction_id or a session."
    if errors:
        raise ParamsRefused(errors)
    return normal


def _unknown(kind: CommandKind) -> str:
    names = ", ".join(PARAMS[kind]) or "none"
    return f"There is no such parameter of {kind}; it takes: {names}."
