"""Forms that set windows: rows of the Status Scheduling tab, and one window by itself."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from scheduling.domain.statuses import SENSOR_STATUSES, WindowStatus
from scheduling.models import StatusWindow
from scheduling.services.window_rules import WindowRefused
from stations.templatetags.status_badges import status_label

# The tab offers these first; blocked and reserved come from sensors and booking systems.
_SCHEDULE_ORDER = (
    WindowStatus.AVAILABLE,
    WindowStatus.OUT_OF_ORDER,
    WindowStatus.MAINTENANCE,
    WindowStatus.COMMISSIONING,
    WindowStatus.OUT_OF_SERVICE,
    WindowStatus.FAULTED,
    WindowStatus.OCCUPIED,
)
_TEMPORARY_ORDER = (
    WindowStatus.MAINTENANCE,
    WindowStatus.COMMISSIONING,
    WindowStatus.OUT_OF_SERVICE,
    WindowStatus.OUT_OF_ORDER,
    WindowStatus.FAULTED,
    WindowStatus.OCCUPIED,
    WindowStatus.AVAILABLE,
)


# The words that a select has for a setting that may be left to the operator.
_YES_OR_NO = {"True": True, "False": False}
_OUT_OF_SERVICE = [
    ("", _("As the operator's setting says")),
    ("True", _("Yes")),
    ("False", _("No")),
]


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a date and a time to the minute."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%dT%H:%M")


class WindowForm(forms.Form):
    """One window; without a start it begins now, without an end it stays until removed."""

    starts_at = forms.DateTimeField(
        label=_("From"), required=False, widget=MomentInput, help_text=_("Empty: now.")
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=MomentInput,
        help_text=_("Empty: until it is removed."),
    )
    status = forms.ChoiceField(label=_("Status"), widget=UnfoldAdminSelectWidget)
    message = forms.CharField(
        label=_("Message (Optional)"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
    )
    takes_out_of_service = forms.TypedChoiceField(
        label=_("Takes out of service"),
        required=False,
        choices=_OUT_OF_SERVICE,
        coerce=_YES_OR_NO.get,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Whether the station refuses sessions meanwhile."),
    )
    order: tuple[WindowStatus, ...] = _SCHEDULE_ORDER
    conflicts: Sequence[StatusWindow] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.initial.get("status") or self.data.get(self.add_prefix("status"))
        sensor = tuple(status for status in SENSOR_STATUSES if status == current)
        status_field = cast(forms.ChoiceField, self.fields["status"])
        status_field.choices = [(each.value, status_label(each)) for each in self.order + sensor]

    def add_refusal(self, refusal: WindowRefused) -> None:
        """Show why the window was refused, on its fields where they are meant."""
        for name, errors in refusal.message_dict.items():
            is_shown = name in self.fields and not self.fields[name].widget.is_hidden
            self.add_error(name if is_shown else None, errors)
        self.conflicts = refusal.conflicts


class ScheduleRow(WindowForm):
    """A row of the tab: a new window, or one that stands, by its id."""

    window = forms.IntegerField(required=False, widget=forms.HiddenInput)
    remove = forms.BooleanField(label=_("Remove"), required=False)


class TemporaryStatusForm(WindowForm):
    """The status of one EVSE from now until it is removed, or until a time."""

    order = _TEMPORARY_ORDER

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["starts_at"]


class StatusForm(WindowForm):
    """A status from now until it is removed."""

    order = (
        WindowStatus.AVAILABLE,
        WindowStatus.OCCUPIED,
        WindowStatus.OUT_OF_SERVICE,
        WindowStatus.MAINTENANCE,
        WindowStatus.FAULTED,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["starts_at"], self.fields["ends_at"]


ScheduleFormSet = forms.formset_factory(ScheduleRow, extra=0)
