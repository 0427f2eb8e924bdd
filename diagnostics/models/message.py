"""The message log: every OCPP CALL in both directions, with its answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diagnostics.domain.words import Direction, Outcome
from stations.models import Station
from stations.models.choices import choices
from stations.querysets import VisibleQuerySet
from stations.rows.ids import new_row_id


class MessageQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account", "station__field_service_account")


class Message(models.Model):
    """One CALL and its answer, or the text of a frame that is no CALL.

    Partitioned by day of `received_at` on PostgreSQL, filled by COPY. Payloads are kept as the
    JSON text they had on the wire, with secrets masked.
    """

    id = models.BigIntegerField(primary_key=True, default=new_row_id)
    received_at = models.DateTimeField(_("received at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    station = models.ForeignKey(
        Station,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="messages",
        verbose_name=_("station"),
    )
    direction = models.CharField(_("direction"), max_length=3, choices=choices(Direction))
    action = models.CharField(_("action"), max_length=50)
    message_id = models.CharField(_("message ID"), max_length=36)
    payload = models.TextField(_("request"))
    answer = models.TextField(_("answer"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=choices(Outcome))
    error_code = models.CharField(_("error code"), max_length=50)
    session_id = models.BigIntegerField(_("session"), null=True)
    connection = models.CharField(_("connection"), max_length=32)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["station", "id"], name="message_station"),
            models.Index(
                fields=["id"],
                condition=models.Q(outcome__in=["error", "timed_out", "malformed", "unmatched"]),
                name="message_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%H:%M:%S} {self.direction} {self.action}"
