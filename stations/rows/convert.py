"""What a field's Python value must become before it is written past the ORM."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, models

from stations.rows.columns import column_field

Converter = Callable[[Any], Any]


def _json_text(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _utc_text(value: datetime | None) -> str | None:
    return None if value is None else str(value.replace(tzinfo=None))


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


@lru_cache(maxsize=256)
def converters(model: type[models.Model], columns: tuple[str, ...]) -> tuple[Converter | None, ...]:
    """Return a function or None for each column: None where the driver takes the value as it is.

    Datetimes must be aware and in UTC.
    """
    return tuple(_converter(column_field(model, name)) for name in columns)


def _converter(field: Any) -> Converter | None:
    if isinstance(field, models.JSONField):
        return _json_text
    if connection.vendor != "sqlite":
        return None
    if isinstance(field, models.DateTimeField):
        return _utc_text
    if isinstance(field, models.UUIDField):
        return _hex
    if isinstance(field, models.DecimalField):
        return _text
    return None
