"""The headers of OCPI 2.2.1: who sends, to whom, and which request is meant."""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from roaming.domain.peer import Party
from roaming.domain.words import TokenEncoding

REQUEST_ID = "X-Request-ID"
CORRELATION_ID = "X-Correlation-ID"
# Longer ids than any partner makes are not echoed whole.
_MAX_ID_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Route:
    """Which party a message comes from and which it goes to."""

    sender: Party
    receiver: Party

    def as_headers(self) -> dict[str, str]:
        """Return the four routing headers."""
        return {
            "OCPI-from-country-code": self.sender.country_code,
            "OCPI-from-party-id": self.sender.party_id,
            "OCPI-to-country-code": self.receiver.country_code,
            "OCPI-to-party-id": self.receiver.party_id,
        }


def answering_route(request: Mapping[str, str], *, us: Party, them: Party) -> Route:
    """Return the route of an answer: the request's, swapped; what it did not say is filled in."""
    return Route(sender=_party(request, "to", us), receiver=_party(request, "from", them))


def _party(request: Mapping[str, str], side: str, default: Party) -> Party:
    country_code = request.get(f"OCPI-{side}-country-code", "")
    party_id = request.get(f"OCPI-{side}-party-id", "")
    if not country_code or not party_id:
        return default
    return Party(country_code[:2], party_id[:3])


def echoed_ids(request: Mapping[str, str]) -> dict[str, str]:
    """Return the ids of a request, for its answer."""
    return {
        name: request[name][:_MAX_ID_LENGTH]
        for name in (REQUEST_ID, CORRELATION_ID)
        if name in request
    }


def request_headers(token: str, *, encoding: str, route: Route | None = None) -> dict[str, str]:
    """Return the headers of a request of ours; `route` only for functional modules.

    Unless a partner wants it raw, the token goes as Base64.
    """
    text = token if encoding == TokenEncoding.RAW else base64.b64encode(token.encode()).decode()
    headers = {
        "Authorization": f"Token {text}",
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        REQUEST_ID: str(uuid.uuid4()),
        CORRELATION_ID: str(uuid.uuid4()),
    }
    return headers | route.as_headers() if route is not None else headers
