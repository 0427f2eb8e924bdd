"""Where partners find us."""

from django.conf import settings
from django.urls import reverse


def public_url(name: str) -> str:
    """Return the absolute address of one of our doors, as partners must call it."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse(name)}"


def versions_url() -> str:
    """Return the address that a partner starts from."""
    return public_url("ocpi-versions")
