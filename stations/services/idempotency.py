"""Idempotency keys: a POST that is sent again gets the first answer and does nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from stations.models import IdempotencyKey, User
from stations.services.secrets import seal, unseal

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What was answered the first time; `body` is the JSON as it was rendered."""

    status_code: int
    body: bytes


class KeyUsedDifferently(Exception):  # noqa: N818 - an answer to whoever asked
    """The key was sent before with another request."""


class FirstRequestUnfinished(Exception):  # noqa: N818 - an answer to whoever asked
    """The first request with the key has not ended, or was cut off."""


def request_digest(parts: Sequence[bytes]) -> str:
    """Return what two requests are compared by."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def claim_key(user: User, key: str, digest: str, *, now: datetime) -> IdempotencyKey | FirstAnswer:
    """Return the new row for a first request, or what was answered to it.

    Raises KeyUsedDifferently and FirstRequestUnfinished. Drops keys that are over 24 hours old.
    """
    with transaction.atomic():
        IdempotencyKey.objects.filter(created_at__lte=now - KEPT_FOR).delete()
        row, is_first = IdempotencyKey.objects.get_or_create(
            user=user, key=key, defaults={"request_digest": digest, "created_at": now}
        )
    if is_first:
        return row
    if row.request_digest != digest:
        raise KeyUsedDifferently
    if row.status_code is None:
        raise FirstRequestUnfinished
    return FirstAnswer(row.status_code, unseal(row.answer).encode())


def keep_answer(row: IdempotencyKey, *, status_code: int, body: bytes) -> None:
    """Store the answer to a first request."""
    row.status_code = status_code
    row.answer = seal(body.decode())
    row.save(update_fields=["status_code", "answer"])


def release_key(row: IdempotencyKey) -> None:
    """Forget a key whose request failed in the server and was rolled back."""
    row.delete()
