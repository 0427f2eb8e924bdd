"""A form for each kind of command, in the neutral words of the API."""

from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from stations.domain.command import CommandKind
from stations.domain.command_words import Availability, ResetType, TriggeredMessage
from stations.models import Evse, Station


def _text(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=UnfoldAdminTextInputWidget, **options)


def _choice(label: Any, words: type[StrEnum]) -> forms.ChoiceField:
    choices = [(word.value, word.value) for word in words]
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget)


class CommandForm(forms.Form):
    """The base: what it reads becomes the command's parameters; empty ones are left out."""

    has_evse = False
    evse_is_required = False

    def __init__(self, data: Any = None, *, station: Station) -> None:
        super().__init__(data, auto_id=f"{self.__class__.__name__}_%s")
        if self.has_evse:
            self.fields["evse"] = forms.ModelChoiceField(
                label=_("EVSE"),
                queryset=Evse.objects.filter(station=station, retired_at=None),
                required=self.evse_is_required,
                empty_label=None if self.evse_is_required else _("Whole station"),
                widget=UnfoldAdminSelectWidget,
            )

    @property
    def evse(self) -> Evse | None:
        evse: Evse | None = self.cleaned_data.get("evse")
        return evse

    def params(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "evse" and value not in ("", None, [])
        }


class ResetForm(CommandForm):
    type = _choice(_("Type"), ResetType)


class AvailabilityForm(CommandForm):
    has_evse = True
    availability = _choice(_("Availability"), Availability)


class TriggerForm(CommandForm):
    has_evse = True
    message = _choice(_("Message"), TriggeredMessage)


class ConfigurationReadForm(CommandForm):
    keys = _text(
        _("Keys"),
        required=False,
        help_text=_("Separated by commas; empty: all. OCPP 2: Component.Variable."),
    )

    def clean_keys(self) -> list[str]:
        return [key.strip() for key in self.cleaned_data["keys"].split(",") if key.strip()]


class ConfigurationChangeForm(CommandForm):
    key = _text(_("Key"), help_text=_("OCPP 2: Component.Variable."))
    value = _text(_("Value"), max_length=2500)


class RemoteStartForm(CommandForm):
    has_evse = True
    token = _text(_("Token"), max_length=36)


class RemoteStopForm(CommandForm):
    transaction_id = _text(
        _("Transaction ID"),
        max_length=36,
        help_text=_("As the station knows it; in OCPP 1.6 the number of the session."),
    )


class UnlockForm(CommandForm):
    has_evse = True
    evse_is_required = True


class DataTransferForm(CommandForm):
    vendor_id = _text(_("Vendor ID"), max_length=255)
    message_id = _text(_("Message ID"), max_length=50, required=False)

    def __init__(self, data: Any = None, *, station: Station) -> None:
        super().__init__(data, station=station)
        self.fields["data"] = forms.CharField(
            label=_("Data"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
        )


class RawForm(CommandForm):
    action = _text(_("OCPP action"), max_length=50)
    payload = forms.JSONField(
        label=_("Payload (JSON)"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), initial=dict
    )


FORMS: dict[CommandKind, type[CommandForm]] = {
    CommandKind.RESET: ResetForm,
    CommandKind.CHANGE_AVAILABILITY: AvailabilityForm,
    CommandKind.TRIGGER_MESSAGE: TriggerForm,
    CommandKind.GET_CONFIGURATION: ConfigurationReadForm,
    CommandKind.CHANGE_CONFIGURATION: ConfigurationChangeForm,
    CommandKind.REMOTE_START: RemoteStartForm,
    CommandKind.REMOTE_STOP: RemoteStopForm,
    CommandKind.UNLOCK_CONNECTOR: UnlockForm,
    CommandKind.CLEAR_CACHE: CommandForm,
    CommandKind.DATA_TRANSFER: DataTransferForm,
    CommandKind.RAW: RawForm,
}
TITLES = {
    CommandKind.RESET: _("Reset"),
    CommandKind.CHANGE_AVAILABILITY: _("Change availability"),
    CommandKind.TRIGGER_MESSAGE: _("Trigger message"),
    CommandKind.GET_CONFIGURATION: _("Get configuration"),
    CommandKind.CHANGE_CONFIGURATION: _("Change configuration"),
    CommandKind.REMOTE_START: _("Remote start"),
    CommandKind.REMOTE_STOP: _("Remote stop"),
    CommandKind.UNLOCK_CONNECTOR: _("Unlock connector"),
    CommandKind.CLEAR_CACHE: _("Clear cache"),
    CommandKind.DATA_TRANSFER: _("Data transfer"),
    CommandKind.RAW: _("Any OCPP call"),
}
