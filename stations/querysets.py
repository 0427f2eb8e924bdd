"""Chainable filters that say what a user may see, change and service, for every door alike."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from stations.domain.roles import OWNER_ROLES, SERVICE_ROLES, WRITING_ROLES, Role

if TYPE_CHECKING:
    from stations.models.user import User


class VisibleQuerySet(models.QuerySet[Any]):
    """Rows that belong to an operator, and perhaps to accounts.

    `operator_path` leads to the operator, `account_paths` to accounts whose members see the row,
    `owner_path` to the account whose facilitators change it, `service_path` to the account whose
    technicians send it commands; an empty path leads nowhere.
    """

    operator_path = "operator"
    account_paths: tuple[str, ...] = ()
    owner_path = ""
    service_path = ""
    writing_roles: Collection[Role] = WRITING_ROLES

    def visible_to(self, user: "User") -> Self:
        """Return the rows that `user` may see; one query, with the memberships as subqueries."""
        seen = ((path, Role) for path in self.account_paths)
        return self._within(user, operator_roles=Role, account_roles=seen)

    def changeable_by(self, user: "User") -> Self:
        """Return the rows that `user` may write, where model permissions let them; one query."""
        owned = ((self.owner_path, OWNER_ROLES),)
        return self._within(user, operator_roles=self.writing_roles, account_roles=owned)

    def serviceable_by(self, user: "User") -> Self:
        """Return the rows that `user` may send commands to; one query."""
        served = ((self.owner_path, OWNER_ROLES), (self.service_path, SERVICE_ROLES))
        return self._within(user, operator_roles=self.writing_roles, account_roles=served)

    def _within(
        self,
        user: "User",
        *,
        operator_roles: Iterable[Role],
        account_roles: Iterable[tuple[str, Iterable[Role]]],
    ) -> Self:
        if not user.is_active:
            return self.none()
        if user.is_superuser or user.sees_all_operators:
            return self.all()
        held = user.memberships.filter(operator__isnull=False, role__in=list(operator_roles))
        scope = Q(**{f"{self.operator_path}__in": held.values("operator")})
        for path, roles in account_roles:
            held = user.memberships.filter(account__isnull=False, role__in=list(roles))
            if path:
                scope |= Q(**{f"{path}__in": held.values("account")})
        return self.filter(scope)


class OperatorQuerySet(VisibleQuerySet):
    operator_path = "pk"
    writing_roles = frozenset({Role.OPERATOR_ADMIN})

    def staffed_by(self, user: "User") -> Self:
        """Return the operators that `user` may write rows for; their settings are another thing."""
        return self._within(user, operator_roles=WRITING_ROLES, account_roles=())


class AccountQuerySet(VisibleQuerySet):
    account_paths = ("pk",)


class LocationQuerySet(VisibleQuerySet):
    account_paths = ("account",)
    owner_path = "account"


class StationQuerySet(VisibleQuerySet):
    account_paths = ("account", "field_service_account")
    owner_path = "account"
    service_path = "field_service_account"

    def online(self) -> Self:
        """Return the stations with an open socket."""
        return self.exclude(connection__isnull=True).exclude(connection__token="")


class EvseQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account", "station__field_service_account")
    owner_path = "station__account"
    service_path = "station__field_service_account"


class ConnectorQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account", "station__field_service_account")
    owner_path = "station__account"
    service_path = "station__field_service_account"


class CommandQuerySet(VisibleQuerySet):
    operator_path = "station__operator"
    account_paths = ("station__account", "station__field_service_account")
    owner_path = "station__account"
    service_path = "station__field_service_account"
