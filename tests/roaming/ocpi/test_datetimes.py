from datetime import UTC, datetime, timedelta, timezone

import pytest

from roaming.ocpi.datetimes import read, written

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def test_a_moment_is_written_in_utc_whole_seconds_and_z():
    local = datetime(2026, 3, 10, 13, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert written(local) == "2026-03-10T12:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T12:00:00Z",
        "2026-03-10T12:00:00",
        "2026-03-10T12:00:00.000Z",
        "2026-03-10T12:00:00+00:00",
        "2026-03-10T12:00:00 00:00",
        "2026-03-10T13:00:00+01:00",
        " 2026-03-10T12:00Z ",
    ],
)
def test_many_ways_to_write_a_moment_are_read(text):
    assert read(text) == NOON


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "12:00"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read(text)
