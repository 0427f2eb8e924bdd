"""Credentials in the words of OCPI 2.2.1: how platforms present themselves."""

import json
import re
from collections.abc import Sequence
from typing import Any

from roaming.domain.peer import Endpoint, Party, Peer
from roaming.ocpi.addresses import public_url, versions_url
from roaming.ocpi.envelope import Refusal, StatusCode
from roaming.ocpi.v221.locations import business_details
from stations.models import Operator

VERSION = "2.2.1"
# What we offer: module, our role in it, and the door.
OFFERED = (
    ("credentials", "SENDER", "ocpi-2.2.1-credentials"),
    ("locations", "SENDER", "ocpi-2.2.1-locations"),
)
# What a charge point operator has use for at a partner; without any of it there is no roaming.
WANTED = frozenset(
    {
        ("locations", "RECEIVER"),
        ("sessions", "RECEIVER"),
        ("cdrs", "RECEIVER"),
        ("tariffs", "RECEIVER"),
        ("tokens", "SENDER"),
        ("commands", "SENDER"),
    }
)
_TOKEN = re.compile(r"[!-~]{1,64}")
_URL = re.compile(r"https?://\S{1,190}")


def credentials_json(operator: Operator, *, token: str) -> dict[str, Any]:
    """Return our Credentials object with the token that the partner shall send to us."""
    role = {
        "role": "CPO",
        "business_details": business_details(operator),
        "party_id": operator.party_id,
        "country_code": operator.country_code,
    }
    return {"token": token, "url": versions_url(), "roles": [role]}


def offered_endpoints() -> list[dict[str, str]]:
    """Return the endpoints of our version details."""
    return [
        {"identifier": module, "role": role, "url": public_url(door)}
        for module, role, door in OFFERED
    ]


def read_credentials(content: Any) -> Peer:
    """Return a partner as its Credentials object presents it, its endpoints not yet known.

    Raises Refusal (2001) where something that we need is missing or malformed.
    """
    members = content if isinstance(content, dict) else {}
    token, url, roles = (members.get(name) for name in ("token", "url", "roles"))
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise _invalid("token", "1 to 64 printable characters")
    if not isinstance(url, str) or not _URL.fullmatch(url):
        raise _invalid("url", "the address of a versions endpoint")
    if not isinstance(roles, list) or not all(isinstance(role, dict) for role in roles):
        raise _invalid("roles", "a list of roles")
    return Peer(VERSION, url, token, _party(roles), _plain(roles), ())


def read_endpoints(content: Any) -> Sequence[Endpoint]:
    """Return the endpoints of version details that can be made sense of, in order."""
    members = content if isinstance(content, dict) else {}
    listed = members.get("endpoints")
    return [
        Endpoint(str(each["identifier"]), str(each.get("role", "")), each["url"])
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
        and isinstance(each.get("identifier"), str)
        and isinstance(each.get("url"), str)
    ]


def read_versions(content: Any) -> dict[str, str]:
    """Return the address of the details of each version."""
    return {
        each["version"]: each["url"]
        for each in (content if isinstance(content, list) else [])
        if isinstance(each, dict)
        and isinstance(each.get("version"), str)
        and isinstance(each.get("url"), str)
    }


def _party(roles: Sequence[dict[str, Any]]) -> Party:
    """The party that messages are addressed to: the platform's eMSP where it has one."""
    ranked = sorted(roles, key=lambda role: role.get("role") != "EMSP")
    for role in ranked:
        country_code, party_id = role.get("country_code"), role.get("party_id")
        if _is_text(country_code, length=2) and _is_text(party_id, length=3):
            return Party(str(country_code).upper(), str(party_id).upper())
    raise _invalid("roles", "at least one role with country_code and party_id")


def _plain(roles: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The roles as a JSON column takes them: decimals become texts."""
    plain: list[dict[str, Any]] = json.loads(json.dumps(roles, default=str))
    return plain


def _is_text(value: object, *, length: int) -> bool:
    return isinstance(value, str) and len(value) == length


def _invalid(name: str, expected: str) -> Refusal:
    return Refusal(
        StatusCode.INVALID_PARAMETERS, f"{name} is missing or malformed, expected {expected}."
    )
