"""Give many rows differing values in one statement."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import connection, models

from stations.rows.columns import column_field, quoted_column, quoted_table
from stations.rows.convert import converters
from stations.rows.literals import array_literal
from stations.rows.statements import execute


def update_rows(model: type[models.Model], changes: Mapping[Any, Mapping[str, Any]]) -> None:
    """Write `changes` (primary key -> field attname -> value); rows may name different fields.

    A field that a row does not name keeps its value. Fires no signals. Locks the rows.
    """
    if not changes:
        return
    columns = tuple(sorted({name for values in changes.values() for name in values}))
    masked = tuple(
        name for name in columns if any(name not in values for values in changes.values())
    )
    if connection.vendor == "postgresql":
        _update_from_unnest(model, columns, masked, changes)
    else:
        _execute_many(model, columns, masked, changes)


@lru_cache(maxsize=256)
def _unnest_sql(
    model: type[models.Model], columns: tuple[str, ...], masked: tuple[str, ...]
) -> str:
    key = model._meta.pk
    types, names, settings = [f"%s::{key.rel_db_type(connection)}[]"], ["k"], []
    for position, name in enumerate(columns):
        field = column_field(model, name)
        column = quoted_column(model, name)
        types.append(f"%s::{_array_type(field)}[]")
        names.append(f"v{position}")
        value = f"n.v{position}::{field.db_type(connection)}"
        if name in masked:
            types.append("%s::boolean[]")
            names.append(f"m{position}")
            value = f"CASE WHEN n.m{position} THEN {value} ELSE t.{column} END"
        settings.append(f"{column} = {value}")
    return (
        f"UPDATE {quoted_table(model)} AS t SET {', '.join(settings)}"
        f" FROM unnest({', '.join(types)}) AS n({', '.join(names)})"
        f" WHERE t.{quoted_column(model, key.name)} = n.k"
    )


def _array_type(field: Any) -> str:
    """JSON travels as text, because an array of jsonb needs wrapping row by row."""
    if isinstance(field, models.JSONField):
        return "text"
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))


def _update_from_unnest(
    model: type[models.Model],
    columns: tuple[str, ...],
    masked: tuple[str, ...],
    changes: Mapping[Any, Mapping[str, Any]],
) -> None:
    parameters = [array_literal(changes)]
    for name, convert in zip(columns, converters(model, columns), strict=True):
        values = [row.get(name) for row in changes.values()]
        parameters.append(array_literal(map(convert, values) if convert else values))
        if name in masked:
            parameters.append(array_literal(name in row for row in changes.values()))
    execute(_unnest_sql(model, columns, masked), parameters)


@lru_cache(maxsize=256)
def _case_sql(model: type[models.Model], columns: tuple[str, ...], masked: tuple[str, ...]) -> str:
    settings = []
    for name in columns:
        column = quoted_column(model, name)
        settings.append(
            f"{column} = CASE WHEN %s THEN %s ELSE {column} END"
            if name in masked
            else f"{column} = %s"
        )
    key = quoted_column(model, model._meta.pk.name)
    return f"UPDATE {quoted_table(model)} SET {', '.join(settings)} WHERE {key} = %s"


def _execute_many(
    model: type[models.Model],
    columns: tuple[str, ...],
    masked: tuple[str, ...],
    changes: Mapping[Any, Mapping[str, Any]],
) -> None:
    convert = dict(zip(columns, converters(model, columns), strict=True))
    key_convert = converters(model, (model._meta.pk.attname,))[0]
    parameters = []
    for key, row in changes.items():
        line: list[Any] = []
        for name in columns:
            to = convert[name]
            value = row.get(name)
            if name in masked:
                line.append(name in row)
            line.append(to(value) if to else value)
        line.append(key_convert(key) if key_convert else key)
        parameters.append(line)
    with connection.cursor() as cursor:
        cursor.executemany(_case_sql(model, columns, masked), parameters)
