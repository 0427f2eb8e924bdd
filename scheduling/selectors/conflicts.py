"""Which windows of people stand in the way of others: same target, overlapping times."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from scheduling.domain.statuses import PEOPLE
from scheduling.domain.windows import overlaps
from scheduling.models import StatusWindow, WindowOccurrence
from scheduling.selectors.schedules import union_on
from scheduling.selectors.targets import TargetKeys

PlaceKey = tuple[int | None, int | None, int | None]


def find_conflicts(
    windows: Sequence[StatusWindow], *, ignored: Collection[int] = ()
) -> dict[int, list[StatusWindow]]:
    """Return, by position in `windows`, the windows that each overlaps on its own target.

    `windows` are wanted ones of people: new, or saved and changed in memory; they count as they
    are in memory, and of two that overlap each other the later position is told. Saved windows
    whose ids are in `ignored` do not count. Two queries.
    """
    if not windows:
        return {}
    excluded = {*ignored, *(window.pk for window in windows if window.pk)}
    known = _occurrences(windows, excluded)
    conflicts: dict[int, list[StatusWindow]] = {}
    wanted: dict[PlaceKey, list[StatusWindow]] = defaultdict(list)
    for position, window in enumerate(windows):
        key = _place(window)
        others = [row.window for row in known[key] if overlaps(window, row)]
        others += [other for other in wanted[key] if overlaps(window, other)]
        if others:
            conflicts[position] = others
        wanted[key].append(window)
    return conflicts


def _occurrences(
    windows: Sequence[StatusWindow], excluded: Collection[int]
) -> dict[PlaceKey, list[WindowOccurrence]]:
    """Read the occurrences of people on the same targets that end after the first start."""
    after = min(window.starts_at for window in windows)
    rows = WindowOccurrence.objects.not_over(after).order_by().values_list("pk")
    rows = rows.filter(window__source__in=PEOPLE).exclude(window_id__in=excluded)
    ids = [pk for (pk,) in union_on(_keys(windows), rows)]
    found: dict[PlaceKey, list[WindowOccurrence]] = defaultdict(list)
    if ids:
        related = ("window__location", "window__station", "window__evse__station")
        for row in WindowOccurrence.objects.filter(pk__in=ids).select_related(*related):
            found[_place(row)].append(row)
    return found


def _keys(windows: Sequence[StatusWindow]) -> TargetKeys:
    locations, stations, evses = zip(*map(_place, windows), strict=True)
    return TargetKeys(_known(locations), _known(stations), _known(evses))


def _known(ids: Sequence[int | None]) -> frozenset[int]:
    return frozenset(pk for pk in ids if pk is not None)


def _place(row: StatusWindow | WindowOccurrence) -> PlaceKey:
    return row.location_id, row.station_id, row.evse_id
