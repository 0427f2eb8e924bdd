"""Operators, their accounts, and who works for whom."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest

from stations.admin.base import AuditedAdmin, sees_everything, user_of
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.owned_form import OwnedForm
from stations.domain.rights import may_govern
from stations.models import Account, Membership, Operator
from stations.permissions import rights_of
from stations.services.ownership import is_in_use


@admin.register(Operator)
class OperatorAdmin(AuditedAdmin):
    list_display = ["name", "country_code", "party_id", "unknown_stations", "is_default"]
    search_fields = ["name", "party_id"]
    fieldsets = [
        (None, {"fields": ["name", ("country_code", "party_id"), ("website", "time_zone")]}),
        (
            None,
            {"fields": ["unknown_stations", "out_of_order_makes_unavailable", "is_default"]},
        ),
    ]


@admin.register(Account)
class AccountAdmin(AuditedAdmin):
    form = OwnedForm
    list_display = ["name", "operator", "is_field_service", "email"]
    list_select_related = ["operator"]
    list_filter = [("operator", VisibleRelatedFilter), "is_field_service"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["operator"]

    def keeps_operator(self, obj: Account) -> bool:
        return is_in_use(obj)


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    list_display = ["user", "role", "operator", "account"]
    list_select_related = ["user", "operator", "account"]
    list_filter = ["role", ("operator", VisibleRelatedFilter), ("account", VisibleRelatedFilter)]
    search_fields = ["user__username", "user__email"]
    autocomplete_fields = ["user", "operator", "account"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return memberships_for(request)

    def may_change(self, request: HttpRequest, row: Membership) -> bool:
        """Say whether the caller administers the place, and the member has no other rights."""
        is_ours = changeable_memberships(request).filter(pk=row.pk).exists()
        return is_ours and may_govern(rights_of(user_of(request)), rights_of(row.user))

    def keeps_operator(self, obj: Any) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else ["user"]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name != "user":
            kwargs["queryset"] = places_for(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def memberships_for(request: HttpRequest) -> QuerySet[Membership]:
    """Return the memberships within the operators and accounts that the user may see."""
    if sees_everything(request):
        return Membership.objects.all()
    operators = Operator.objects.visible_to(user_of(request))
    accounts = Account.objects.visible_to(user_of(request))
    return Membership.objects.filter(Q(operator__in=operators) | Q(account__in=accounts))


def changeable_memberships(request: HttpRequest) -> QuerySet[Membership]:
    """Return the memberships within the operators that the user administers."""
    if sees_everything(request):
        return Membership.objects.all()
    operators = Operator.objects.changeable_by(user_of(request))
    return Membership.objects.filter(Q(operator__in=operators) | Q(account__operator__in=operators))


def places_for(db_field: "ForeignKey[Any, Any]", request: HttpRequest) -> QuerySet[Any]:
    """Return the operators, or the accounts, whose members the user may name."""
    operators = Operator.objects.changeable_by(user_of(request))
    if db_field.remote_field.model is Account:
        return Account.objects.filter(operator__in=operators)
    return operators
