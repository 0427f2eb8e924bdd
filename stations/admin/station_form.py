"""The form of a station's settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from stations.domain.identity import is_station_identity
from stations.models import Station
from stations.services.credentials import MAX_LENGTH, MIN_LENGTH
from stations.services.stations import SAME_OPERATOR


class StationForm(forms.ModelForm[Station]):
    """A station's settings; its password is written, never shown."""

    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        min_length=MIN_LENGTH,
        max_length=MAX_LENGTH,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("HTTP Basic password that the station must send. Empty: it stays as it is."),
    )

    class Meta:
        model = Station
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets name them

    def clean_identity(self) -> str:
        identity: str = self.cleaned_data["identity"]
        if not is_station_identity(identity):
            raise forms.ValidationError(_("Use 1 to 48 of the signs A-Z a-z 0-9 * - _ = + | @ ."))
        return identity

    def clean(self) -> dict[str, Any]:
        operator = self.cleaned_data.get("operator")
        for name in SAME_OPERATOR:
            row = self.cleaned_data.get(name)
            if row is not None and operator is not None and row.operator_id != operator.pk:
                self.add_error(name, _("This belongs to another operator than the station."))
        return self.cleaned_data

    def password(self) -> str | None:
        """Return the new password, or None to leave it."""
        return self.cleaned_data.get("new_password") or None

    def values(self) -> dict[str, Any]:
        """Return everything that the form says of the station."""
        return {name: each for name, each in self.cleaned_data.items() if name != "new_password"}

    def changed_values(self) -> dict[str, Any]:
        """Return what the user changed; the rest is left to the station, which writes it too."""
        return {name: each for name, each in self.values().items() if name in self.changed_data}
