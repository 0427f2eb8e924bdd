"""Commands to stations: the row is the truth, the socket only carries it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.domain.command import SETTLED_STATES, CommandKind, CommandSource, CommandState
from stations.models.choices import choices
from stations.models.evse import Evse
from stations.models.station import Station
from stations.querysets import CommandQuerySet


class Command(models.Model):
    """Something a station was asked to do, its answer, and whether the effect was seen."""

    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, related_name="commands", verbose_name=_("station")
    )
    evse = models.ForeignKey(
        Evse,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="commands",
        verbose_name=_("EVSE"),
    )
    kind = models.CharField(_("command"), max_length=40, choices=choices(CommandKind))
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    secret_params = models.TextField(blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=choices(CommandState), default=CommandState.QUEUED
    )
    source = models.CharField(_("source"), max_length=15, choices=choices(CommandSource))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    message_id = models.CharField(_("message ID"), max_length=36, blank=True)
    action = models.CharField(_("OCPP action"), max_length=50, blank=True)
    answer = models.JSONField(_("answer"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=50, blank=True)
    error = models.CharField(_("error"), max_length=255, blank=True)
    timeout_s = models.PositiveIntegerField(_("time-out in s"), default=30)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    effect_seen_at = models.DateTimeField(_("effect seen at"), null=True, blank=True)

    objects = CommandQuerySet.as_manager()

    class Meta:
        verbose_name = _("command")
        verbose_name_plural = _("commands")
        ordering = ["-id"]
        permissions = [("send_raw_command", "Can send any OCPP CALL as it is")]
        indexes = [
            models.Index(
                fields=["station"],
                condition=models.Q(state="queued"),
                name="command_queued",
            ),
            models.Index(
                fields=["station"],
                condition=models.Q(
                    effect_seen_at__isnull=True,
                    state__in=["sent", "accepted", "timed_out"],
                    kind__in=["reset", "change_availability", "remote_start", "remote_stop"],
                ),
                name="command_effect_awaited",
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["queued", "sent"]),
                name="command_unsettled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["station"],
                condition=models.Q(state="sent"),
                name="command_one_in_flight_per_station",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.station}"

    @property
    def is_settled(self) -> bool:
        """Say whether the command has come to its end."""
        return CommandState(self.state) in SETTLED_STATES
