"""Filters of lists that name only what the user may see."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, DropdownFilter

from stations.admin.base import visible


class VisibleRelatedFilter(AutocompleteSelectFilter):
    """A related row, found by typing; a foreign one that is named in the address stays unnamed."""

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            field = choice["form"].fields[self.lookup_kwarg]
            field.queryset = visible(field.queryset.all(), self.request)
            yield choice


class WordFilter(DropdownFilter):
    """The different words that stand in a column of the rows that the user may see."""

    limit = 200

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        column = self.parameter_name
        rows = model_admin.get_queryset(request).exclude(**{column: ""}).order_by(column)
        words = rows.values_list(column, flat=True).distinct()[: self.limit]
        return [(word, word) for word in words]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        word = self.value()
        return queryset.filter(**{str(self.parameter_name): word}) if word else queryset


class VendorFilter(WordFilter):
    title = _("vendor")
    parameter_name = "vendor"


class ModelFilter(WordFilter):
    title = _("model")
    parameter_name = "model"


class FirmwareFilter(WordFilter):
    title = _("firmware")
    parameter_name = "firmware"


class ConnectionFilter(DropdownFilter):
    """Whether the station has a socket open."""

    title = _("connection")
    parameter_name = "connection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("online", _("Online")), ("offline", _("Offline"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if self.value() == "online":
            return queryset.online()
        if self.value() == "offline":
            return queryset.exclude(pk__in=queryset.model.objects.online().values("pk"))
        return queryset
