"""Tokens between platforms: made at random, known to us by their SHA-256 alone."""

import secrets
from hashlib import sha256

from roaming.models import Partner
from stations.services.secrets import unseal

# OCPI allows 64 printable characters; 32 random bytes make 43.
_RANDOM_BYTES = 32


def new_token() -> str:
    """Return a fresh token."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def digest(token: str) -> str:
    """Return what a token is looked up by. Tokens are random, so no salt is needed."""
    return sha256(token.encode()).hexdigest()


def outbound_token(partner: Partner) -> str:
    """Return the token that we send to a partner; "" where it has given us none."""
    return unseal(partner.outbound_secret) if partner.outbound_secret else ""
