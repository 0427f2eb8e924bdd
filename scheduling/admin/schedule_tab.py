"""The Status Scheduling tab of a station or a location: a time line, and rows saved together."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.admin.timeline import timeline
from scheduling.admin.window_forms import ScheduleFormSet, ScheduleRow
from scheduling.models import StatusWindow
from scheduling.permissions import settable_statuses
from scheduling.selectors.schedules import windows_on
from scheduling.selectors.targets import Target, keys_of
from scheduling.services import schedule
from scheduling.services.window_rules import WindowRefused
from stations.admin.base import user_of
from stations.admin.parts import Tab
from stations.admin.tabs import ObjectPage
from stations.models import Location, Station, User

PAST_SHOWN = timedelta(days=7)
DAYS_SHOWN = 14
DAYS_BEFORE = 2
_RIGHTS = {right: f"scheduling.{right}_statuswindow" for right in ("add", "change", "delete")}


def zone_of(target: Any) -> Any:
    """Return the time zone that windows of a target are entered in: the location's."""
    location = target if isinstance(target, Location) else target.location
    return location.time_zone if location else target.operator.time_zone


def schedule_tab(page: ObjectPage) -> HttpResponse:
    """Show the windows of the target, and save all rows or none."""
    may_change = any(page.request.user.has_perm(_RIGHTS[right]) for right in _RIGHTS)
    with timezone.override(zone_of(page.obj)):
        if page.request.method == "POST" and may_change:
            formset = ScheduleFormSet(page.request.POST)
            if formset.is_valid() and _is_saved(page, formset):
                messages.success(page.request, _("The status schedule was saved."))
                return HttpResponseRedirect(page.request.path)
        else:
            formset = ScheduleFormSet(initial=[_initial(each) for each in _standing(page.obj)])
        response = page.render(
            "admin/scheduling/_schedule.html", _context(page.obj, formset, may_change=may_change)
        )
        return response.render()


def _is_saved(page: ObjectPage, formset: Any) -> bool:
    forms = [form for form in formset.forms if _says_something(form)]
    known = {window.pk: window for window in _standing(page.obj)}
    rows = [_row(form, known.get(form.cleaned_data["window"])) for form in forms]
    try:
        _check_rights(user_of(page.request), rows, known)
        schedule.save_schedule(page.obj, rows, actor=user_of(page.request))
    except schedule.ScheduleRefused as refusal:
        for position, reason in refusal.errors.items():
            forms[position].add_refusal(reason)
        return False
    return True


def _check_rights(
    user: User, rows: list[schedule.ScheduleRow], known: Mapping[int, StatusWindow]
) -> None:
    """Raise ScheduleRefused with the rows that add, change or end what `user` may not."""
    settable = settable_statuses(user)
    errors = {}
    for position, row in enumerate(rows):
        window = known.get(row.window_id or 0)
        right = _right_needed(row, window)
        statuses = {row.status, window.status if window else row.status}
        if right and not (user.has_perm(_RIGHTS[right]) and statuses <= settable):
            text = _("You may not do this to the window. Leave it as it was.")
            errors[position] = WindowRefused({"window": text})
    if errors:
        raise schedule.ScheduleRefused(errors)


def _right_needed(row: schedule.ScheduleRow, window: StatusWindow | None) -> str:
    """Return which right a row needs; none where it says what its window says already."""
    if row.window_id is None:
        return "add"
    if row.is_removed:
        return "delete"
    changes = row.changes.items()
    is_same = window and all(getattr(window, name) == value for name, value in changes)
    return "" if is_same else "change"


def _says_something(form: ScheduleRow) -> bool:
    data = form.cleaned_data
    return bool(data.get("window") or (data.get("status") and not data.get("remove")))


def _row(form: ScheduleRow, window: StatusWindow | None) -> schedule.ScheduleRow:
    data = form.cleaned_data
    return schedule.ScheduleRow(
        status=data["status"],
        starts_at=_kept(data["starts_at"], window and window.starts_at),
        ends_at=_kept(data["ends_at"], window and window.ends_at),
        message=data["message"],
        takes_out_of_service=data["takes_out_of_service"],
        window_id=data["window"],
        is_removed=data["remove"],
    )


def _kept(entered: Any, stored: Any) -> Any:
    """Return the stored time where the field, which shows minutes only, was left as it was."""
    if entered and stored and entered == stored.replace(second=0, microsecond=0):
        return stored
    return entered


def _standing(target: Target) -> list[StatusWindow]:
    windows = windows_on(keys_of([target]), after=timezone.now())
    return list(windows.order_by("starts_at", "pk"))


def _initial(window: StatusWindow) -> dict[str, Any]:
    names = ("starts_at", "ends_at", "status", "message", "takes_out_of_service")
    return {name: getattr(window, name) for name in names} | {"window": window.pk}


def _context(target: Any, formset: Any, *, may_change: bool) -> dict[str, Any]:
    now = timezone.now()
    windows = _all_windows(target)
    past = [each for each in windows if each.is_over(now) and _is_on(each, target)]
    lanes = timeline(_lanes(target, windows), now=now, days_before=DAYS_BEFORE, days=DAYS_SHOWN)
    return {
        "formset": formset,
        "may_change": may_change,
        "zone": zone_of(target),
        "timeline": lanes,
        "past": past,
        "now": now,
    }


def _all_windows(target: Any) -> list[StatusWindow]:
    """Return the recent windows of a target and of what it belongs to or is made of."""
    keys = keys_of([target, *_related(target)])
    windows = windows_on(keys, after=timezone.now() - PAST_SHOWN).order_by("-starts_at")
    return list(windows.select_related("location", "station", "evse__station"))


def _related(target: Any) -> list[Any]:
    if isinstance(target, Station):
        return [*([target.location] if target.location else []), *target.evses.all()]
    return list(target.stations.all())


def _is_on(window: StatusWindow, target: Target) -> bool:
    return type(window.target) is type(target) and window.target.pk == target.pk


def _lanes(target: Any, windows: list[StatusWindow]) -> list[tuple[str, str, list[StatusWindow]]]:
    """Return a lane for the target itself and for each related one that has windows."""
    lanes = []
    for place in (target, *_related(target)):
        found = [window for window in windows if _is_on(window, place)]
        if found or place is target:
            lanes.append((str(place), "", found))
    return lanes


def schedule_tab_of(model: str) -> Tab:
    """Return the tab for stations or locations."""
    title = gettext_lazy("Status Scheduling")
    return Tab("schedule", title, schedule_tab, f"stations.view_{model}")
