"""What scheduling adds to the charging stations: statuses, windows, the Overview tab."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import DropdownFilter

from scheduling.admin.evse_cards import evse_cards
from scheduling.admin.schedule_tab import schedule_tab_of
from scheduling.admin.window_forms import StatusForm, WindowForm
from scheduling.domain.statuses import PublicStatus, WindowSource, WindowStatus
from scheduling.models import PublishedStatus, WindowOccurrence
from scheduling.permissions import check_targets
from scheduling.selectors.schedules import schedules
from scheduling.services.portions import PortionsDone, check_count, in_portions
from scheduling.services.status_updates import update_statuses
from scheduling.services.windows import set_windows
from stations.admin.base import user_of
from stations.admin.parts import AdminPart, BulkAction, Tab, serviceable
from stations.admin.tabs import ObjectPage
from stations.models import Evse, Station
from stations.templatetags.status_badges import status_label

REFRESHED_EVERY_S = 3


@admin.display(description=gettext_lazy("reported · published"))
def status_cell(station: Any) -> str:
    return render_to_string("admin/scheduling/_status_cell.html", {"evses": station.shown_evses})


@admin.display(description=gettext_lazy("window"))
def window_cell(station: Any) -> str:
    return render_to_string("admin/scheduling/_window_cell.html", {"window": station.shown_window})


class PublishedFilter(DropdownFilter):
    """Stations that publish a status for one of their EVSEs."""

    title = gettext_lazy("published status")
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status.value, status_label(status)) for status in PublicStatus]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        found = PublishedStatus.objects.filter(status=self.value())
        return queryset.filter(pk__in=found.values("evse__station"))


class WindowFilter(DropdownFilter):
    """Stations under a window now, or with one to come."""

    title = gettext_lazy("window")
    parameter_name = "window"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", gettext_lazy("Active now")), ("upcoming", gettext_lazy("Upcoming"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        rows = WindowOccurrence.objects.order_by()
        if self.value() == "active":
            return queryset.filter(_concerned(rows.current(now)))
        if self.value() == "upcoming":
            return queryset.filter(_concerned(rows.filter(starts_at__gt=now)))
        return queryset


def _concerned(occurrences: QuerySet[WindowOccurrence]) -> Q:
    return (
        Q(pk__in=occurrences.filter(station__isnull=False).values("station"))
        | Q(location__in=occurrences.filter(location__isnull=False).values("location"))
        | Q(pk__in=occurrences.filter(evse__isnull=False).values("evse__station"))
    )


def overview_tab(page: ObjectPage) -> HttpResponse:
    """Show the station as it is now; the page asks again every few seconds."""
    context = {"cards": evse_cards([page.obj.pk]), "station": page.obj, "now": timezone.now()}
    return page.render("admin/scheduling/_overview.html", context, live_every_s=REFRESHED_EVERY_S)


def _schedule_windows(request: HttpRequest, stations: QuerySet[Any], data: dict[str, Any]) -> str:
    check_count(stations.count())
    check_targets(user_of(request), [(station, data["status"]) for station in stations])
    wanted = partial(set_windows, source=WindowSource.STAFF, actor=user_of(request), **data)
    result = in_portions(list(stations), wanted)
    text = ngettext("%(n)d window was set.", "%(n)d windows were set.", len(result.done))
    return _told(text, result)


SCHEDULE = BulkAction(
    name="schedule_window",
    title=gettext_lazy("Schedule a window"),
    explanation=gettext_lazy(
        "The same window is set on each station, 200 at a time, all of these or none."
        " Drivers and roaming partners see its status from its start to its end, whatever the"
        " stations report. Times are in your own time zone."
    ),
    permission="scheduling.add_statuswindow",
    form=WindowForm,
    apply=_schedule_windows,
    scope=serviceable,
)


def _update_status(request: HttpRequest, stations: QuerySet[Any], data: dict[str, Any]) -> str:
    check_count(stations.count())
    check_targets(user_of(request), [(station, data["status"]) for station in stations])
    status = WindowStatus(data["status"])
    wanted = partial(update_statuses, actor=user_of(request), **data | {"status": status})
    result = in_portions(list(stations), wanted)
    count = len(result.done)
    text = ngettext("%(n)d station was updated.", "%(n)d stations were updated.", count)
    return _told(text, result)


def _told(text: str, result: PortionsDone) -> str:
    """Say what was done, and by name what was left as it was and why."""
    lines = [text % {"n": len(result.done)}]
    for targets, refusal in result.refused:
        left = _("Nothing was changed on %(names)s: %(reason)s")
        names = ", ".join(str(target) for target in targets)
        lines.append(left % {"names": names, "reason": " ".join(refusal.messages)})
    return " ".join(lines)


UPDATE = BulkAction(
    name="update_status",
    title=gettext_lazy("Update status"),
    explanation=gettext_lazy(
        "The status holds from now until it is removed. Available ends the windows that are in"
        " force; drivers then see what the stations report, so a broken charger is not shown as"
        " free."
    ),
    permission="scheduling.add_statuswindow",
    form=StatusForm,
    apply=_update_status,
    scope=serviceable,
)


class StationPart(AdminPart):
    columns = (status_cell, window_cell)
    filters = (PublishedFilter, WindowFilter)
    actions = (UPDATE, SCHEDULE)
    tabs = (
        Tab("overview", gettext_lazy("Overview"), overview_tab, "stations.view_station"),
        schedule_tab_of("station"),
    )

    def load(self, rows: Sequence[Any], now: datetime) -> None:
        evses = Evse.objects.filter(station__in=[row.pk for row in rows], retired_at=None)
        found: dict[int, list[Evse]] = defaultdict(list)
        for evse in evses.select_related("published").order_by("number"):
            found[evse.station_id].append(evse)
        plans = schedules([evse.pk for group in found.values() for evse in group], now=now)
        for row in rows:
            row.shown_evses = found[row.pk]
            own = [plans[evse.pk] for evse in row.shown_evses]
            active = [plan.active for plan in own if plan.active]
            upcoming = [plan.upcoming for plan in own if plan.upcoming]
            soonest = sorted(upcoming, key=lambda window: window.starts_at)
            row.shown_window = next(iter([*active, *soonest]), None)

    def consequences(self, rows: QuerySet[Any]) -> list[str]:
        published = PublishedStatus.objects.filter(evse__station__in=rows.values("pk"))
        counts = published.order_by().values_list("status").annotate(Count("pk"))
        words = ", ".join(f"{count} {status_label(status)}" for status, count in counts)
        offline = rows.count() - Station.objects.online().filter(pk__in=rows.values("pk")).count()
        lines = [_("Drivers now see: %(statuses)s.") % {"statuses": words}] if words else []
        if offline:
            lines.append(_("%(n)d of them are offline now.") % {"n": offline})
        return lines
