"""Serializers that refuse fields they do not know, so that a typo changes nothing by silence."""

from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
from django.db.models import Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

Row = TypeVar("Row", bound=Model)


class KnownFields(serializers.Serializer[Any]):
    """Refuses unknown fields; fields that are only given out may be sent back, and are ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                known = ", ".join(
                    name for name, field in self.fields.items() if not field.read_only
                )
                message = f"This field is unknown. Known are: {known}."
                raise serializers.ValidationError({name: [message] for name in unknown})
        return super().to_internal_value(data)


class RowSerializer(KnownFields, serializers.ModelSerializer[Row]):
    """A row of a table."""


@extend_schema_field(OpenApiTypes.OBJECT)
class ObjectField(serializers.DictField):
    """A JSON object without NUL characters, which PostgreSQL cannot store."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if b"\\u0000" in orjson.dumps(value):
            raise serializers.ValidationError("NUL characters cannot be stored.")
        return value
