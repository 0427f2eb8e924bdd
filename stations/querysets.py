"""Chainable filters; `visible_to(user)` says what a user may see, for every door alike."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from stations.models.user import User


class VisibleQuerySet(models.QuerySet[Any]):
    """Rows that belong to an operator, and perhaps to accounts.

    `operator_path` leads to the operator, `account_paths` to accounts whose members see the row.
    """

    operator_path = "operator"
    account_paths: tuple[str, ...] = ()

    def visible_to(self, user: "User") -> Self:
        """Return the rows that `user` may see; one query, with the memberships as subqueries."""
        if not user.is_active:
            return self.none()
        if user.is_superuser or user.sees_all_operators:
            return self.all()
        operators = user.memberships.filter(operator__isnull=False).values("operator")
        scope = Q(**{f"{self.operator_path}__in": operators})
        accounts = user.memberships.filter(account__isnull=False).values("account")
        for path in self.account_paths:
            scope |= Q(**{f"{path}__in": accounts})
        return self.filter(scope)


class OperatorQuerySet(VisibleQuerySet):
    operator_path = "pk"


class AccountQuerySet(VisibleQuerySet):
    account_paths = ("pk",)


class LocationQuerySet(VisibleQuerySet):
    account_paths = ("account",)


class StationQuerySet(VisibleQuerySet):
    account_paths = ("account", "field_service_account")

    def online(self) -> Self:
        """Return the stations with an open socket."""
        return self.exclude(connection__isnull=True).exclude(connection__token="")


class EvseQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account", "station__field_service_account")


class ConnectorQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account", "station__field_service_account")


class CommandQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account", "station__field_service_account")
