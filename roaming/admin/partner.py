"""Roaming partners and what they were told."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from roaming.models import Delivery, Partner
from roaming.ocpi.handshake import dismiss
from stations.admin.base import AuditedAdmin, ReadOnly, VisibleAdmin
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.paginators import SeekPaginator


@admin.display(description=_("state"), ordering="state")
def state_cell(row: Any) -> str:
    return render_to_string("admin/roaming/_state_cell.html", {"row": row})


@admin.display(description=_("last contact"), ordering="last_contact_at")
def contact_cell(partner: Partner) -> str:
    context = {"at": partner.last_contact_at}
    return render_to_string("admin/stations/_moment_cell.html", context)


@admin.display(description=_("status"))
def told_cell(delivery: Delivery) -> str:
    return render_to_string("admin/roaming/_told_cell.html", {"delivery": delivery})


@admin.display(description=_("settled"))
def settled_cell(delivery: Delivery) -> str:
    return render_to_string("admin/roaming/_settled_cell.html", {"delivery": delivery})


@admin.register(Partner)
class PartnerAdmin(AuditedAdmin):
    list_display = [
        "name",
        "protocol",
        state_cell,
        "version",
        "operator",
        "is_pushed",
        contact_cell,
        "last_error",
    ]
    list_select_related = ["operator"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("protocol", ChoicesDropdownFilter),
        ("operator", VisibleRelatedFilter),
    ]
    search_fields = ["name", "party_id"]
    autocomplete_fields = ["operator"]
    readonly_fields = [
        "state",
        "version",
        "country_code",
        "party_id",
        "roles",
        "endpoints",
        "registered_at",
        "last_contact_at",
        "last_error",
    ]
    fieldsets = [
        (None, {"fields": [("name", "operator"), ("protocol", "state"), "is_pushed"]}),
        (
            _("Connection"),
            {"fields": ["versions_url", ("token_encoding", "version"), "last_error"]},
        ),
        (
            _("Party"),
            {
                "fields": [
                    ("country_code", "party_id"),
                    ("registered_at", "last_contact_at"),
                    "roles",
                    "endpoints",
                ]
            },
        ),
    ]

    def delete_model(self, request: HttpRequest, obj: Partner) -> None:
        dismiss(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Partner]) -> None:
        for partner in queryset:
            dismiss(partner)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, VisibleAdmin):
    paginator = SeekPaginator
    list_display = [
        "id",
        "partner",
        "evse",
        told_cell,
        state_cell,
        "attempts",
        settled_cell,
        "error",
    ]
    list_filter = [("partner", VisibleRelatedFilter), ("state", ChoicesDropdownFilter)]
    ordering = ["-id"]
    sortable_by: list[str] = []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("partner", "evse__station")
