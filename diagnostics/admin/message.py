"""The message log: the list, one exchange as a pair, and the live tail."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from diagnostics.admin.filters import ActionFilter, ErrorsFilter
from diagnostics.admin.tail import tail_page, tail_rows
from diagnostics.models import Message
from stations.admin.base import MaskedTokens, ReadOnly, VisibleAdmin
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.paginators import SeekPaginator


@admin.display(description=_("received at"))
def time_cell(message: Message) -> str:
    return render_to_string("admin/diagnostics/_time_cell.html", {"message": message})


@admin.display(description=_("action"))
def action_cell(message: Message) -> str:
    return render_to_string("admin/diagnostics/_action_cell.html", {"message": message})


@admin.display(description=_("outcome"))
def outcome_cell(message: Message) -> str:
    return render_to_string("admin/diagnostics/_outcome_cell.html", {"message": message})


@admin.display(description=_("request"))
def payload_cell(message: Message) -> str:
    return render_to_string("admin/diagnostics/_payload_cell.html", {"text": message.payload})


@admin.register(Message)
class MessageAdmin(ReadOnly, MaskedTokens, VisibleAdmin):
    token_fields = ("payload", "answer")
    paginator = SeekPaginator
    list_per_page = 100
    list_display = [time_cell, "station", action_cell, outcome_cell, payload_cell]
    list_filter = [
        ("station", VisibleRelatedFilter),
        ActionFilter,
        ("direction", ChoicesDropdownFilter),
        ErrorsFilter,
        ("outcome", ChoicesDropdownFilter),
        ("received_at", RangeDateTimeFilter),
    ]
    list_before_template = "admin/diagnostics/_tail_link.html"
    ordering = ["-id"]
    sortable_by: list[str] = []
    fields = [
        ("station", "direction"),
        ("message_id", "connection"),
        ("received_at", "answered_at"),
        ("error_code", "session_id"),
    ]
    change_form_outer_before_template = "admin/diagnostics/_pair.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("station")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("live/", view(partial(tail_page, self)), name="diagnostics_message_live"),
            path("live/rows/", view(partial(tail_rows, self)), name="diagnostics_message_rows"),
        ]
        return own + super().get_urls()
