"""Encrypts what must be kept for a while and read by nobody."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SecretUnreadable(Exception):  # noqa: N818 - says what was found, as its callers report it
    """The text was sealed with a key that is not in FIELD_KEYS any more."""


def seal(text: str) -> str:
    """Return `text` encrypted with the first of FIELD_KEYS."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what `seal` was given; any of FIELD_KEYS may have sealed it.

    Raises SecretUnreadable.
    """
    try:
        return _cipher(tuple(settings.FIELD_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable("sealed with an unknown key, expected one of FIELD_KEYS") from error


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
