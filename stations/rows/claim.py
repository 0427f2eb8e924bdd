"""Insert rows whose key may be there already, and learn which were new."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from stations.rows.columns import column_field, quoted_column, quoted_table
from stations.rows.literals import array_literal
from stations.rows.statements import fetch_all


def claim_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    unique: Sequence[str],
) -> set[tuple[Any, ...]]:
    """Insert `rows` and return the `unique` values of those that were not there; one statement.

    Values go to the driver as they are: numbers and texts.
    """
    if not rows:
        return set()
    names = [quoted_column(model, name) for name in columns]
    keys = ", ".join(quoted_column(model, name) for name in unique)
    if connection.vendor == "postgresql":
        types = [column_field(model, name).rel_db_type(connection) for name in columns]
        source = f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in types)})"
        parameters = [array_literal(column) for column in zip(*rows, strict=True)]
    else:
        line = f"({', '.join(['%s'] * len(columns))})"
        source = f"VALUES {', '.join([line] * len(rows))}"
        parameters = [value for row in rows for value in row]
    sql = (
        f"INSERT INTO {quoted_table(model)} ({', '.join(names)}) {source}"
        f" ON CONFLICT ({keys}) DO NOTHING RETURNING {keys}"
    )
    if connection.vendor == "postgresql":
        return set(fetch_all(sql, parameters))
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return set(cursor.fetchall())
