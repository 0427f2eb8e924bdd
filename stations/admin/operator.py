"""Operators, their accounts, and who works for whom."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from stations.admin.base import AuditedAdmin, sees_everything, user_of
from stations.admin.filters import VisibleRelatedFilter
from stations.models import Account, Membership, Operator


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
    list_display = ["name", "operator", "is_field_service", "email"]
    list_select_related = ["operator"]
    list_filter = [("operator", VisibleRelatedFilter), "is_field_service"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["operator"]


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    list_display = ["user", "role", "operator", "account"]
    list_select_related = ["user", "operator", "account"]
    list_filter = ["role", ("operator", VisibleRelatedFilter), ("account", VisibleRelatedFilter)]
    search_fields = ["user__username", "user__email"]
    autocomplete_fields = ["user", "operator", "account"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return memberships_for(request)


def memberships_for(request: HttpRequest) -> QuerySet[Membership]:
    """Return the memberships within the operators and accounts that the user may see."""
    if sees_everything(request):
        return Membership.objects.all()
    operators = Operator.objects.visible_to(user_of(request))
    accounts = Account.objects.visible_to(user_of(request))
    return Membership.objects.filter(Q(operator__in=operators) | Q(account__in=accounts))
