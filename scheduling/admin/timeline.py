"""Time lines: windows as bars on lanes, one lane per target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from scheduling.models import StatusWindow


@dataclass(frozen=True, slots=True)
class Bar:
    """One window on a lane; `left` and `width` are percentages of the lane."""

    window: StatusWindow
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Lane:
    """The windows of one target, by the name that people know it by."""

    name: str
    url: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes under a ruler of days; `now_left` is where now lies, in percent."""

    days: tuple[datetime, ...]
    lanes: tuple[Lane, ...]
    now_left: float


def timeline(
    lanes: Iterable[tuple[str, str, Sequence[StatusWindow]]],
    *,
    now: datetime,
    days_before: int,
    days: int,
) -> Timeline:
    """Draw lanes of (name, address, windows) over whole days in the time zone in force."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - timedelta(days=days_before)
    end = start + timedelta(days=days)
    drawn = (Lane(name, url, _bars(windows, start, end)) for name, url, windows in lanes)
    ruler = tuple(start + timedelta(days=day) for day in range(days))
    return Timeline(ruler, tuple(drawn), _percent(now, start, end))


def _bars(windows: Sequence[StatusWindow], start: datetime, end: datetime) -> tuple[Bar, ...]:
    bars = []
    for window in windows:
        left = _percent(max(window.starts_at, start), start, end)
        right = _percent(min(window.ends_at or end, end), start, end)
        if right > left:
            bars.append(Bar(window, left, right - left))
    return tuple(bars)


def _percent(at: datetime, start: datetime, end: datetime) -> float:
    return round((at - start) / (end - start) * 100, 2)
