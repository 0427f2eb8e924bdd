"""Passwords of stations: kept as a keyed HMAC, compared in every form that stations send.

OCPP 1.6 writes AuthorizationKey as hex digits and sends the decoded bytes; many stations send the
hex text or a plain text instead. OCPP 2.0.1 sends text.
"""

import hmac
import re
import secrets
from hashlib import sha256

from django.conf import settings

from stations.models import Station

_HEX_KEY = re.compile(rb"(?:[0-9A-Fa-f]{2}){16,20}")
MIN_LENGTH = 16  # bytes of a key (1.6) or characters of a password (2.0.1)
MAX_LENGTH = 64  # characters; OCPP 2.1 allows as many


def digest(password: bytes) -> str:
    """Return the keyed HMAC-SHA-256 of a password, as hex.

    A hex text of 16 to 20 bytes counts as the bytes it stands for.
    """
    key = sha256(b"station password" + settings.SECRET_KEY.encode()).digest()
    plain = bytes.fromhex(password.decode()) if _HEX_KEY.fullmatch(password) else password
    return hmac.new(key, plain, sha256).hexdigest()


def is_password(password: bytes, *digests: str) -> bool:
    """Say, in constant time, whether the password fits one of the digests that are not empty."""
    presented = digest(password)
    fits = False
    for known in digests:
        fits |= bool(known) and hmac.compare_digest(presented, known)
    return fits


def new_password() -> str:
    """Return a password that both OCPP versions take: 40 hex digits."""
    return secrets.token_hex(20)


def set_password(station: Station, password: str) -> None:
    """Give a station its password, in force from its next connection; "" takes it away.

    Raises ValueError for a password that no OCPP version allows.
    """
    if password and not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise ValueError(f"password has {len(password)} characters, expected 16 to 64")
    station.password_digest = digest(password.encode()) if password else ""
    station.next_password_digest = ""
    station.save(update_fields=["password_digest", "next_password_digest", "updated_at"])
