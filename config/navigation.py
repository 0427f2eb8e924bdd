"""The navigation of the back office: only what the user may see."""

from collections.abc import Iterable
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import SearchResult

from stations.models import Location, Station, User

FOUND_ROWS = 8

# (title, icon, app_model): the address of its list and the permission to view it follow.
OPERATIONS = (
    (_("Charging Stations"), "ev_station", "stations_station"),
    (_("Locations"), "location_on", "stations_location"),
    (_("Status planning"), "calendar_clock", "scheduling_statuswindow"),
    (_("Sessions"), "bolt", "charging_chargingsession"),
    (_("Messages"), "terminal", "diagnostics_message"),
    (_("Commands"), "send", "stations_command"),
)
CUSTOMERS = (
    (_("Tokens"), "contactless", "charging_token"),
    (_("Accounts"), "business", "stations_account"),
)
ROAMING = (
    (_("Roaming partners"), "handshake", "roaming_partner"),
    (_("Deliveries"), "outbox", "roaming_delivery"),
)
SETTINGS = (
    (_("Operators"), "domain", "stations_operator"),
    (_("Users"), "person", "stations_user"),
    (_("Memberships"), "badge", "stations_membership"),
    (_("Groups"), "groups", "auth_group"),
    (_("API tokens"), "key", "knox_authtoken"),
    (_("Unrecognised stations"), "help", "stations_unrecognisedstation"),
    (_("Nodes"), "dns", "stations_node"),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of links that the user may follow."""
    dashboard = {"title": _("Dashboard"), "icon": "dashboard", "link": reverse("admin:index")}
    return [
        {"title": _("Operations"), "items": [dashboard, *_links(request, OPERATIONS)]},
        {"title": _("Customers"), "separator": True, "items": _links(request, CUSTOMERS)},
        {"title": _("Roaming"), "separator": True, "items": _links(request, ROAMING)},
        {
            "title": _("Settings & users"),
            "separator": True,
            "collapsible": True,
            "items": _links(request, SETTINGS),
        },
    ]


def _links(request: HttpRequest, entries: Iterable[tuple[Any, str, str]]) -> list[dict[str, Any]]:
    return [
        {"title": title, "icon": icon, "link": reverse(f"admin:{name}_changelist")}
        for title, icon, name in entries
        if request.user.has_perm(name.replace("_", ".view_", 1))
    ]


def search(request: HttpRequest, text: str) -> list[SearchResult]:
    """Find stations by OCPP ID or serial number, and locations by name, for the search box."""
    user = cast(User, request.user)
    results = []
    if user.has_perm("stations.view_station"):
        rows = Station.objects.visible_to(user)
        found = rows.filter(identity__icontains=text) | rows.filter(serial_number__icontains=text)
        results += [_station_found(station) for station in found[:FOUND_ROWS]]
    if user.has_perm("stations.view_location"):
        places = Location.objects.visible_to(user).filter(name__icontains=text)[:FOUND_ROWS]
        results += [_location_found(place) for place in places]
    return results


def _station_found(station: Station) -> SearchResult:
    link = reverse("admin:stations_station_overview", args=[station.pk])
    return SearchResult(station.identity, station.serial_number, link, "ev_station")


def _location_found(location: Location) -> SearchResult:
    link = reverse("admin:stations_location_boxes", args=[location.pk])
    return SearchResult(location.name, location.city, link, "location_on")
