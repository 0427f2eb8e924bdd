"""The Connectors tab of a station: what drivers plug into."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import modelformset_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from stations.admin.connector_forms import ConnectorForm
from stations.models import Connector

if TYPE_CHECKING:
    from stations.admin.tabs import ObjectPage

ConnectorFormSet = modelformset_factory(Connector, form=ConnectorForm, extra=0)


def connectors_tab(page: "ObjectPage") -> HttpResponse:
    """Show the connectors, and save them all or none."""
    rows = Connector.objects.filter(station=page.obj).select_related("evse__station", "state")
    is_permitted = page.request.user.has_perm("stations.change_connector")
    may_change = is_permitted and page.admin.may_change(page.request, page.obj)
    is_post = page.request.method == "POST" and may_change
    formset = ConnectorFormSet(page.request.POST if is_post else None, queryset=rows)
    if is_post and formset.is_valid() and _is_saved(formset):
        messages.success(page.request, _("The connectors were saved."))
        return HttpResponseRedirect(page.request.path)
    return page.render(
        "admin/stations/_connectors.html", {"formset": formset, "may_change": may_change}
    )


def _is_saved(formset: Any) -> bool:
    """Write the changed forms in one transaction; a refusal is shown on its form."""
    try:
        with transaction.atomic():
            for form in formset.forms:
                if form.has_changed():
                    _apply(form)
    except ValidationError:
        return False
    return True


def _apply(form: ConnectorForm) -> None:
    try:
        form.apply()
    except ValidationError as refusal:
        for name, errors in refusal.message_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        raise
