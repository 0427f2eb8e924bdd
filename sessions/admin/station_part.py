"""What sessions add to the charging stations: the tab, the switches, a word before actions."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sessions.admin.session import recent_sessions
from sessions.models import ChargingSession, ChargingTerms
from stations.admin.base import VisibleInline
from stations.admin.parts import AdminPart, Tab
from stations.admin.tabs import ObjectPage
from stations.models import Station

SHOWN_SESSIONS = 50
REFRESHED_EVERY_S = 5


def sessions_tab(page: ObjectPage) -> HttpResponse:
    """Show the station's newest sessions."""
    rows = recent_sessions(page.obj.pk, SHOWN_SESSIONS)
    context = {"sessions": rows, "station": page.obj}
    return page.render("admin/charging/_sessions.html", context, live_every_s=REFRESHED_EVERY_S)


class TermsInline(VisibleInline):
    model = ChargingTerms
    can_delete = False
    min_num = 1
    max_num = 1


class StationPart(AdminPart):
    inlines = (TermsInline,)
    tabs = (Tab("sessions", _("Sessions"), sessions_tab, "charging.view_chargingsession"),)

    def consequences(self, rows: QuerySet[Station]) -> list[str]:
        count = ChargingSession.objects.running().filter(station__in=rows.values("pk")).count()
        text = ngettext(
            "%(n)d session is running there now.", "%(n)d sessions are running there now.", count
        )
        return [text % {"n": count}]
