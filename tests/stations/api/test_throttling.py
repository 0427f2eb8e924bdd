import pytest
import time_machine
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisConnectionError

from stations.api.throttling import PerUserThrottle
from tests.callers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_a_minute(monkeypatch):
    monkeypatch.setattr(PerUserThrottle, "THROTTLE_RATES", {"user": "3/min"})
    cache.clear()


@time_machine.travel("2026-11-20T12:00:50Z", tick=False)
def test_past_the_rate_a_user_is_told_when_to_come_back():
    program, other = caller(), caller()
    assert [program.get("stations/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert program.get("stations/")["Retry-After"] == "10"
    assert other.get("stations/").status_code == 200


def test_the_next_minute_counts_anew():
    program = caller()
    with time_machine.travel("2026-11-20T12:00:59Z", tick=False):
        statuses = [program.get("stations/").status_code for _ in range(4)]
    with time_machine.travel("2026-11-20T12:01:00Z", tick=False):
        statuses.append(program.get("stations/").status_code)
    assert statuses == [200, 200, 200, 429, 200]


def test_an_outage_of_the_cache_limits_nobody(monkeypatch):
    def fail(*args, **kwargs):
        raise RedisConnectionError

    monkeypatch.setattr(cache, "add", fail)
    program = caller()
    assert {program.get("stations/").status_code for _ in range(5)} == {200}
