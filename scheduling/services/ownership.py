"""Keep what windows repeat of their targets' owners in step, so that the right people see them."""

from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery

from scheduling.models import StatusWindow
from stations.models import Location, Station

_OWNERS = ("operator_id", "account_id", "field_service_account_id")


def follow_owners(station_ids: Collection[int]) -> None:
    """Give windows on stations and their EVSEs the operator and accounts that those have now.

    Two statements. Runs in the caller's transaction.
    """
    on_stations = StatusWindow.objects.filter(station_id__in=station_ids)
    on_stations.update(**_owners_of(Station.objects.filter(pk=OuterRef("station_id"))))
    on_evses = StatusWindow.objects.filter(evse__station_id__in=station_ids)
    on_evses.update(**_owners_of(Station.objects.filter(evses=OuterRef("evse_id"))))


def follow_owners_of_location(location: Location) -> None:
    """Give windows on a location the operator and account that it has now; one statement."""
    owners = {"operator_id": location.operator_id, "account_id": location.account_id}
    StatusWindow.objects.filter(location=location).update(**owners)


def _owners_of(stations: QuerySet[Station]) -> dict[str, Subquery]:
    return {name: Subquery(stations.values(name)[:1]) for name in _OWNERS}
