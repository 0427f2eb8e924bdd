"""What windows are set on: locations, stations and EVSEs, and the EVSEs they stand for."""

from collections.abc import Iterable
from dataclasses import dataclass

from stations.models import Evse, Location, Station

Target = Location | Station | Evse


@dataclass(frozen=True, slots=True)
class TargetKeys:
    """Primary keys of targets by kind; a location stands for its stations and EVSEs."""

    location_ids: frozenset[int] = frozenset()
    station_ids: frozenset[int] = frozenset()
    evse_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """An EVSE with everything that a window which concerns it may be set on."""

    evse_id: int
    station_id: int
    location_id: int | None


def keys_of(targets: Iterable[Target]) -> TargetKeys:
    """Sort targets by kind."""
    keys: dict[type[Target], set[int]] = {Location: set(), Station: set(), Evse: set()}
    for target in targets:
        keys[type(target)].add(target.pk)
    return TargetKeys(*map(frozenset, keys.values()))


def evse_ids_under(keys: TargetKeys) -> set[int]:
    """Return the EVSEs of targets, narrower ones included; one query."""
    return {place.evse_id for place in places_under(keys)}


def places_under(keys: TargetKeys) -> list[Place]:
    """Return the EVSEs of targets with their stations and locations; one query."""
    evses = Evse.objects.order_by().values_list("pk", "station_id", "station__location_id")
    rows = evses.filter(pk__in=keys.evse_ids).union(
        evses.filter(station_id__in=keys.station_ids),
        evses.filter(station__location_id__in=keys.location_ids),
        all=True,
    )
    return [Place(*row) for row in dict.fromkeys(rows)]
