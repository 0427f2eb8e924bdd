"""Status planning: the list of status windows, with a time line of the next days above it."""

from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter

from scheduling.admin.temporary_status import temporary_status_page
from scheduling.admin.timeline import Timeline, timeline
from scheduling.domain.statuses import WindowSource
from scheduling.models import StatusWindow
from scheduling.services.portions import check_count
from scheduling.services.windows import end_windows
from stations.admin.base import AuditedAdmin, ReadOnly, user_of
from stations.admin.bulk import BulkActions
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.parts import BulkAction

PLANNED_DAYS = 7
PLANNED_WINDOWS = 60


class WhenFilter(DropdownFilter):
    """Windows by where they lie: now, later, or over."""

    title = _("time")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("Active now")), ("upcoming", _("Upcoming")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        stands = Q(ends_at=None) | Q(ends_at__gt=now)
        choices = {
            "active": stands & Q(starts_at__lte=now),
            "upcoming": Q(starts_at__gt=now),
            "over": Q(ends_at__lte=now),
        }
        return queryset.filter(choices.get(str(self.value()), Q()))


@admin.display(description=_("target"))
def target_cell(window: StatusWindow) -> str:
    return render_to_string("admin/scheduling/_target_cell.html", {"window": window})


@admin.display(description=_("Status"), ordering="status")
def status_cell(window: StatusWindow) -> str:
    return render_to_string("admin/scheduling/_window_status.html", {"window": window})


@admin.display(description=_("Date Range"), ordering="starts_at")
def range_cell(window: StatusWindow) -> str:
    context = {"window": window, "now": timezone.now()}
    return render_to_string("admin/scheduling/_range_cell.html", context)


def _end(request: HttpRequest, windows: QuerySet[Any], data: dict[str, Any]) -> str:
    check_count(windows.count())
    count = end_windows(list(windows), actor=user_of(request), source=WindowSource.STAFF)
    return ngettext("%(n)d window was ended.", "%(n)d windows were ended.", count) % {"n": count}


END = BulkAction(
    name="end_windows",
    title=_("End now"),
    explanation=_(
        "Windows in force end now and stay in the history; those to come are removed. Drivers"
        " see again what the stations report."
    ),
    permission="scheduling.change_statuswindow",
    form=Form,
    apply=_end,
)


@admin.register(StatusWindow)
class StatusWindowAdmin(BulkActions, ReadOnly, AuditedAdmin):
    own_actions = (END,)
    parts = ()
    list_display = [status_cell, target_cell, range_cell, "message", "source", "created_by"]
    list_filter = [
        WhenFilter,
        ("status", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        ("location", VisibleRelatedFilter),
        ("station", VisibleRelatedFilter),
    ]
    list_before_template = "admin/scheduling/_planning.html"
    search_fields = ["message", "station__identity", "location__name", "evse__evse_id"]
    ordering = [F("starts_at").desc()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = ("location", "station", "evse__station", "created_by")
        return super().get_queryset(request).select_related(*related)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(partial(temporary_status_page, self))
        own = path("temporary/<int:evse_id>/", view, name="scheduling_statuswindow_temporary")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"timeline": self.planning(request)} | (extra_context or {})
        return super().changelist_view(request, context)

    def planning(self, request: HttpRequest) -> Timeline:
        """Return the time line of the next days, a lane for each target that has windows."""
        now = timezone.now()
        near = Q(starts_at__lt=now + timedelta(days=PLANNED_DAYS)) & (
            Q(ends_at=None) | Q(ends_at__gt=now)
        )
        windows = list(
            self.get_queryset(request).filter(near).order_by("starts_at")[:PLANNED_WINDOWS]
        )
        windows.sort(key=_target_name)
        lanes = [(name, "", list(group)) for name, group in groupby(windows, _target_name)]
        return timeline(lanes, now=now, days_before=0, days=PLANNED_DAYS)


def _target_name(window: StatusWindow) -> str:
    return str(window.target)
