"""Tokens: cards and app keys, masked in lists."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from sessions.domain.authorization import token_key
from sessions.models import Token
from stations.admin.base import AuditedAdmin
from stations.admin.filters import VisibleRelatedFilter


class TokenForm(forms.ModelForm[Token]):
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

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        obj.key = token_key(obj.uid)
        super().save_model(request, obj, form, change)
