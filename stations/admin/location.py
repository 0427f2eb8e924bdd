"""Locations: the list, and the page with its tabs."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from stations.admin.base import user_of
from stations.admin.bulk import BulkActions
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.owned_form import OwnedForm
from stations.admin.tabs import TabbedAdmin, admin_tabs
from stations.models import Location, Station
from stations.services.ownership import is_in_use


class CityFilter(DropdownFilter):
    title = _("city")
    parameter_name = "city"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Location.objects.visible_to(user_of(request)).exclude(city="").order_by("city")
        return [(city, city) for city in rows.values_list("city", flat=True).distinct()[:200]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(city=self.value()) if self.value() else queryset


@admin.display(description=_("stations"))
def stations_cell(location: Any) -> int:
    return location.station_count


@admin.register(Location)
class LocationAdmin(BulkActions, TabbedAdmin):
    form = OwnedForm
    list_display = ["name", "city", "operator", "account", stations_cell, "is_published"]
    list_filter = [("operator", VisibleRelatedFilter), CityFilter, "is_published"]
    list_select_related = ["operator", "account"]
    search_fields = ["name", "address", "city", "postal_code"]
    autocomplete_fields = ["operator", "account"]
    prepopulated_fields = {"slug": ["name"]}
    tab_order = ("boxes", "schedule", "change", "history")
    own_tabs = admin_tabs("location")
    fieldsets = [
        (None, {"fields": [("name", "slug"), ("operator", "account"), "is_published"]}),
        (
            _("Address"),
            {
                "fields": [
                    ("address", "postal_code"),
                    ("city", "state"),
                    ("country", "time_zone"),
                    ("latitude", "longitude"),
                    "parking_type",
                ]
            },
        ),
    ]

    def keeps_operator(self, obj: Location) -> bool:
        return is_in_use(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        stations = Station.objects.filter(location=OuterRef("pk")).order_by().values("location")
        count = stations.annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(station_count=Coalesce(Subquery(count), 0))
