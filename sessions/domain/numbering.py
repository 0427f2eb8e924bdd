"""Missing numbers of a session's events, kept among its flags until they come.

A flag names one run of numbers, `gap:3-5`, and shrinks, parts or goes as late events fill it.
"""

import re

GAP = "gap"
_RUN = re.compile(rf"{GAP}:(-?\d+)-(-?\d+)", re.ASCII)
# Beyond these a gap is only counted as one more, by a bare `gap` that stays: flags stay small.
MAX_GAPS = 20


def with_gap(flags: list[str], first: int, last: int) -> list[str]:
    """Add a run of missing numbers, both ends included; gives a new list."""
    if sum(_run(flag) is not None for flag in flags) >= MAX_GAPS:
        return flags if GAP in flags else [*flags, GAP]
    return [*flags, _flag(first, last)]


def without_number(flags: list[str], number: int) -> list[str]:
    """Take a number that has come out of the missing ones; gives a new list."""
    result: list[str] = []
    for flag in flags:
        run = _run(flag)
        if run is None or not run[0] <= number <= run[1]:
            result.append(flag)
            continue
        first, last = run
        if first < number:
            result.append(_flag(first, number - 1))
        if number < last:
            result.append(_flag(number + 1, last))
    return result


def _flag(first: int, last: int) -> str:
    return f"{GAP}:{first}-{last}"


def _run(flag: str) -> tuple[int, int] | None:
    match = _RUN.fullmatch(flag)
    return (int(match[1]), int(match[2])) if match else None
