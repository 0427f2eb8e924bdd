"""What scheduling adds to the locations: the Charge Boxes and the Status Scheduling tab."""

from itertools import groupby

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.admin.evse_cards import evse_cards
from scheduling.admin.schedule_tab import schedule_tab_of
from stations.admin.parts import AdminPart, Tab
from stations.admin.tabs import ObjectPage

REFRESHED_EVERY_S = 5
SHOWN_STATIONS = 200


def boxes_tab(page: ObjectPage) -> HttpResponse:
    """Show the location's stations and their EVSEs, actual beside temporary status."""
    stations = list(page.obj.stations.select_related("connection")[:SHOWN_STATIONS])
    cards = evse_cards([station.pk for station in stations])
    by_station = {key: list(group) for key, group in groupby(cards, lambda c: c.evse.station_id)}
    boxes = [(station, by_station.get(station.pk, [])) for station in stations]
    context = {"boxes": boxes, "now": timezone.now()}
    return page.render("admin/scheduling/_boxes.html", context, live_every_s=REFRESHED_EVERY_S)


class LocationPart(AdminPart):
    tabs = (
        Tab("boxes", _("Charge Boxes"), boxes_tab, "stations.view_location"),
        schedule_tab_of("location"),
    )
