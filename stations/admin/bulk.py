"""Actions on many rows, with a page in between that states the consequences."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from stations.admin.base import user_of
from stations.admin.parts import BulkAction

if TYPE_CHECKING:
    from stations.admin.tabs import TabbedAdmin

SHOWN_ROWS = 30


class BulkActions(ModelAdmin):
    """Mixed into admins whose list offers the bulk actions of their own and of their parts."""

    own_actions: Sequence[BulkAction] = ()
    parts: Any  # a sequence of AdminPart, of the class that this is mixed into

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        known = [*self.own_actions, *(each for part in self.parts for each in part.actions)]
        allowed = [each for each in known if request.user.has_perm(each.permission)]
        ours = {each.name: (partial(run, action=each), each.name, each.title) for each in allowed}
        return ours | super().get_actions(request)


def run(
    admin: "TabbedAdmin", request: HttpRequest, rows: QuerySet[Any], *, action: BulkAction
) -> HttpResponse | None:
    """Ask first; do it when the form comes back confirmed and valid, and say what was done."""
    allowed = action.scope(rows.model._default_manager, user_of(request))
    if rows.exclude(pk__in=allowed.values("pk")).exists():
        raise PermissionDenied
    confirmed = "confirmed" in request.POST
    form = action.form(request.POST if confirmed else None)
    if confirmed and form.is_valid() and _applied(request, rows, action=action, form=form):
        return None
    return TemplateResponse(
        request, "admin/stations/confirm_action.html", _context(admin, request, rows, action, form)
    )


def _applied(request: HttpRequest, rows: QuerySet[Any], *, action: BulkAction, form: Form) -> bool:
    try:
        messages.success(request, action.apply(request, rows, form.cleaned_data))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    return True


def _context(
    admin: "TabbedAdmin",
    request: HttpRequest,
    rows: QuerySet[Any],
    action: BulkAction,
    form: Form,
) -> dict[str, Any]:
    return admin.admin_site.each_context(request) | {
        "opts": admin.opts,
        "title": action.title,
        "action": action,
        "form": form,
        "media": form.media,
        "rows": rows[:SHOWN_ROWS],
        "count": rows.count(),
        "select_across": request.POST.get("select_across", "0"),
        "selected": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
        "consequences": [line for part in admin.parts for line in part.consequences(rows)],
    }
