"""Who calls: the token in the Authorization header, however the partner writes it."""

import base64
import binascii
from dataclasses import dataclass

from roaming.domain.words import PartnerState, TokenEncoding
from roaming.models import Partner
from roaming.ocpi.envelope import Refusal, StatusCode
from roaming.selectors.partners import partner_with_digest
from roaming.services.tokens import digest

_SCHEME = "token "
# Longer than any Base64 form of the 64 characters that OCPI allows a token.
_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """The partner of a request; one that is registering may only use versions and credentials."""

    partner: Partner
    token: str
    digest: str
    is_registering: bool


def presented_tokens(header: str) -> dict[str, frozenset[TokenEncoding]]:
    """Return the texts that a header may mean, each with the token encodings that allow it.

    OCPI 2.2.1 says Base64; many partners send the token as it is.
    """
    if not header.lower().startswith(_SCHEME) or len(header) > _MAX_LENGTH:
        return {}
    raw = header[len(_SCHEME) :].strip()
    found = {raw: frozenset({TokenEncoding.RAW, TokenEncoding.AUTO})} if raw else {}
    try:
        text = base64.b64decode(raw, validate=True).decode().strip()
    except (binascii.Error, ValueError):
        return found
    if text:
        found[text] = frozenset({TokenEncoding.BASE64, TokenEncoding.AUTO})
    return found


def authenticate(header: str) -> Caller:
    """Return who sends this Authorization header; at most two queries. Raises Refusal (401)."""
    for token, encodings in presented_tokens(header).items():
        digest_of_token = digest(token)
        partner = partner_with_digest(digest_of_token)
        if partner is None or partner.token_encoding not in encodings:
            continue
        if partner.state == PartnerState.SUSPENDED:
            break
        is_registering = (
            partner.inbound_digest != digest_of_token and partner.state == PartnerState.PENDING
        )
        return Caller(partner, token, digest_of_token, is_registering)
    raise Refusal(StatusCode.CLIENT_ERROR, "The token is unknown.", http_status=401)
