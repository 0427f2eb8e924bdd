"""One row of the Connectors tab: a connector, and its EVSE's ID."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from stations.domain.identity import is_evse_id
from stations.models import Connector
from stations.services.equipment import save_connector, save_evse

EVSE_ID_HELP = _("Country * operator * E and up to 30 of A-Z 0-9 *, such as NL*CHD*E000123.")


class ConnectorForm(forms.ModelForm[Connector]):
    evse_id = forms.CharField(
        label=_("EVSE ID"), required=False, max_length=48, widget=UnfoldAdminTextInputWidget
    )
    physical_reference = forms.CharField(
        label=_("Number on the housing"),
        required=False,
        max_length=16,
        widget=UnfoldAdminTextInputWidget,
    )

    field_order = ["evse_id", "physical_reference"]

    class Meta:
        model = Connector
        fields = ["standard", "format", "power_type", "max_voltage_v", "max_current_a"]
        widgets = {
            "standard": UnfoldAdminSelectWidget,
            "format": UnfoldAdminSelectWidget,
            "power_type": UnfoldAdminSelectWidget,
            "max_voltage_v": UnfoldAdminIntegerFieldWidget,
            "max_current_a": UnfoldAdminIntegerFieldWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evse_id"].initial = self.instance.evse.evse_id
        self.fields["physical_reference"].initial = self.instance.evse.physical_reference

    def clean_evse_id(self) -> str:
        evse_id = str(self.cleaned_data["evse_id"]).strip().upper()
        if evse_id and not is_evse_id(evse_id):
            raise forms.ValidationError(EVSE_ID_HELP)
        return evse_id

    def apply(self) -> None:
        """Write the connector and its EVSE; raises ValidationError by field."""
        values = dict(self.cleaned_data)
        values.pop("id", None)
        evse_id, reference = values.pop("evse_id"), values.pop("physical_reference")
        save_evse(self.instance.evse, evse_id=evse_id, physical_reference=reference)
        save_connector(self.instance, **values)
