"""EVSEs and connectors as people set them, often before the station has shown them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.domain.identity import evse_id_key
from stations.models import Connector, Evse, Station
from stations.signals import stations_changed


@transaction.atomic
def save_evse(evse: Evse, **values: Any) -> Evse:
    """Write an EVSE with `values`; raises ValidationError when its EVSE ID or number is taken."""
    for name, value in values.items():
        setattr(evse, name, value)
    evse.evse_id_key = evse_id_key(evse.evse_id) if evse.evse_id else None
    others = Evse.objects.exclude(pk=evse.pk)
    if evse.evse_id_key and others.filter(evse_id_key=evse.evse_id_key).exists():
        text = _("The EVSE ID %(evse_id)s is in use or was used.") % {"evse_id": evse.evse_id}
        raise ValidationError({"evse_id": text})
    if others.filter(station=evse.station, number=evse.number).exists():
        text = _("%(station)s has an EVSE %(number)d already.")
        raise ValidationError({"number": text % {"station": evse.station, "number": evse.number}})
    evse.save()
    _announce(evse.station)
    return evse


@transaction.atomic
def retire_evse(evse: Evse) -> None:
    """Take an EVSE out of publication for good; its history stays."""
    if evse.retired_at is None:
        evse.retired_at = timezone.now()
        evse.save(update_fields=["retired_at", "updated_at"])
        _announce(evse.station)


@transaction.atomic
def save_connector(connector: Connector, **values: Any) -> Connector:
    """Write a connector with `values`; raises ValidationError when its address is taken."""
    for name, value in values.items():
        setattr(connector, name, value)
    connector.station = connector.evse.station
    address = (connector.ocpp_evse_id, connector.ocpp_connector_id)
    others = connector.station.connectors.exclude(pk=connector.pk)
    if others.filter(ocpp_evse_id=address[0], ocpp_connector_id=address[1]).exists():
        text = _("%(station)s has a connector %(address)s already.")
        names = {"station": connector.station, "address": f"{address[0]}/{address[1]}"}
        raise ValidationError({"ocpp_connector_id": text % names})
    connector.save()
    _announce(connector.station)
    return connector


@transaction.atomic
def remove_connector(connector: Connector) -> None:
    """Delete a connector; one that its station reports again comes back."""
    connector.delete()
    _announce(connector.station)


def _announce(station: Station) -> None:
    stations_changed.send(sender=Station, station_ids=[station.pk])
