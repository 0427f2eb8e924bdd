"""Chainable filters of sessions and tokens."""

from typing import Self

from sessions.domain.words import SessionState
from stations.querysets import VisibleQuerySet


class ChargingSessionQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account",)

    def running(self) -> Self:
        """Return the sessions that have not ended."""
        return self.filter(ended_at__isnull=True, state=SessionState.ACTIVE)


class TokenQuerySet(VisibleQuerySet):
    account_paths = ("account",)


class MeterValueQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account",)
