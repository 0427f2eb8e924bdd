"""Where windows lie on a time line, in percent."""

from datetime import UTC, datetime, timedelta

from scheduling.admin.timeline import timeline
from scheduling.models import StatusWindow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def drawn(starts_at, ends_at):
    window = StatusWindow(starts_at=starts_at, ends_at=ends_at)
    (lane,) = timeline([("CS1", "", [window])], now=NOW, days_before=0, days=4).lanes
    return [(bar.left, bar.width) for bar in lane.bars]


def test_a_day_of_four_is_a_quarter():
    midnight = NOW.replace(hour=0)
    day = timedelta(days=1)
    assert drawn(midnight + day, midnight + 2 * day) == [(25.0, 25.0)]


def test_an_open_window_reaches_the_end():
    assert drawn(NOW, None) == [(12.5, 87.5)]


def test_a_window_outside_is_left_out():
    assert drawn(NOW - timedelta(days=3), NOW - timedelta(days=2)) == []
