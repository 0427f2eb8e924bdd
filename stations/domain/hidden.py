"""Finds the values in commands and answers that nobody may read, and hides them."""

import re
from typing import Any

HIDDEN = "***"

# The configuration keys that set a station's password (1.6 security whitepaper, 2.0.1 A01).
SECRET_KEYS = frozenset({"authorizationkey", "basicauthpassword"})
# Members of network profiles that are passwords by their own names (2.0.1 SetNetworkProfile).
SECRET_MEMBERS = frozenset({"password", "apnpassword"})
_VALUE_MEMBERS = ("value", "attributeValue")


def is_secret_key(key: str) -> bool:
    """Say whether a 1.6 key, a variable, or `Component.Variable` holds a password."""
    return key.rpartition(".")[2].partition("[")[0].strip().casefold() in SECRET_KEYS


def hide_secrets(value: Any) -> Any:
    """Return JSON with every secret replaced by `***`; equal to `value` when there is none.

    Secrets are recognised by their neighbours: the value beside a secret key or variable name.
    """
    if isinstance(value, list):
        return [hide_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {
        name: HIDDEN if name.casefold() in SECRET_MEMBERS else hide_secrets(item)
        for name, item in value.items()
    }
    if _names_secret(value):
        shown |= {name: HIDDEN for name in _VALUE_MEMBERS if name in value}
    return shown


def _names_secret(members: dict[str, Any]) -> bool:
    variable = members.get("variable")
    names = (members.get("key"), variable.get("name") if isinstance(variable, dict) else None)
    return any(isinstance(name, str) and is_secret_key(name) for name in names)


# Members that hold the token of a driver: OCPP 1.6, OCPP 2.0.1, and our own commands.
TOKEN_MEMBERS = frozenset({"idtag", "parentidtag", "idtoken", "groupidtoken", "token"})
_TOKEN_IN_TEXT = re.compile(
    rf'("(?:{"|".join(sorted(TOKEN_MEMBERS))})"\s*:\s*")((?:[^"\\]|\\.)*)', re.IGNORECASE
)


def masked_token(uid: str) -> str:
    """Return a token with all but its last four signs hidden."""
    return "•" * max(len(uid) - 4, 0) + uid[-4:]


def mask_tokens(value: Any) -> Any:
    """Return JSON with the tokens of drivers masked, wherever they stand in it."""
    if isinstance(value, list):
        return [mask_tokens(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: masked_token(item)
        if isinstance(item, str) and name.casefold() in TOKEN_MEMBERS
        else mask_tokens(item)
        for name, item in value.items()
    }


def mask_tokens_in_text(text: str) -> str:
    """Return logged text with the tokens of drivers masked; it may be cut off, or no JSON."""
    return _TOKEN_IN_TEXT.sub(lambda found: found[1] + masked_token(found[2]), text)
