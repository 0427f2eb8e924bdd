"""What messages are filtered by, in the list and in the live tail alike."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, MultipleDropdownFilter

from diagnostics.domain.words import Direction, Outcome

FAILED = (Outcome.ERROR, Outcome.TIMED_OUT, Outcome.MALFORMED, Outcome.UNMATCHED)

# The actions that people look for first, of both versions.
ACTIONS = (
    "Authorize",
    "BootNotification",
    "ChangeAvailability",
    "ChangeConfiguration",
    "ClearCache",
    "DataTransfer",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "GetConfiguration",
    "GetVariables",
    "Heartbeat",
    "LogStatusNotification",
    "MeterValues",
    "NotifyEvent",
    "NotifyReport",
    "RemoteStartTransaction",
    "RemoteStopTransaction",
    "RequestStartTransaction",
    "RequestStopTransaction",
    "Reset",
    "SecurityEventNotification",
    "SetVariables",
    "StartTransaction",
    "StatusNotification",
    "StopTransaction",
    "TransactionEvent",
    "TriggerMessage",
    "UnlockConnector",
)


class ActionFilter(MultipleDropdownFilter):
    title = _("action")
    parameter_name = "actions"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(action, action) for action in ACTIONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        actions = request.GET.getlist("actions")
        return queryset.filter(action__in=actions) if any(actions) else queryset


class ErrorsFilter(DropdownFilter):
    title = _("errors")
    parameter_name = "errors"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("only", _("Errors only"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(outcome__in=FAILED) if self.value() else queryset


def wanted(messages: QuerySet[Any], asked: Mapping[str, str]) -> QuerySet[Any]:
    """Narrow messages to what the form of the live tail asks for."""
    if asked.get("station"):
        messages = messages.filter(station__identity=asked["station"])
    if asked.get("direction") in set(Direction):
        messages = messages.filter(direction=asked["direction"])
    if asked.get("action"):
        messages = messages.filter(action=asked["action"])
    if asked.get("errors"):
        messages = messages.filter(outcome__in=FAILED)
    return messages
