"""Counts failed attempts to get in, so that guessing ends long before it succeeds."""

import logging
import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """So many failures per period are borne; then nothing is even looked at until it is over."""

    name: str
    most: int
    period_s: int

    @property
    def seconds_left(self) -> int:
        """Return how long the present period goes on."""
        return self.period_s - int(time.time() % self.period_s)


SIGN_INS_PER_NAME = AttemptLimit("sign-in-name", most=10, period_s=300)
SIGN_INS_PER_ADDRESS = AttemptLimit("sign-in-address", most=10, period_s=300)
TOKENS_PER_ADDRESS = AttemptLimit("token-address", most=60, period_s=60)


def count_attempt(limit: AttemptLimit, who: str) -> bool:
    """Count an attempt of `who`, and say whether it is within the limit.

    An outage of the cache limits nobody.
    """
    key = _key(limit, who)
    try:
        cache.add(key, 0, timeout=limit.period_s)
        count: int = cache.incr(key)
    except (RedisError, ValueError):  # ValueError: the counter was dropped in between
        logger.warning("an attempt to get in could not be counted", exc_info=True)
        return True
    return count <= limit.most


def forgive_attempt(limit: AttemptLimit, who: str) -> None:
    """Take back an attempt that succeeded."""
    try:
        cache.decr(_key(limit, who))
    except (RedisError, ValueError):
        logger.warning("an attempt to get in could not be taken back", exc_info=True)


def is_blocked(limit: AttemptLimit, who: str) -> bool:
    """Say whether `who` has used up the attempts of this period; counts nothing."""
    try:
        count: int = cache.get(_key(limit, who), 0)
    except RedisError:
        logger.warning("attempts to get in could not be read", exc_info=True)
        return False
    return count >= limit.most


def _key(limit: AttemptLimit, who: str) -> str:
    period = int(time.time()) // limit.period_s
    return f"{limit.name}:{sha256(who.encode()).hexdigest()}:{period}"
