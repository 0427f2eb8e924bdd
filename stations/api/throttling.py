"""Rate limits of the API: so many requests per user and period."""

import logging
import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports the throttles of the settings

logger = logging.getLogger(__name__)


class PerUserThrottle(UserRateThrottle):
    """Counts in fixed periods, with one counter per user; an outage of the cache limits nobody."""

    num_requests: int | None
    duration: int | None
    seconds_left = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Say whether the request is within the rate; counts it."""
        if self.num_requests is None or self.duration is None:
            return True
        period, elapsed_s = divmod(time.time(), self.duration)
        self.seconds_left = self.duration - elapsed_s
        key = f"{self.get_cache_key(request, view)}:{int(period)}"
        try:
            cache.add(key, 0, timeout=self.duration)
            count: int = cache.incr(key)
        except (RedisError, ValueError):  # ValueError: the counter was dropped in between
            logger.warning("the rate of an API user could not be counted", exc_info=True)
            return True
        return count <= self.num_requests

    def wait(self) -> float:
        """Return the seconds until the next period, for Retry-After."""
        return self.seconds_left
