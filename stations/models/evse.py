"""EVSEs and their connectors: what drivers plug into."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.domain.connector_type import (
    ConnectorFormat,
    ConnectorStandard,
    PowerType,
    max_power_w,
)
from stations.models.audit import audit_trail
from stations.models.choices import choices
from stations.models.station import Station
from stations.querysets import ConnectorQuerySet, EvseQuerySet


class Evse(models.Model):
    """The part of a station that charges one car at a time."""

    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="evses", verbose_name=_("station")
    )
    number = models.PositiveIntegerField(
        _("number"), help_text=_("The station's own number: OCPP 2 EVSE, or OCPP 1.6 connector.")
    )
    uid = models.UUIDField(_("UID"), default=uuid.uuid4, unique=True, editable=False)
    evse_id = models.CharField(_("EVSE ID"), max_length=48, blank=True)
    evse_id_key = models.CharField(max_length=48, null=True, unique=True, editable=False)
    physical_reference = models.CharField(_("number on the housing"), max_length=16, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = audit_trail()
    objects = EvseQuerySet.as_manager()

    class Meta:
        verbose_name = _("EVSE")
        verbose_name_plural = _("EVSEs")
        ordering = ["station", "number"]
        constraints = [
            models.UniqueConstraint(fields=["station", "number"], name="evse_number_is_unique"),
        ]

    def __str__(self) -> str:
        return self.evse_id or f"{self.station}/{self.number}"


class Connector(models.Model):
    """A socket or cable of an EVSE.

    A station addresses it by (EVSE, connector); OCPP 1.6 connector n is (n, 1), so that a merge of
    two 1.6 connectors into one EVSE changes `evse` and leaves the address alone.
    """

    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="connectors", verbose_name=_("station")
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.CASCADE, related_name="connectors", verbose_name=_("EVSE")
    )
    ocpp_evse_id = models.PositiveIntegerField(_("EVSE number at the station"))
    ocpp_connector_id = models.PositiveIntegerField(_("Connector ID"), default=1)
    standard = models.CharField(
        _("Connector Type / Standard"),
        max_length=30,
        choices=choices(ConnectorStandard),
        default=ConnectorStandard.IEC_62196_T2,
    )
    format = models.CharField(
        _("Format"), max_length=6, choices=choices(ConnectorFormat), default=ConnectorFormat.SOCKET
    )
    power_type = models.CharField(
        _("Power Type"), max_length=20, choices=choices(PowerType), default=PowerType.AC_3_PHASE
    )
    max_voltage_v = models.PositiveIntegerField(
        _("Max Voltage"), default=230, help_text=_("In V; of AC the line to neutral.")
    )
    max_current_a = models.PositiveIntegerField(_("Max Amperage"), default=16, help_text=_("In A."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = audit_trail()
    objects = ConnectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("connector")
        verbose_name_plural = _("connectors")
        ordering = ["ocpp_evse_id", "ocpp_connector_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "ocpp_evse_id", "ocpp_connector_id"],
                name="connector_address_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station}/{self.ocpp_evse_id}/{self.ocpp_connector_id}"

    @property
    def max_power_w(self) -> int:
        """Return the most power in W that the connector gives."""
        return max_power_w(
            PowerType(self.power_type),
            max_voltage_v=self.max_voltage_v,
            max_current_a=self.max_current_a,
        )
