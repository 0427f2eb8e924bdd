"""The dashboard: a few aggregated queries, asked again every few seconds by the page itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncHour
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnostics.models import Message
from roaming.domain.words import DeliveryState
from roaming.models import Delivery
from scheduling.domain.statuses import PublicStatus
from scheduling.models import PublishedStatus, StatusWindow
from sessions.models import ChargingSession
from stations.domain.command import CommandState
from stations.models import Command, Station, User
from stations.rows.ids import first_id_at

BROKEN = (PublicStatus.FAULTED, PublicStatus.OUT_OF_ORDER)
UNDER_WAY = (CommandState.QUEUED, CommandState.SENT)
# Health is told of so many of the newest commands and deliveries, whatever their number.
NEWEST = 500
LIVE_ROWS = 10
NEXT_WINDOWS = 7


def environment(request: HttpRequest) -> tuple[str, str] | None:
    """Name the installation in the header where it is not the real thing."""
    return (_("Demo"), "info") if settings.DEMO else None


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the facts; a page that refreshes itself gets them without the frame around them."""
    is_fragment = "HX-Request" in request.headers
    context["frame"] = "admin/fragment.html" if is_fragment else "admin/base_site.html"
    context["is_fragment"] = is_fragment
    context["title"] = _("Dashboard")
    context["facts"] = facts(cast(User, request.user), timezone.now())
    return context


def facts(user: User, now: datetime) -> dict[str, Any]:
    """Return all that the dashboard shows to a user; nine queries."""
    hours = _hours_of_today(user, now)
    return {
        "stations": _stations(user),
        "evses": _evses(user),
        "running": _running(user),
        "messages_per_minute": _messages_per_minute(user, now),
        "commands": _commands(user),
        "deliveries": _deliveries(user),
        "today": _chart(hours, now),
        "energy_today_wh": sum(row["energy_wh"] or 0 for row in hours),
        "sessions_today": sum(row["sessions"] for row in hours),
        "live": _live(user),
        "windows": _next_windows(user, now),
        "now": now,
    }


def _stations(user: User) -> Mapping[str, Any]:
    is_online = Q(connection__isnull=False) & ~Q(connection__token="")
    counts = Station.objects.visible_to(user).aggregate(
        total=Count("pk"), online=Count("pk", filter=is_online)
    )
    share = round(100 * counts["online"] / counts["total"]) if counts["total"] else 0
    return counts | {"online_percent": share}


def _evses(user: User) -> Mapping[str, Any]:
    return PublishedStatus.objects.visible_to(user).aggregate(
        total=Count("pk"),
        broken=Count("pk", filter=Q(status__in=BROKEN)),
        unknown=Count("pk", filter=Q(status=PublicStatus.UNKNOWN)),
        available=Count("pk", filter=Q(status=PublicStatus.AVAILABLE)),
        occupied=Count("pk", filter=Q(status=PublicStatus.OCCUPIED)),
        under_window=Count("window"),
    )


def _running(user: User) -> Mapping[str, Any]:
    sessions = ChargingSession.objects.visible_to(user).running()
    return sessions.aggregate(count=Count("pk"), power_w=Sum("last_power_w"))


def _messages_per_minute(user: User, now: datetime) -> int:
    since = now - timedelta(minutes=1)
    rows = Message.objects.visible_to(user).filter(
        pk__gte=first_id_at(since), received_at__gte=since - timedelta(hours=1)
    )
    return rows.count()


def _commands(user: User) -> Mapping[str, Any]:
    newest = Command.objects.visible_to(user).order_by("-pk")[:NEWEST]
    failed = (CommandState.REJECTED, CommandState.FAILED, CommandState.TIMED_OUT)
    return _health(newest, good=(CommandState.ACCEPTED,), bad=failed, pending=UNDER_WAY)


def _deliveries(user: User) -> Mapping[str, Any]:
    newest = Delivery.objects.visible_to(user).order_by("-pk")[:NEWEST]
    return _health(
        newest,
        good=(DeliveryState.DELIVERED,),
        bad=(DeliveryState.DEAD,),
        pending=(DeliveryState.PENDING,),
    )


def _health(
    newest: QuerySet[Any], *, good: tuple[str, ...], bad: tuple[str, ...], pending: tuple[str, ...]
) -> Mapping[str, Any]:
    counts = newest.aggregate(
        good=Count("pk", filter=Q(state__in=good)),
        bad=Count("pk", filter=Q(state__in=bad)),
        pending=Count("pk", filter=Q(state__in=pending)),
    )
    settled = counts["good"] + counts["bad"]
    return counts | {"percent": round(100 * counts["good"] / settled) if settled else None}


def _hours_of_today(user: User, now: datetime) -> list[dict[str, Any]]:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = ChargingSession.objects.visible_to(user).filter(started_at__gte=midnight)
    hours = rows.order_by().annotate(hour=TruncHour("started_at")).values("hour")
    energy = Sum(F("last_meter_wh") - F("start_meter_wh"))
    return list(hours.annotate(sessions=Count("pk"), energy_wh=energy))


def _chart(hours: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Return the columns of the chart; hours to come have none."""
    by_hour = {timezone.localtime(row["hour"]).hour: row for row in hours}
    rows = [by_hour.get(hour, {}) for hour in range(timezone.localtime(now).hour + 1)]
    return {
        "labels": [f"{hour:02d}" for hour in range(24)],
        "sessions": [row.get("sessions", 0) for row in rows],
        "energy": [round((row.get("energy_wh") or 0) / 1000, 2) for row in rows],
    }


def _live(user: User) -> QuerySet[PublishedStatus]:
    rows = PublishedStatus.objects.visible_to(user)
    return rows.select_related("evse__station__location").order_by("-published_at")[:LIVE_ROWS]


def _next_windows(user: User, now: datetime) -> QuerySet[StatusWindow]:
    windows = StatusWindow.objects.visible_to(user)
    standing = windows.filter(Q(ends_at=None) | Q(ends_at__gt=now))
    related = standing.select_related("location", "station", "evse__station")
    return related.order_by("starts_at", "pk")[:NEXT_WINDOWS]
