"""Tokens for tests."""

from typing import Any

from sessions.domain.authorization import token_key
from sessions.models import Token
from stations.models import Station


def token_for(station: Station, uid: str, **fields: Any) -> Token:
    """Return a token that the station's operator has given out."""
    values = {"operator": station.operator, "uid": uid, "key": token_key(uid)}
    return Token.objects.create(**values | fields)
