"""The live tail: the newest messages, asked for every second by the last id that was seen."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diagnostics.admin.filters import ACTIONS, wanted
from diagnostics.models import Message
from stations.admin.base import shown_to, user_of
from stations.rows.ids import COUNTER_BITS, NODE_BITS

FIRST_ROWS = 50
ROWS_PER_POLL = 200
# Ids are made before the commit, by several processes, so that a row may appear below one that
# was seen already: each poll looks back this far, and the page leaves out what it has.
LOOKS_BACK_MS = 3000
# A CALL to a station is logged when it is settled; older partitions need not be searched.
LONGEST_CALL = timedelta(hours=1)


def tail_page(admin: Any, request: HttpRequest) -> HttpResponse:
    """Show the page; its rows come from `tail_rows`."""
    _check(admin, request)
    context = admin.admin_site.each_context(request) | {
        "opts": Message._meta,
        "title": _("Live OCPP messages"),
        "actions": ACTIONS,
        "station": request.GET.get("station", ""),
    }
    return TemplateResponse(request, "admin/diagnostics/tail.html", context)


def tail_rows(admin: Any, request: HttpRequest) -> HttpResponse:
    """Return the rows that came since the last poll, newest first."""
    _check(admin, request)
    found = _rows(request, request.GET.get("after", ""))
    rows = shown_to(request, found, "payload", "answer")
    context = {"exchanges": rows}
    response = TemplateResponse(request, "admin/diagnostics/_tail_rows.html", context)
    response["X-Last-Id"] = str(rows[0].pk) if rows else request.GET.get("after", "")
    return response


def _rows(request: HttpRequest, after: str) -> QuerySet[Any]:
    messages = wanted(Message.objects.visible_to(user_of(request)), request.GET.dict())
    messages = messages.select_related("station").order_by("-id")
    if not (after.isascii() and after.isdigit() and len(after) <= 19):
        return messages[:FIRST_ROWS]
    floor = int(after) - (LOOKS_BACK_MS << (NODE_BITS + COUNTER_BITS))
    recent = messages.filter(id__gt=floor, received_at__gt=timezone.now() - LONGEST_CALL)
    return recent[:ROWS_PER_POLL]


def _check(admin: Any, request: HttpRequest) -> None:
    if not admin.has_view_permission(request):
        raise PermissionDenied
