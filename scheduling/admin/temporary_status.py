"""The page that sets a temporary status on one EVSE, after saying what follows from it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from scheduling.admin.evse_cards import evse_cards
from scheduling.admin.schedule_tab import zone_of
from scheduling.admin.window_forms import TemporaryStatusForm
from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.permissions import check_targets
from scheduling.services.status_updates import update_status
from scheduling.services.windows import WindowRefused, set_window
from stations.admin.base import user_of
from stations.models import Evse, Station, User


def temporary_status_page(admin: Any, request: HttpRequest, evse_id: int) -> HttpResponse:
    """Ask for the status, and set it; AVAILABLE ends what is in force on the EVSE itself."""
    if not request.user.has_perm("scheduling.add_statuswindow"):
        raise PermissionDenied
    evses = Evse.objects.visible_to(user_of(request)).select_related("station__location")
    evse = get_object_or_404(evses, pk=evse_id)
    check_targets(user_of(request), [(evse, WindowStatus.MAINTENANCE)])
    with timezone.override(zone_of(evse.station)):
        form = TemporaryStatusForm(request.POST or None, initial=_initial(request))
        if request.method == "POST" and form.is_valid() and _is_set(request, evse, form):
            return HttpResponseRedirect(_next_url(request, evse))
        return _page(admin, request, evse, form)


def _page(admin: Any, request: HttpRequest, evse: Evse, form: TemporaryStatusForm) -> HttpResponse:
    cards = evse_cards([evse.station_id])
    context = admin.admin_site.each_context(request) | {
        "opts": Station._meta,
        "original": evse.station,
        "title": _("Set a temporary EVSE status"),
        "form": form,
        "card": next((c for c in cards if c.evse.pk == evse.pk), None),
        "evse": evse,
        "zone": zone_of(evse.station),
        "next_url": _next_url(request, evse),
    }
    return TemplateResponse(request, "admin/scheduling/temporary_status.html", context).render()


def _initial(request: HttpRequest) -> dict[str, Any]:
    return {"status": request.GET.get("status", WindowStatus.MAINTENANCE)}


def _is_set(request: HttpRequest, evse: Evse, form: TemporaryStatusForm) -> bool:
    check_targets(user_of(request), [(evse, form.cleaned_data["status"])])
    try:
        _set(evse, form.cleaned_data, actor=user_of(request))
    except WindowRefused as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, _("The status of %(evse)s was set.") % {"evse": evse})
    return True


def _set(evse: Evse, data: dict[str, Any], *, actor: User) -> None:
    if data["ends_at"] is None:
        values = {name: data[name] for name in ("message", "takes_out_of_service")}
        update_status(evse, WindowStatus(data["status"]), actor=actor, **values)
    else:
        set_window(target=evse, source=WindowSource.STAFF, actor=actor, **data)


def _next_url(request: HttpRequest, evse: Evse) -> str:
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    if (
        url_has_allowed_host_and_scheme(wanted, {request.get_host()})
        and "/temporary/" not in wanted
    ):
        return wanted
    return reverse("admin:stations_station_overview", args=[evse.station_id])
