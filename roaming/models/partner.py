"""Roaming partners and what they must be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from roaming.domain.words import DeliveryState, PartnerState, Protocol, TokenEncoding
from stations.models import Evse, Operator
from stations.models.audit import audit_trail
from stations.models.choices import choices
from stations.querysets import VisibleQuerySet


class Partner(models.Model):
    """A platform that shows our EVSEs to its drivers.

    Tokens: those that the partner sends to us are kept as SHA-256 (`inbound_digest`), the one
    that we send to it is kept encrypted (`outbound_secret`).
    """

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="partners", verbose_name=_("operator")
    )
    name = models.CharField(_("name"), max_length=100)
    protocol = models.CharField(
        _("protocol"), max_length=4, choices=choices(Protocol), default=Protocol.OCPI
    )
    state = models.CharField(
        _("state"), max_length=10, choices=choices(PartnerState), default=PartnerState.PENDING
    )
    version = models.CharField(_("version"), max_length=10, blank=True)
    versions_url = models.URLField(_("versions URL"), blank=True)
    country_code = models.CharField(_("country code"), max_length=2, blank=True)
    party_id = models.CharField(_("party ID"), max_length=3, blank=True)
    roles = models.JSONField(_("roles"), default=list, blank=True)
    endpoints = models.JSONField(_("endpoints"), default=list, blank=True)
    token_encoding = models.CharField(
        _("token encoding"),
        max_length=6,
        choices=choices(TokenEncoding),
        default=TokenEncoding.AUTO,
    )
    is_pushed = models.BooleanField(_("status is pushed"), default=True)
    inbound_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    registration_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    outbound_secret = models.TextField(blank=True, editable=False)
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    last_contact_at = models.DateTimeField(_("last contact at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = audit_trail(
        excluded_fields=["inbound_digest", "registration_digest", "outbound_secret"]
    )
    objects = VisibleQuerySet.as_manager()

    # Not stored: whether the row was told of changes before it was saved.
    was_pushed = False

    class Meta:
        verbose_name = _("roaming partner")
        verbose_name_plural = _("roaming partners")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(VisibleQuerySet):
    operator_path = "partner__operator"


class Delivery(models.Model):
    """One status of one EVSE that one partner must be told; the rows are the outbox."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("partner")
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("EVSE")
    )
    status = models.CharField(_("status"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=choices(DeliveryState), default=DeliveryState.PENDING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created at"))
    published_at = models.DateTimeField(_("published at"))
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    http_status = models.PositiveIntegerField(_("HTTP status"), null=True, blank=True)
    ocpi_status = models.PositiveIntegerField(_("OCPI status"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["partner", "due_at"],
                condition=models.Q(state="pending"),
                name="delivery_due",
            ),
            models.Index(
                fields=["partner"], condition=models.Q(state="dead"), name="delivery_dead"
            ),
            models.Index(fields=["evse", "partner", "id"], name="delivery_of_evse"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.evse} {self.status} ({self.state})"
