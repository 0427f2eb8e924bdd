"""The form of a row that belongs to an operator, and perhaps to one of its accounts."""

from typing import Any

from django import forms

from stations.services.ownership import ownership_errors


class OwnedForm(forms.ModelForm[Any]):
    """Refuses the account of another operator, and another operator for what is in use."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        kept = self.instance.operator if self.instance.pk else None
        operator = data.get("operator") or kept
        errors = ownership_errors(self.instance, operator=operator, account=data.get("account"))
        for name, error in errors.items():
            self.add_error(name if name in self.fields else None, error)
        return data
