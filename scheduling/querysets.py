"""Chainable filters of windows, occurrences and published statuses."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from scheduling.domain.statuses import WindowStatus
from stations.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from stations.models import User

# What technicians may say of the stations that they service.
SERVICE_STATUSES = frozenset({WindowStatus.MAINTENANCE, WindowStatus.COMMISSIONING})


class StatusWindowQuerySet(VisibleQuerySet):
    account_paths = ("account", "field_service_account")
    owner_path = "account"
    service_path = "field_service_account"

    def changeable_by(self, user: "User") -> Self:
        """Return the windows that `user` may change; technicians change those of their work."""
        windows = super().changeable_by(user)
        return windows | self.serviceable_by(user).filter(status__in=SERVICE_STATUSES)

    def current(self, now: datetime) -> Self:
        """Return the windows that are in force at `now`."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


class WindowOccurrenceQuerySet(VisibleQuerySet):
    operator_path = "window__operator"

    def current(self, now: datetime) -> Self:
        """Return the occurrences that are in force at `now`."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)

    def not_over(self, now: datetime) -> Self:
        """Return the occurrences that are in force at `now` or later."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


class PublishedStatusQuerySet(VisibleQuerySet):
    operator_path = "evse__station__operator"
    account_paths = ("evse__station__account", "evse__station__field_service_account")


class StatusLedgerQuerySet(VisibleQuerySet):
    operator_path = "evse__station__operator"
    account_paths = ("evse__station__account", "evse__station__field_service_account")
