"""Charging stations: the list, and the page with its tabs."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.views import ChangeList

from stations.admin.base import UncountedChangeList, user_of
from stations.admin.bulk import BulkActions
from stations.admin.connectors import connectors_tab
from stations.admin.filters import (
    ConnectionFilter,
    FirmwareFilter,
    ModelFilter,
    VendorFilter,
    VisibleRelatedFilter,
)
from stations.admin.parts import BulkAction, Tab
from stations.admin.station_actions import CHANGE_AVAILABILITY, RESET
from stations.admin.station_form import StationForm
from stations.admin.tabs import TabbedAdmin, admin_tabs
from stations.models import Operator, Station
from stations.services.stations import create_station, update_station


def station_url_for(operator: Operator) -> str:
    """Return the address that stations of an operator connect to, their identity appended."""
    scheme, host = settings.PUBLIC_URL.split("://", 1)
    socket = "wss" if scheme == "https" else "ws"
    return f"{socket}://{host.rstrip('/')}/ocpp/{operator.party}/"


class StationChangeList(UncountedChangeList):
    """A page of stations with what the parts load for it; rows lead to the first tab."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        for part in self.model_admin.parts:
            part.load(rows, timezone.now())
        self.result_list = rows

    def url_for_result(self, result: Station) -> str:
        return self.model_admin.tab_url(self.model_admin.all_tabs()[0].slug, result.pk)


@display(description=_("OCPP ID"), ordering="identity", header=True)
def identity_cell(station: Station) -> tuple[str, str]:
    product = " ".join(filter(None, (station.vendor, station.model)))
    return station.identity, " · ".join(filter(None, (product, station.serial_number)))


@admin.display(description=_("location"), ordering="location__name", empty_value="-")
def location_cell(station: Station) -> str | None:
    return station.location.name if station.location else None


@admin.display(description=_("connection"))
def connection_cell(station: Station) -> str:
    return render_to_string("admin/stations/_connection.html", {"station": station})


@admin.display(description=_("last seen"), ordering="connection__last_seen_at")
def last_seen_cell(station: Station) -> str:
    connection = getattr(station, "connection", None)
    context = {"at": connection.last_seen_at if connection else None}
    return render_to_string("admin/stations/_moment_cell.html", context)


@admin.register(Station)
class StationAdmin(BulkActions, TabbedAdmin):
    form = StationForm
    search_fields = ["identity", "serial_number"]
    search_help_text = _("OCPP ID or serial number")
    ordering = ["identity"]
    list_filter = [
        ConnectionFilter,
        ("location", VisibleRelatedFilter),
        VendorFilter,
        ModelFilter,
        FirmwareFilter,
        ("setup_state", ChoicesDropdownFilter),
        ("field_service_account", VisibleRelatedFilter),
    ]
    list_before_template = "admin/stations/_station_urls.html"
    autocomplete_fields = ["operator", "account", "field_service_account", "location"]
    tab_order = (
        "overview",
        "schedule",
        "connectors",
        "commands",
        "sessions",
        "change",
        "history",
    )
    own_tabs = (
        Tab("connectors", _("Connectors"), connectors_tab, "stations.view_connector"),
        *admin_tabs("station"),
    )
    own_actions: Sequence[BulkAction] = (CHANGE_AVAILABILITY, RESET)
    readonly_fields = ["ocpp_version"]
    fieldsets = [
        (None, {"fields": [("identity", "serial_number"), ("vendor", "model"), "firmware"]}),
        (
            _("Belongs to"),
            {"fields": [("operator", "location"), ("account", "field_service_account")]},
        ),
        (
            _("Set-up"),
            {"fields": [("setup_state", "registration"), "is_disabled", "new_password"]},
        ),
        (
            _("Hardware"),
            {"fields": [("iccid", "imsi"), ("meter_type", "meter_serial_number")]},
        ),
    ]

    def keeps_operator(self, obj: Station) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("location", "connection")

    def get_list_display(self, request: HttpRequest) -> list[Callable[[Any], Any] | str]:
        columns = [column for part in self.parts for column in part.columns]
        start = [identity_cell, location_cell, connection_cell]
        return [*start, *columns, "firmware", last_seen_cell]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*self.list_filter, *(each for part in self.parts for each in part.filters)]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [inline for part in self.parts for inline in part.inlines]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StationChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        operators = Operator.objects.visible_to(user_of(request))[:5]
        urls = [(operator, station_url_for(operator)) for operator in operators]
        return super().changelist_view(request, {"station_urls": urls} | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Station, form: Any, change: bool) -> None:
        if change:
            update_station(obj, password=form.password(), **form.changed_values())
            return
        created = create_station(password=form.password(), **form.values())
        obj.pk = created.pk
        obj._state.adding = False
