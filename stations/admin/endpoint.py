"""What speaks with the back office: its processes, API tokens, stations that were refused."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from stations.admin.base import ReadOnly, VisibleAdmin
from stations.models import Node, UnrecognisedStation

admin.site.unregister(AuthToken)


@admin.display(description=_("seen"), ordering="seen_at")
def seen_cell(node: Node) -> str:
    return render_to_string("admin/stations/_moment_cell.html", {"at": node.seen_at})


@admin.display(description=_("last at"), ordering="last_at")
def last_cell(station: UnrecognisedStation) -> str:
    return render_to_string("admin/stations/_moment_cell.html", {"at": station.last_at})


@admin.register(Node)
class NodeAdmin(ReadOnly, VisibleAdmin):
    list_display = ["name", "kind", "number", "started_at", seen_cell]


@admin.register(UnrecognisedStation)
class UnrecognisedStationAdmin(ReadOnly, VisibleAdmin):
    list_display = ["identity", "reason", "address", "count", "first_at", last_cell]
    list_filter = ["reason"]
    search_fields = ["identity", "address"]


@admin.display(description=_("token key"))
def token_key_cell(token: AuthToken) -> str:
    return str(token.token_key)


@admin.display(description=_("created at"), ordering="created")
def created_cell(token: AuthToken) -> datetime:
    created: datetime = token.created
    return created


@admin.display(description=_("expires at"), ordering="expiry")
def expiry_cell(token: AuthToken) -> datetime | None:
    expiry: datetime | None = token.expiry
    return expiry


@admin.register(AuthToken)
class ApiTokenAdmin(ReadOnly, VisibleAdmin):
    """API tokens can be taken back here; `manage.py create_api_token` makes them."""

    list_display = ["user", token_key_cell, created_cell, expiry_cell]
    search_fields = ["user__username"]
    fields = ["user", token_key_cell, created_cell, expiry_cell]
    readonly_fields = [token_key_cell, created_cell, expiry_cell]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("knox.delete_authtoken")
