"""The names and types of a model's columns, for statements that are written by hand."""

from typing import Any, cast

from django.db import connection, models


def column_field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """Return the field with a column of its own that is called `name` (or `name_id`)."""
    return cast("models.Field[Any, Any]", model._meta.get_field(name))


def quoted_column(model: type[models.Model], name: str) -> str:
    """Return the quoted name of a field's column."""
    return str(connection.ops.quote_name(column_field(model, name).column or name))


def quoted_table(model: type[models.Model]) -> str:
    """Return the quoted name of a model's table."""
    return str(connection.ops.quote_name(model._meta.db_table))
