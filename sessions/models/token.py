"""Tokens: the cards and app keys that drivers charge with."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.domain.words import TokenStatus, TokenType
from sessions.querysets import TokenQuerySet
from stations.domain.hidden import masked_token
from stations.models import Account, Operator
from stations.models.audit import audit_trail
from stations.models.choices import choices


class Token(models.Model):
    """A means to identify a driver; `key` is what stations are compared by."""

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="tokens", verbose_name=_("operator")
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tokens",
        verbose_name=_("account"),
    )
    uid = models.CharField(_("UID"), max_length=36)
    key = models.CharField(max_length=36, unique=True, editable=False)
    type = models.CharField(
        _("type"), max_length=10, choices=choices(TokenType), default=TokenType.RFID
    )
    visual_number = models.CharField(_("visual number"), max_length=64, blank=True)
    group = models.CharField(_("group"), max_length=36, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=choices(TokenStatus), default=TokenStatus.VALID
    )
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = audit_trail()
    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """Return the UID with all but its last four signs hidden."""
        return masked_token(self.uid)

    def is_valid_at(self, now: datetime) -> bool:
        """Say whether `now` lies within the token's validity."""
        starts = self.valid_from is None or self.valid_from <= now
        return starts and (self.valid_to is None or now < self.valid_to)
