from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from roaming.views.status_cards import window_text
from scheduling.domain.schedule import Period
from scheduling.domain.statuses import PublicStatus
from tests.roaming.scenes import NOW

ZONE = ZoneInfo("Europe/Amsterdam")  # an hour ahead of UTC at NOW, a Tuesday at 13:00
HOUR = timedelta(hours=1)


def text(begin, end, status=PublicStatus.MAINTENANCE, *, zone=ZONE):
    ends_at = None if end is None else NOW + end
    return window_text(Period(NOW + begin, ends_at, status, 1), zone=zone, now=NOW)


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        (-1, 2, "Planned maintenance until 15:00"),
        (-1, 13, "Planned maintenance until Wed 02:00"),
        (-1, None, "Planned maintenance until further notice"),
        (2, 4, "Planned maintenance today 15:00-17:00"),
        (13, 15, "Planned maintenance Wed 02:00-04:00"),
        (9, 15, "Planned maintenance today 22:00-04:00"),
        (24, 72, "Planned maintenance Wed 13:00 - Fri 13:00"),
        (24 * 10, 24 * 10 + 2, "Planned maintenance Fri 20 Mar 13:00-15:00"),
        (24, None, "Planned maintenance from Wed 13:00"),
        (-24 * 30, 24 * 30, "Planned maintenance until Thu 9 Apr 14:00"),
    ],
)
def test_a_window_is_told_in_the_time_of_the_location(begin, end, said):
    told = text(begin * HOUR, None if end is None else end * HOUR)
    assert told.replace("\N{EN DASH}", "-") == said


def test_another_zone_has_another_time():
    told = text(2 * HOUR, 4 * HOUR, zone=ZoneInfo("Asia/Tokyo"))
    assert told.replace("\N{EN DASH}", "-") == "Planned maintenance today 23:00-01:00"


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (PublicStatus.OUT_OF_ORDER, "Out of order"),
        (PublicStatus.COMMISSIONING, "Not yet open"),
        (PublicStatus.BLOCKED, "Blocked"),
    ],
)
def test_each_status_has_its_word(status, word):
    assert text(-HOUR, None, status).startswith(word)


def test_days_are_named_in_the_language_of_the_reader():
    with translation.override("nl"):
        assert " wo " in text(13 * HOUR, 15 * HOUR)
