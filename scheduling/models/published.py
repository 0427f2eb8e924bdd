"""What drivers are told about an EVSE, what its availability shall be, and what it was when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.domain.statuses import (
    Availability,
    AvailabilityOutcome,
    Cause,
    PublicStatus,
)
from scheduling.models.window import StatusWindow
from scheduling.querysets import PublishedStatusQuerySet, StatusLedgerQuerySet
from stations.domain.reported_status import ReportedStatus
from stations.models import Command, Evse
from stations.models.choices import choices
from stations.rows.ids import new_row_id


class PublishedStatus(models.Model):
    """The live row of an EVSE: the five facts of the ledger as they are now.

    `next_change_at` is when time alone changes them (an outage outlasts its grace).
    `schedule_changed_at` is when a window that concerns it was last set, changed or removed.
    `is_announced` is False until roaming has taken note of the last change: the row is the queue.
    """

    evse = models.OneToOneField(
        Evse, on_delete=models.CASCADE, primary_key=True, related_name="published"
    )
    reported = models.CharField(max_length=20, choices=choices(ReportedStatus), blank=True)
    is_online = models.BooleanField(default=False)
    window = models.ForeignKey(StatusWindow, on_delete=models.SET_NULL, null=True, related_name="+")
    desired = models.CharField(
        max_length=11, choices=choices(Availability), default=Availability.OPERATIVE
    )
    manual = models.CharField(
        max_length=11,
        choices=choices(Availability),
        blank=True,
        help_text="availability set by hand, until its opposite or the next boundary",
    )
    status = models.CharField(
        max_length=20, choices=choices(PublicStatus), default=PublicStatus.UNKNOWN, db_index=True
    )
    cause = models.CharField(max_length=20, choices=choices(Cause), blank=True)
    published_at = models.DateTimeField()
    next_change_at = models.DateTimeField(null=True)
    schedule_changed_at = models.DateTimeField(null=True)
    is_announced = models.BooleanField(default=False)

    objects = PublishedStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("published status")
        verbose_name_plural = _("published statuses")
        indexes = [
            models.Index(
                fields=["next_change_at"],
                condition=models.Q(next_change_at__isnull=False),
                name="published_next_change",
            ),
            models.Index(
                fields=["evse"],
                condition=models.Q(is_announced=False),
                name="published_not_announced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evse}: {self.status}"


class EvseAvailability(models.Model):
    """How far the station follows the desired availability; due rows have `due_at`."""

    evse = models.OneToOneField(
        Evse, on_delete=models.CASCADE, primary_key=True, related_name="availability"
    )
    desired = models.CharField(
        max_length=11, choices=choices(Availability), default=Availability.OPERATIVE
    )
    confirmed = models.CharField(
        max_length=11,
        choices=choices(Availability),
        default=Availability.OPERATIVE,
        help_text="what the station last accepted",
    )
    outcome = models.CharField(max_length=10, choices=choices(AvailabilityOutcome), blank=True)
    outcome_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, help_text="when the reconciler must look again")
    command = models.ForeignKey(Command, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="availability_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evse}: {self.desired} ({self.outcome or 'settled'})"


class StatusLedger(models.Model):
    """One row for every change of what was reported, online, planned, desired or published.

    Partitioned by month of `at` on PostgreSQL, filled by COPY, never changed.
    """

    id = models.BigIntegerField(primary_key=True, default=new_row_id)
    at = models.DateTimeField()
    evse = models.ForeignKey(
        Evse,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="ledger",
    )
    reported = models.CharField(max_length=20, blank=True)
    is_online = models.BooleanField()
    window = models.ForeignKey(
        StatusWindow,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    desired = models.CharField(max_length=11)
    status = models.CharField(max_length=20)
    cause = models.CharField(max_length=20, blank=True)

    objects = StatusLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("status ledger")
        ordering = ["id"]
        indexes = [models.Index(fields=["evse", "at"], name="ledger_evse_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.evse_id} {self.status}"
