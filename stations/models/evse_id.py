"""EVSE ID pools: IDs are made in batches, printed, assigned, and never used twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.domain.onboarding import EvseIdState
from stations.models.audit import audit_trail
from stations.models.choices import choices
from stations.models.evse import Connector
from stations.models.operator import Operator


class EvseIdPool(models.Model):
    """A running number of EVSE IDs under one prefix of an operator."""

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="evse_id_pools", verbose_name=_("operator")
    )
    prefix = models.CharField(_("prefix"), max_length=29, blank=True)
    width = models.PositiveSmallIntegerField(_("digits"), default=6)
    next_number = models.PositiveBigIntegerField(_("next number"), default=1)

    history = audit_trail()

    class Meta:
        verbose_name = _("EVSE ID pool")
        verbose_name_plural = _("EVSE ID pools")
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "prefix"], name="evse_id_pool_prefix_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator.country_code}*{self.operator.party_id}*E{self.prefix}"


class PooledEvseId(models.Model):
    """One EVSE ID of a pool and what became of it."""

    pool = models.ForeignKey(EvseIdPool, on_delete=models.PROTECT, related_name="evse_ids")
    evse_id = models.CharField(_("EVSE ID"), max_length=48)
    key = models.CharField(max_length=48, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=choices(EvseIdState), default=EvseIdState.FREE
    )
    connector = models.ForeignKey(
        Connector, on_delete=models.SET_NULL, null=True, blank=True, related_name="pooled_ids"
    )

    class Meta:
        verbose_name = _("pooled EVSE ID")
        verbose_name_plural = _("pooled EVSE IDs")
        indexes = [models.Index(fields=["pool", "state", "id"], name="evse_id_pool_state")]

    def __str__(self) -> str:
        return self.evse_id
