"""Charging stations and what has been set about them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.domain.ocpp_version import OcppVersion
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models.audit import audit_trail
from stations.models.choices import choices
from stations.models.location import Location
from stations.models.operator import Account, Operator
from stations.querysets import StationQuerySet


class Station(models.Model):
    """A charging station, known by the identity it connects with."""

    identity = models.CharField(_("OCPP ID"), max_length=48, unique=True)
    serial_number = models.CharField(_("serial number"), max_length=255, blank=True, db_index=True)
    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="stations", verbose_name=_("operator")
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stations",
        verbose_name=_("account"),
    )
    field_service_account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="serviced_stations",
        verbose_name=_("Field Service Account"),
    )
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stations",
        verbose_name=_("location"),
    )
    vendor = models.CharField(_("vendor"), max_length=255, blank=True)
    model = models.CharField(_("model"), max_length=255, blank=True)
    firmware = models.CharField(_("firmware"), max_length=255, blank=True)
    ocpp_version = models.CharField(
        _("OCPP version"), max_length=5, choices=choices(OcppVersion), blank=True
    )
    iccid = models.CharField(_("SIM card (ICCID)"), max_length=255, blank=True)
    imsi = models.CharField(_("IMSI"), max_length=255, blank=True)
    meter_serial_number = models.CharField(_("meter serial number"), max_length=255, blank=True)
    meter_type = models.CharField(_("meter type"), max_length=255, blank=True)
    registration = models.CharField(
        _("registration"),
        max_length=8,
        choices=choices(RegistrationStatus),
        default=RegistrationStatus.ACCEPTED,
        help_text=_("How the station's BootNotification is answered."),
    )
    setup_state = models.CharField(
        _("set-up"), max_length=20, choices=choices(SetupState), default=SetupState.SETUP
    )
    is_disabled = models.BooleanField(
        _("Disable this charge point (no charging, no billing)"), default=False
    )
    password_digest = models.CharField(max_length=64, blank=True, editable=False)
    next_password_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = audit_trail(excluded_fields=["password_digest", "next_password_digest"])
    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("charging station")
        verbose_name_plural = _("charging stations")
        ordering = ["identity"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(identity__regex=r"^[A-Za-z0-9*_=+|@.-]{1,48}$"),
                name="station_identity_is_well_formed",
            ),
        ]

    def __str__(self) -> str:
        return self.identity

    @property
    def has_password(self) -> bool:
        """Say whether the station must authenticate (security profile 1 or 2)."""
        return bool(self.password_digest)
