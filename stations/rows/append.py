"""Append many rows to a table in one statement: COPY on PostgreSQL, executemany on SQLite."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

from stations.rows.columns import quoted_column, quoted_table
from stations.rows.convert import converters


def append_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert `rows`, each with its values in the order of `columns` (field attnames).

    Gives back no ids and fires no signals. A missing partition or a duplicate key raises
    IntegrityError or DataError and leaves the transaction broken.
    """
    if connection.vendor == "postgresql":
        _copy(model, tuple(columns), rows)
    else:
        _execute_many(model, tuple(columns), rows)


@lru_cache(maxsize=64)
def _names(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, str]:
    return quoted_table(model), ", ".join(quoted_column(model, name) for name in columns)


def _copy(
    model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> None:
    table, names = _names(model, columns)
    convert = converters(model, columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(
                [to(value) if to else value for to, value in zip(convert, row, strict=True)]
            )


def _execute_many(
    model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> None:
    table, names = _names(model, columns)
    convert = converters(model, columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",
            [
                [to(value) if to else value for to, value in zip(convert, row, strict=True)]
                for row in rows
            ],
        )
