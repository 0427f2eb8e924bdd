from datetime import UTC, datetime, timedelta

import pytest

from roaming.domain.backoff import is_given_up, retry_delay

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_the_first_retry_comes_after_a_second_or_two(jitter):
    assert timedelta(seconds=1) <= retry_delay(1, jitter=jitter) <= timedelta(seconds=2)


def test_the_delay_doubles():
    assert retry_delay(5, jitter=0) == 2 * retry_delay(4, jitter=0)


@pytest.mark.parametrize("attempts", [11, 12, 100, 10_000])
def test_the_delay_stays_within_a_quarter_of_an_hour(attempts):
    assert retry_delay(attempts, jitter=0.999) == timedelta(minutes=15)


def test_no_delay_is_below_a_second():
    assert retry_delay(0, jitter=0) == timedelta(seconds=1)


def test_a_delivery_is_given_up_after_a_day():
    assert not is_given_up(NOW, NOW + timedelta(hours=23, minutes=59))
    assert is_given_up(NOW, NOW + timedelta(hours=24))
