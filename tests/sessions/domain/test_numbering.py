"""Missing numbers among a session's flags."""

import pytest

from sessions.domain.numbering import MAX_GAPS, with_gap, without_number


@pytest.mark.parametrize(
    ("number", "left"),
    [
        (3, ["gap:4-5"]),
        (4, ["gap:3-3", "gap:5-5"]),
        (5, ["gap:3-4"]),
        (6, ["gap:3-5"]),
        (2, ["gap:3-5"]),
    ],
)
def test_number_that_comes_is_missing_no_more(number, left):
    assert without_number(["gap:3-5"], number) == left


def test_last_missing_number_ends_the_gap():
    assert without_number(["start_lost", "gap:-3--3"], -3) == ["start_lost"]


def test_too_many_gaps_are_told_as_one_that_stays():
    flags = []
    for number in range(0, 4 * MAX_GAPS, 2):
        flags = with_gap(flags, number, number)
    assert len(flags) == MAX_GAPS + 1
    assert without_number(flags, 2 * MAX_GAPS)[-1] == "gap"
