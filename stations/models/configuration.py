"""Configuration profiles, and the runs that compare stations with them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.domain.ocpp_version import OcppVersion
from stations.domain.onboarding import Comparison, RunState, Severity, Verdict
from stations.models.audit import audit_trail
from stations.models.choices import choices
from stations.models.station import Station


class ConfigurationProfile(models.Model):
    """How stations of some vendor, model and firmware shall be configured."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    version = models.CharField(_("OCPP version"), max_length=5, choices=choices(OcppVersion))
    vendor = models.CharField(_("vendor"), max_length=255, blank=True)
    model_pattern = models.CharField(_("model pattern"), max_length=255, default="*")
    firmware_pattern = models.CharField(_("firmware pattern"), max_length=255, default="*")
    repairs_drift = models.BooleanField(_("repairs drift by itself"), default=False)

    history = audit_trail()

    class Meta:
        verbose_name = _("configuration profile")
        verbose_name_plural = _("configuration profiles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ConfigurationItem(models.Model):
    """One wanted value: a 1.6 key, or a component and variable of OCPP 2."""

    profile = models.ForeignKey(
        ConfigurationProfile, on_delete=models.CASCADE, related_name="items"
    )
    component = models.CharField(_("component"), max_length=50, blank=True)
    key = models.CharField(_("key or variable"), max_length=50)
    wanted = models.CharField(_("value"), max_length=2500)
    severity = models.CharField(_("severity"), max_length=4, choices=choices(Severity))
    comparison = models.CharField(_("comparison"), max_length=7, choices=choices(Comparison))

    class Meta:
        verbose_name = _("configuration item")
        verbose_name_plural = _("configuration items")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "component", "key"], name="configuration_item_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component}.{self.key}" if self.component else self.key


class ConfigurationRun(models.Model):
    """One comparison of a station with its profile, kept with who, when and every message id."""

    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="configuration_runs"
    )
    profile = models.ForeignKey(ConfigurationProfile, on_delete=models.SET_NULL, null=True)
    state = models.CharField(
        _("state"), max_length=11, choices=choices(RunState), default=RunState.QUEUED
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("configuration run")
        verbose_name_plural = _("configuration runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.station} {self.created_at:%Y-%m-%d %H:%M}"


class ConfigurationFinding(models.Model):
    """What a run found for one item, with the messages that prove it."""

    run = models.ForeignKey(ConfigurationRun, on_delete=models.CASCADE, related_name="findings")
    component = models.CharField(max_length=50, blank=True)
    key = models.CharField(max_length=50)
    wanted = models.CharField(max_length=2500)
    before = models.CharField(max_length=2500, blank=True)
    after = models.CharField(max_length=2500, blank=True)
    severity = models.CharField(max_length=4, choices=choices(Severity))
    verdict = models.CharField(max_length=20, choices=choices(Verdict))
    message_ids = models.JSONField(default=list)

    class Meta:
        verbose_name = _("configuration finding")
        verbose_name_plural = _("configuration findings")

    def __str__(self) -> str:
        return f"{self.key}: {self.verdict}"
