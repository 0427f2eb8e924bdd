"""Charging sessions and what was metered during them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.domain.words import AuthorizationStatus, ChargingState, SessionState
from sessions.models.token import Token
from sessions.querysets import ChargingSessionQuerySet, MeterValueQuerySet
from stations.models import Connector, Evse, Station
from stations.models.choices import choices
from stations.rows.ids import new_row_id


class ChargingSession(models.Model):
    """One session, whatever the OCPP version; the id is the transaction id of OCPP 1.6.

    `start_key` names the start within the station, so that a repeated start finds its session:
    the transaction id of OCPP 2, and connector, token, time and meter of OCPP 1.6.
    """

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("station")
    )
    evse = models.ForeignKey(
        Evse,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("EVSE"),
    )
    connector = models.ForeignKey(
        Connector,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("connector"),
    )
    start_key = models.CharField(max_length=128, editable=False)
    token = models.ForeignKey(
        Token,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("token"),
    )
    token_uid = models.CharField(_("token as sent"), max_length=36, blank=True)
    authorization = models.CharField(
        _("authorization"), max_length=12, choices=choices(AuthorizationStatus), blank=True
    )
    authorization_reason = models.CharField(_("reason"), max_length=255, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=choices(SessionState), default=SessionState.ACTIVE
    )
    charging_state = models.CharField(
        _("charging state"), max_length=16, choices=choices(ChargingState), blank=True
    )
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    start_meter_wh = models.BigIntegerField(_("meter at start"), null=True, blank=True)
    last_meter_wh = models.BigIntegerField(_("last meter reading"), null=True, blank=True)
    last_power_w = models.IntegerField(_("last power"), null=True, blank=True)
    last_message_at = models.DateTimeField(_("last message at"))
    last_seq_no = models.BigIntegerField(null=True, editable=False)
    stop_reason = models.CharField(_("stop reason"), max_length=50, blank=True)
    remote_start_id = models.BigIntegerField(_("remote start ID"), null=True, blank=True)
    flags = models.JSONField(_("flags"), default=list, blank=True)
    received_at = models.DateTimeField(_("received at"))

    objects = ChargingSessionQuerySet.as_manager()

    class Meta:
        db_table = "charging_session"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "start_key"], name="charging_session_start_is_unique"
            ),
        ]
        indexes = [
            models.Index(
                fields=["station"],
                condition=models.Q(ended_at__isnull=True),
                name="charging_session_open",
            ),
            models.Index(fields=["started_at"], name="charging_session_started"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def energy_wh(self) -> int | None:
        """Return the energy in Wh so far, or None while a reading is missing."""
        if self.start_meter_wh is None or self.last_meter_wh is None:
            return None
        return self.last_meter_wh - self.start_meter_wh

    @property
    def is_open(self) -> bool:
        """Say whether the session has not ended."""
        return self.ended_at is None


class MeterValue(models.Model):
    """One reading of a meter at one moment; `samples` keeps every value as it was sent.

    Partitioned by day of `received_at` on PostgreSQL, filled by COPY.
    """

    id = models.BigIntegerField(primary_key=True, default=new_row_id)
    received_at = models.DateTimeField()
    station = models.ForeignKey(
        Station, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    session = models.ForeignKey(
        ChargingSession,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="meter_values",
    )
    ocpp_evse_id = models.PositiveIntegerField(null=True)
    ocpp_connector_id = models.PositiveIntegerField(null=True)
    sampled_at = models.DateTimeField(help_text="by the station's clock")
    context = models.CharField(max_length=50, blank=True)
    energy_wh = models.BigIntegerField(null=True)
    power_w = models.IntegerField(null=True)
    soc_percent = models.SmallIntegerField(null=True)
    samples = models.JSONField()

    objects = MeterValueQuerySet.as_manager()

    class Meta:
        db_table = "charging_meter_value"
        verbose_name = _("meter value")
        verbose_name_plural = _("meter values")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sampled_at:%Y-%m-%d %H:%M:%S} {self.energy_wh} Wh"


class HandledMessage(models.Model):
    """What names a message with meter values that was taken in, so that a repeat is harmless."""

    id = models.BigIntegerField(primary_key=True, default=new_row_id)
    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    key = models.BigIntegerField()

    class Meta:
        db_table = "charging_handled_message"
        constraints = [
            models.UniqueConstraint(fields=["station", "key"], name="handled_message_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.station_id}:{self.key}"
