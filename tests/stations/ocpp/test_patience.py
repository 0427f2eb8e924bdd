"""Patience counts the time that tries take, not only the pauses between them."""

import pytest
from django.db import OperationalError

from stations.ocpp import patience


class Clock:
    """A time that passes only while somebody sleeps or tries."""

    def __init__(self):
        self.now_s = 0.0

    def monotonic(self):
        return self.now_s

    def sleep(self, duration_s):
        self.now_s += duration_s


@pytest.fixture
def clock(monkeypatch, transactional_db):
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def tries_of(clock, *, try_s):
    """Insist on what fails after `try_s`; return when each try began."""
    begun = []

    def fail():
        begun.append(clock.now_s)
        clock.sleep(try_s)
        raise OperationalError("away")

    with pytest.raises(OperationalError, match="away"):
        patience.insist(fail)
    return begun


def test_try_that_takes_all_patience_is_the_last(clock):
    assert tries_of(clock, try_s=20) == [0]
    assert clock.now_s == 20


@pytest.mark.parametrize("try_s", [0, 0.5, 3, 6, 9.9, 12])
def test_patience_ends_before_a_try_that_would_end_too_late(clock, try_s):
    tries_of(clock, try_s=try_s)
    assert clock.now_s <= patience.PATIENCE_S


@pytest.mark.parametrize(("try_s", "at_least"), [(0, 10), (3, 4), (9.9, 2)])
def test_patience_makes_use_of_its_time(clock, try_s, at_least):
    assert len(tries_of(clock, try_s=try_s)) >= at_least
