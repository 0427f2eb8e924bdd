"""When a delivery that failed is tried again, and when it is given up."""

from datetime import datetime, timedelta

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)
# Past this many attempts the doubling is over: 2 ** 10 s is more than the longest delay.
_DOUBLINGS = 10


def retry_delay(attempts: int, *, jitter: float) -> timedelta:
    """Return how long to wait after so many attempts; jitter in [0, 1) spreads the upper half.

    Between 1 s and 15 minutes, doubling each time.
    """
    longest: timedelta = FIRST_DELAY * (1 << min(attempts, _DOUBLINGS))
    delay = longest * (0.5 + jitter / 2)
    return min(max(delay, FIRST_DELAY), LONGEST_DELAY)


def is_given_up(created_at: datetime, now: datetime) -> bool:
    """Say whether a delivery made at `created_at` is not tried any more."""
    return now - created_at >= GIVE_UP_AFTER
