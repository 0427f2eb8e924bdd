"""Tokens: cards and app keys, masked in lists."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from sessions.domain.authorization import token_key
from sessions.models import Token
from stations.admin.base import AuditedAdmin
from stations.admin.filters import VisibleRelatedFilter
from stations.admin.owned_form import OwnedForm
from stations.permissions import reads_tokens


class TokenForm(OwnedForm):
    class Meta:
        model = Token
        fields = [
            "operator",
            "account",
            "uid",
            "type",
            "visual_number",
            "group",
            "status",
            "valid_from",
            "valid_to",
        ]

    def clean_uid(self) -> str:
        uid: str = self.cleaned_data["uid"]
        if Token.objects.exclude(pk=self.instance.pk).filter(key=token_key(uid)).exists():
            raise forms.ValidationError(_("Another token has this UID. Change that one instead."))
        return uid


@admin.display(description=_("UID"))
def masked_cell(token: Token) -> str:
    return token.masked


@admin.display(description=_("status"), ordering="status")
def status_cell(token: Token) -> str:
    return render_to_string("admin/charging/_state_cell.html", {"state": token.status})


@admin.register(Token)
class TokenAdmin(AuditedAdmin):
    form = TokenForm
    list_display = [
        masked_cell,
        "visual_number",
        "type",
        status_cell,
        "account",
        "operator",
        "valid_to",
    ]
    list_select_related = ["operator", "account"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("type", ChoicesDropdownFilter),
        ("account", VisibleRelatedFilter),
        ("operator", VisibleRelatedFilter),
    ]
    search_fields = ["uid", "visual_number"]
    autocomplete_fields = ["operator", "account"]
    fieldsets = [
        (None, {"fields": [("uid", "type"), ("visual_number", "group"), "status"]}),
        (None, {"fields": [("operator", "account"), "valid_from", "valid_to"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or reads_tokens(request.user):
            return super().get_fieldsets(request, obj)
        names = [(masked_cell, "type"), ("visual_number", "group"), "status"]
        return [(None, {"fields": names}), *self.fieldsets[1:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None or reads_tokens(request.user) else [*fields, masked_cell]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and reads_tokens(request.user)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        self.visible_or_404(request, object_id)
        if not reads_tokens(request.user):
            raise PermissionDenied  # it shows UIDs before and after
        return super().history_view(request, object_id, extra_context)

    def keeps_operator(self, obj: Token) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        obj.key = token_key(obj.uid)
        super().save_model(request, obj, form, change)
