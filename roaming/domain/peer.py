"""What is known of the platform at the other end of a roaming connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One module that a platform offers in one role (SENDER or RECEIVER)."""

    identifier: str
    role: str
    url: str


@dataclass(frozen=True, slots=True)
class Party:
    """The country and party under which a platform is known, upper-case."""

    country_code: str
    party_id: str


@dataclass(frozen=True, slots=True)
class Peer:
    """A platform as it presents itself in a handshake; `token` is what we send to it."""

    version: str
    versions_url: str
    token: str
    party: Party
    roles: Sequence[dict[str, Any]]
    endpoints: Sequence[Endpoint]
