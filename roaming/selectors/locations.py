"""Locations as the outside sees them."""

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from roaming.selectors.evses import listed
from scheduling.models import WindowOccurrence
from stations.domain.identity import evse_id_key
from stations.models import Evse, Location, Operator

# A change of any of these is a change of the location (OCPI: last_updated moves the parents too).
_CHANGES_BELOW = (
    "stations__updated_at",
    "stations__evses__updated_at",
    "stations__evses__connectors__updated_at",
    "stations__evses__published__published_at",
    "stations__evses__published__schedule_changed_at",
)
# Where a window may hang, seen from the location.
_WINDOW_PATHS = ("location", "station__location", "evse__station__location")


def shared_locations(operator: Operator) -> QuerySet[Any]:
    """Return what partners of the operator may see, oldest first, with `last_updated`.

    OCPI has no location without coordinates.
    """
    found: QuerySet[Any] = Location.objects.filter(
        operator=operator, is_published=True, latitude__isnull=False
    )
    annotated: QuerySet[Any] = found.annotate(last_updated=_last_updated())
    return annotated.select_related("operator").order_by("pk")


def _last_updated() -> Greatest:
    """The newest of all changes; what is missing counts as old as the location's own."""
    own = F("updated_at")
    below = [Coalesce(Max(path), own) for path in _CHANGES_BELOW]
    windows = [Coalesce(_newest_window(path), own) for path in _WINDOW_PATHS]
    return Greatest(own, *below, *windows)


def _newest_window(path: str) -> Subquery:
    newest = (
        WindowOccurrence.objects.filter(**{path: OuterRef("pk")})
        .order_by()
        .values(path)
        .annotate(newest=Max("created_at"))
        .values("newest")
    )
    return Subquery(newest, output_field=DateTimeField())


def changed_between(
    locations: QuerySet[Any], *, date_from: datetime | None, date_to: datetime | None
) -> QuerySet[Any]:
    """Return those last updated in [date_from, date_to); None leaves that side open."""
    bounds: dict[str, Any] = {"last_updated__gte": date_from, "last_updated__lt": date_to}
    return locations.filter(**{name: at for name, at in bounds.items() if at is not None})


def listed_locations(search: str = "") -> QuerySet[Location]:
    """Return the published locations with at least one EVSE that drivers may see, by name."""
    evses = Evse.objects.filter(listed(), station__location=OuterRef("pk"))
    found = Location.objects.filter(Exists(evses), is_published=True).order_by("name", "pk")
    for word in search.split():
        found = found.filter(_matches(word))
    return found


def _matches(word: str) -> Q:
    text = Q()
    for field in ("name", "city", "address", "postal_code"):
        text |= Q(**{f"{field}__icontains": word})
    key = evse_id_key(word)
    if not key:
        return text
    evses = Evse.objects.filter(
        listed(), station__location=OuterRef("pk"), evse_id_key__contains=key
    )
    return text | Q(Exists(evses))
