"""Read many rows as plain tuples, past the ORM's row-by-row conversions."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from stations.rows.statements import fetch_all


def read_tuples(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Return what a `values_list` queryset selects; one query.

    On PostgreSQL the driver's own types come back, which costs a third: fields whose Python value
    differs from the driver's (time zones, encrypted texts) must not be selected.
    """
    if connection.vendor != "postgresql":
        return list(rows)
    sql, params = rows.query.sql_with_params()
    return fetch_all(sql, params)
