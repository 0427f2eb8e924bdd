"""What can be asked of many stations at once: availability and reset."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from stations.admin.base import user_of
from stations.admin.parts import BulkAction, serviceable
from stations.domain.command import CommandKind, CommandSource
from stations.models import Station
from stations.services.commands import CommandRequest, send_commands

AVAILABILITY_WAITS = timedelta(hours=24)
RESET_WAITS = timedelta(minutes=15)


class ResetForm(forms.Form):
    type = forms.ChoiceField(
        label=_("Type"),
        choices=[("Soft", _("Soft: ends sessions in order")), ("Hard", _("Hard: at once"))],
        widget=UnfoldAdminSelectWidget,
    )


class AvailabilityForm(forms.Form):
    availability = forms.ChoiceField(
        label=_("Availability"),
        choices=[
            ("Operative", _("Operative: takes sessions")),
            ("Inoperative", _("Inoperative: refuses sessions")),
        ],
        widget=UnfoldAdminSelectWidget,
    )


def _send_to_all(
    request: HttpRequest,
    stations: QuerySet[Station],
    *,
    kind: CommandKind,
    params: Mapping[str, Any],
    waits: timedelta,
) -> str:
    requests = [
        CommandRequest(
            station,
            kind,
            source=CommandSource.ADMIN,
            params=params,
            actor=user_of(request),
            expires_in=waits,
        )
        for station in stations
    ]
    sent = send_commands(requests)
    text = ngettext("%(n)d command was queued.", "%(n)d commands were queued.", len(sent))
    return text % {"n": len(sent)}


def _reset(request: HttpRequest, stations: QuerySet[Any], data: dict[str, Any]) -> str:
    return _send_to_all(request, stations, kind=CommandKind.RESET, params=data, waits=RESET_WAITS)


def _change_availability(
    request: HttpRequest, stations: QuerySet[Any], data: dict[str, Any]
) -> str:
    return _send_to_all(
        request,
        stations,
        kind=CommandKind.CHANGE_AVAILABILITY,
        params=data,
        waits=AVAILABILITY_WAITS,
    )


RESET = BulkAction(
    name="reset",
    title=_("Reset"),
    explanation=_(
        "The stations restart. One that is offline restarts if it comes back within 15 minutes."
    ),
    permission="stations.add_command",
    form=ResetForm,
    apply=_reset,
    scope=serviceable,
)
CHANGE_AVAILABILITY = BulkAction(
    name="change_availability",
    title=_("Set availability"),
    explanation=_(
        "Holds until the opposite is set or the next status window begins or ends. A running"
        " session goes on; the change applies when it ends. Offline stations get it when they"
        " come back within 24 hours."
    ),
    permission="stations.add_command",
    form=AvailabilityForm,
    apply=_change_availability,
    scope=serviceable,
)
