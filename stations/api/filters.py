"""Filters by query: a value that cannot be read is a 400, never a filter that is left out."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import rest_framework as filters

from stations.domain.identity import evse_id_key
from stations.models import Evse, Station

YES_AND_NO = {"true": True, "1": True, "false": False, "0": False}


def _yes_or_no(value: str) -> bool:
    return YES_AND_NO[value]


class YesNoField(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("null_label", None)
        choices = [(word, word) for word in YES_AND_NO]
        super().__init__(choices=choices, coerce=_yes_or_no, empty_value=None, **kwargs)


class YesNoFilter(filters.Filter):
    """`true` or `false`."""

    field_class = YesNoField

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return queryset if value is None else super().filter(queryset, value)


class WholeNumberFilter(filters.NumberFilter):
    field_class = forms.IntegerField


class StationFilter(filters.CharFilter):
    """A station by its identity, looked up first: tables that grow then use their index."""

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return queryset
        station = Station.objects.filter(identity=value).values_list("pk", flat=True).first()
        return queryset.none() if station is None else queryset.filter(**{self.field_name: station})


class EvseFilter(filters.CharFilter):
    """An EVSE by its EVSE ID, separators left aside, or by its UID."""

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return queryset
        evse = find_evse(Evse.objects.all(), value)
        return queryset.none() if evse is None else queryset.filter(**{self.field_name: evse.pk})


def find_evse(evses: QuerySet[Evse], text: str) -> Evse | None:
    """Return the EVSE with this EVSE ID or UID; one query."""
    uid = _as_uid(text)
    if uid is not None:
        return evses.filter(uid=uid).first()
    return evses.filter(evse_id_key=evse_id_key(text)).first()


def _as_uid(text: str) -> str | None:
    plain = text.replace("-", "").lower()
    is_uid = len(plain) == 32 and all(sign in "0123456789abcdef" for sign in plain)
    return plain if is_uid else None
