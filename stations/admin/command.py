"""Commands: the list, sending one from a station's page, and its answer in place."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from stations.admin.base import MaskedTokens, ReadOnly, VisibleAdmin, shown_to, user_of
from stations.admin.command_forms import FORMS, TITLES, CommandForm
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.paginators import SeekPaginator
from stations.domain.command import CommandKind, CommandSource
from stations.models import Command, Station
from stations.permissions import may_service
from stations.services.commands import StationOffline, send_command

WAITS_FOR = timedelta(minutes=15)
OFFLINE = _("Station %(station)s is offline. Tick the box to send the command when it comes back.")


def permitted_kinds(request: HttpRequest, station: Station) -> list[CommandKind]:
    """Return the kinds that the user may send; raw calls need a permission of their own."""
    is_permitted = request.user.has_perm("stations.add_command")
    if not (is_permitted and may_service(user_of(request), station)):
        return []
    may_send_raw = request.user.has_perm("stations.send_raw_command")
    return [kind for kind in FORMS if kind is not CommandKind.RAW or may_send_raw]


def command_forms(request: HttpRequest, station: Station) -> list[dict[str, Any]]:
    """Return what the templates need to draw a form for each kind."""
    return [
        {"kind": kind.value, "title": TITLES[kind], "form": FORMS[kind](station=station)}
        for kind in permitted_kinds(request, station)
    ]


@admin.display(description=_("state"), ordering="state")
def state_cell(command: Command) -> str:
    return render_to_string("admin/stations/_command_state.html", {"command": command})


@admin.display(description=_("created at"), ordering="id")
def created_cell(command: Command) -> str:
    return render_to_string("admin/stations/_moment_cell.html", {"at": command.created_at})


@admin.display(description=_("answer"))
def answer_cell(command: Command) -> str:
    return render_to_string("admin/stations/_command_answer_line.html", {"command": command})


@admin.register(Command)
class CommandAdmin(ReadOnly, MaskedTokens, VisibleAdmin):
    token_fields = ("params", "answer")
    paginator = SeekPaginator
    list_display = ["id", "station", "evse", "kind", state_cell, answer_cell, created_cell, "actor"]
    list_filter = [
        ("station", VisibleRelatedFilter),
        ("kind", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
    ]
    ordering = ["-id"]
    sortable_by: list[str] = []
    exclude = ["message_id"]
    change_form_outer_before_template = "admin/stations/_command_summary.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("station", "evse__station", "actor")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path(
                "send/<int:station_id>/<str:kind>/", view(self.send), name="stations_command_send"
            ),
            path("<int:pk>/answer/", view(self.answer), name="stations_command_answer"),
        ]
        return own + super().get_urls()

    def send(self, request: HttpRequest, station_id: int, kind: str) -> HttpResponse:
        station = get_object_or_404(Station.objects.visible_to(user_of(request)), pk=station_id)
        if request.method != "POST" or kind not in permitted_kinds(request, station):
            raise PermissionDenied
        form = FORMS[CommandKind(kind)](request.POST, station=station)
        command = self._sent(request, station, CommandKind(kind), form)
        context = {"command": command, "form": form}
        return TemplateResponse(request, "admin/stations/_command_sent.html", context)

    def _sent(
        self, request: HttpRequest, station: Station, kind: CommandKind, form: CommandForm
    ) -> Command | None:
        if not form.is_valid():
            return None
        try:
            return send_from_page(request, station, kind, form)
        except StationOffline:
            form.add_error(None, OFFLINE % {"station": station})
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        return None

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        command = self.get_queryset(request).filter(pk=pk).first()
        if command is None or not self.has_view_permission(request):
            raise Http404
        context = {"command": shown_to(request, [command], *self.token_fields)[0]}
        return TemplateResponse(request, "admin/stations/_command_sent.html", context)


def send_from_page(
    request: HttpRequest, station: Station, kind: CommandKind, form: CommandForm
) -> Command:
    """Send what the form says; the page asks for the answer until there is one."""
    params = form.params()
    is_raw = kind is CommandKind.RAW
    waits = WAITS_FOR if "when_online" in request.POST else None
    return send_command(
        station,
        kind,
        {} if is_raw else params,
        evse=form.evse,
        actor=user_of(request),
        source=CommandSource.ADMIN,
        expires_in=waits,
        raw=params if is_raw else None,
    )
