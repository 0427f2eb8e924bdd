"""Finds the values in commands and answers that nobody may read, and hides them."""

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
