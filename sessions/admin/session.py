"""Sessions: the list and the page, both to read only."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateTimeFilter

from sessions.models import ChargingSession, MeterValue
from stations.admin.base import ReadOnly, VisibleAdmin
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.paginators import SeekPaginator

SHOWN_READINGS = 200


class OpenFilter(DropdownFilter):
    """Sessions that run, or that have ended."""

    title = _("running")
    parameter_name = "running"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Running")), ("no", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.running()
        return queryset.filter(ended_at__isnull=False) if self.value() == "no" else queryset


@admin.display(description=_("session"))
def id_cell(session: ChargingSession) -> str:
    return str(session.pk)


@admin.display(description=_("state"), ordering="state")
def state_cell(session: ChargingSession) -> str:
    return render_to_string("admin/charging/_session_state.html", {"session": session})


@admin.display(description=_("energy"))
def energy_cell(session: ChargingSession) -> str:
    return render_to_string("admin/charging/_energy_cell.html", {"session": session})


@admin.display(description=_("started at"), ordering="started_at")
def started_cell(session: ChargingSession) -> str:
    return render_to_string("admin/stations/_moment_cell.html", {"at": session.started_at})


@admin.display(description=_("duration"))
def duration_cell(session: ChargingSession) -> str:
    return render_to_string("admin/charging/_duration_cell.html", {"session": session})


@admin.display(description=_("token"))
def token_cell(session: ChargingSession) -> str:
    return session.token.masked if session.token else "-"


@admin.register(ChargingSession)
class ChargingSessionAdmin(ReadOnly, VisibleAdmin):
    paginator = SeekPaginator
    list_display = [
        id_cell,
        "station",
        "evse",
        state_cell,
        energy_cell,
        started_cell,
        duration_cell,
        token_cell,
        "stop_reason",
    ]
    list_filter = [
        OpenFilter,
        ("state", ChoicesDropdownFilter),
        ("station", VisibleRelatedFilter),
        ("started_at", RangeDateTimeFilter),
    ]
    ordering = ["-id"]
    sortable_by: list[str] = []
    exclude = ["token_uid"]
    change_form_outer_before_template = "admin/charging/_session_summary.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = ("station", "evse__station", "token", "connector__station")
        return super().get_queryset(request).select_related(*related)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"curve": reading_curve(self.visible_or_404(request, object_id).pk)} | (
            extra_context or {}
        )
        return super().change_view(request, object_id, form_url, context)


def reading_curve(session_id: int) -> dict[str, list[Any]]:
    """Return the last readings of a session for its chart: times, energy in kWh, power in kW."""
    rows = MeterValue.objects.filter(session=session_id).order_by("-id")
    names = ("sampled_at", "energy_wh", "power_w", "session__start_meter_wh")
    shown = list(rows.values_list(*names)[:SHOWN_READINGS])[::-1]
    return {
        "labels": [at.isoformat() for at, *_ in shown],
        "energy": [
            None if energy is None else (energy - (start or 0)) / 1000
            for _at, energy, _power, start in shown
        ],
        "power": [None if power is None else power / 1000 for _at, _energy, power, _ in shown],
    }


def recent_sessions(station_id: int, limit: int) -> QuerySet[ChargingSession]:
    """Return the newest sessions of a station."""
    rows = ChargingSession.objects.filter(station=station_id)
    return rows.select_related("evse__station", "token").order_by(F("id").desc())[:limit]
