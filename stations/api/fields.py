"""Fields that name rows as integrators know them, within what the caller may see."""

from typing import Any

from django.db.models import Manager, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from timezone_field.rest_framework import TimeZoneSerializerField

from stations.api.filters import find_evse
from stations.domain.identity import is_evse_id
from stations.models import Account, Evse, Location, Operator, Station, User
from stations.querysets import VisibleQuerySet


def _visible(
    rows: Manager[Any] | QuerySet[Any], field: serializers.Field[Any, Any, Any, Any]
) -> VisibleQuerySet:
    """Return the rows the caller may see; none without a caller, as when the schema is made."""
    request = field.context.get("request")
    user = None if request is None else request.user
    found = rows.all()
    assert isinstance(found, VisibleQuerySet)  # noqa: S101 - a model without scopes is a mistake
    return found.visible_to(user) if isinstance(user, User) else found.none()


class DefaultForMissing(serializers.Field[Any, Any, Any, Any]):
    """Shows its default where the one-to-one row of its source does not exist."""

    def get_attribute(self, instance: Any) -> Any:
        value = super().get_attribute(instance)
        return self.get_default() if value is None else value


class TextOfRow(DefaultForMissing, serializers.CharField):
    def __init__(self, *, source: str, default: str = "") -> None:
        super().__init__(source=source, default=default, read_only=True)


class SwitchOfRow(DefaultForMissing, serializers.BooleanField):
    pass


class LongIdField(serializers.CharField):
    """An id past 2^53, which JavaScript would round as a number."""

    def __init__(self) -> None:
        super().__init__(read_only=True)


class VisibleField(serializers.PrimaryKeyRelatedField[Any]):
    """A row by its id."""

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        return _visible(rows, self)


class OperatorField(VisibleField):
    """The operator of a row, by its id: one that the caller may write rows for."""

    def to_internal_value(self, data: Any) -> Operator:
        operator: Operator = super().to_internal_value(data)
        staffed = Operator.objects.staffed_by(self.context["request"].user)
        if not staffed.filter(pk=operator.pk).exists():
            raise PermissionDenied("Your role at this operator does not let you change its rows.")
        return operator


class StationField(serializers.SlugRelatedField[Station]):
    """A station by its identity."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Station.objects.all())
        super().__init__(slug_field="identity", **kwargs)

    def get_queryset(self) -> QuerySet[Station]:
        rows: Any = super().get_queryset()
        return _visible(rows, self)

    def to_internal_value(self, data: Any) -> Station:
        if not isinstance(data, str) or "\0" in data:
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.STR)
class EvseField(serializers.RelatedField[Evse, str, str]):
    """An EVSE: taken by UID or EVSE ID, given as UID."""

    default_error_messages = {
        "unknown": "There is no EVSE “{value}” that you may see.",
        "invalid": "Enter an EVSE ID or UID.",
    }

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Evse.objects.select_related("station"))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Evse:
        if not isinstance(data, str) or "\0" in data:
            self.fail("invalid")
        evse = find_evse(_visible(Evse.objects.select_related("station"), self), data)
        if evse is None:
            self.fail("unknown", value=data)
        return evse

    def to_representation(self, value: Any) -> str:
        return str(value.uid)


class EvseIdField(EvseField):
    """An EVSE: taken by UID or EVSE ID, given as EVSE ID where it has one."""

    def to_representation(self, value: Any) -> str:
        return str(value.evse_id or value.uid)


@extend_schema_field(OpenApiTypes.STR)
class NewEvseIdField(serializers.CharField):
    """An EVSE ID to be given to an EVSE: read in any writing, stored canonically."""

    default_error_messages = {
        "evse_id": "“{value}” is no EVSE ID. Write it like NL*CHD*E000123.",
    }

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data).upper()
        if value and not is_evse_id(value):
            self.fail("evse_id", value=value)
        return value


@extend_schema_field(OpenApiTypes.STR)
class TimeZoneField(TimeZoneSerializerField):
    """An IANA time zone by its name."""


class DefaultOperator:
    """The operator of a new row that names none: the caller's only one, or the default."""

    requires_context = True

    def __call__(self, field: serializers.Field[Any, Any, Any, Any]) -> Operator:
        request = field.context.get("request")
        user = None if request is None else request.user
        operators: list[Operator] = []
        if isinstance(user, User):
            operators = list(Operator.objects.staffed_by(user).order_by("-is_default")[:2])
        if not operators or (len(operators) > 1 and not operators[0].is_default):
            raise serializers.ValidationError("Name the operator.", code="required")
        return operators[0]


OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}


def new_rows_operator_field() -> VisibleField:
    return OperatorField(queryset=Operator.objects.all(), default=DefaultOperator())


def account_field(**kwargs: Any) -> VisibleField:
    return VisibleField(queryset=Account.objects.all(), **OPTIONAL | kwargs)


def location_field(**kwargs: Any) -> VisibleField:
    return VisibleField(queryset=Location.objects.all(), **OPTIONAL | kwargs)
