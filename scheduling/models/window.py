"""Status windows: what people and integrators say a status shall be, and when."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scheduling.domain.statuses import TargetKind, WindowSource, WindowStatus
from scheduling.querysets import StatusWindowQuerySet, WindowOccurrenceQuerySet
from stations.models import Account, Evse, Location, Operator, Station
from stations.models.audit import audit_trail
from stations.models.choices import choices


def _exactly_one_target() -> Q:
    """Return the condition that exactly one of location, station and EVSE is set."""
    names = ("location", "station", "evse")
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition


class StatusWindow(models.Model):
    """A status set by hand, by schedule or by API on a location, a station or an EVSE.

    `operator`, `account` and `field_service_account` repeat those of the target, so that scopes
    are one filter.
    """

    operator = models.ForeignKey(
        Operator, on_delete=models.CASCADE, related_name="+", editable=False
    )
    account = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    field_service_account = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    location = models.ForeignKey(
        Location,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="status_windows",
        verbose_name=_("location"),
    )
    station = models.ForeignKey(
        Station,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="status_windows",
        verbose_name=_("station"),
    )
    evse = models.ForeignKey(
        Evse,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="status_windows",
        verbose_name=_("EVSE"),
    )
    status = models.CharField(_("Status"), max_length=20, choices=choices(WindowStatus))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(
        _("ends at"), null=True, blank=True, help_text=_("Empty: until it is removed.")
    )
    message = models.CharField(_("Message (Optional)"), max_length=500, blank=True)
    takes_out_of_service = models.BooleanField(
        _("takes out of service"),
        null=True,
        blank=True,
        help_text=_("The station refuses sessions; empty: as the operator's setting says."),
    )
    recurrence = models.CharField(_("recurrence"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=choices(WindowSource))
    external_reference = models.CharField(_("external reference"), max_length=100, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(_("ended by hand at"), null=True, blank=True)

    history = audit_trail()
    objects = StatusWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("status window")
        verbose_name_plural = _("status windows")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one_target(), name="status_window_has_one_target"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="status_window_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.target}"

    @property
    def target(self) -> Location | Station | Evse:
        """Return the location, station or EVSE that the window is set on."""
        found = self.location or self.station or self.evse
        if found is None:
            raise ValueError("a status window has exactly one target")
        return found

    @property
    def target_kind(self) -> TargetKind:
        """Return which kind of thing the window is set on."""
        if self.location_id is not None:
            return TargetKind.LOCATION
        return TargetKind.STATION if self.station_id is not None else TargetKind.EVSE

    def is_active(self, now: datetime) -> bool:
        """Say whether the window is in force at `now`."""
        return self.starts_at <= now and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        """Say whether the window lies in the past."""
        return self.ends_at is not None and self.ends_at <= now


class WindowOccurrence(models.Model):
    """One stretch of time in which a window is in force; it repeats what readers need of it.

    `start_applied_at` and `end_applied_at` are empty until the boundary has taken effect: the rows
    are the queue of boundaries.
    """

    window = models.ForeignKey(StatusWindow, on_delete=models.CASCADE, related_name="occurrences")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, null=True, related_name="+")
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, null=True, related_name="+")
    status = models.CharField(max_length=20, choices=choices(WindowStatus))
    takes_out_of_service = models.BooleanField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    start_applied_at = models.DateTimeField(null=True)
    end_applied_at = models.DateTimeField(null=True)

    objects = WindowOccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["window", "starts_at"], name="window_occurrence_start_is_unique"
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[target],
                    condition=Q(end_applied_at__isnull=True),
                    name=f"occurrence_open_of_{target}",
                )
                for target in ("location", "station", "evse")
            ),
            models.Index(
                fields=["starts_at"],
                condition=Q(start_applied_at__isnull=True),
                name="occurrence_start_due",
            ),
            models.Index(
                fields=["ends_at"],
                condition=Q(end_applied_at__isnull=True),
                name="occurrence_end_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id}: {self.starts_at:%Y-%m-%d %H:%M}"
