"""Reads of the hot path: planned once from a queryset, executed as a prepared statement.

The ORM says what is read; compiling it anew for every batch costs as much as a hundred rows.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from stations.rows.literals import array_literal
from stations.rows.statements import fetch_all


@dataclass(frozen=True, slots=True)
class Slot:
    """Stands in a queryset for the values of an `any_of` lookup that are given when it is read."""

    name: str


class PlannedRead:
    """A `values_list` queryset whose values are filled in at each read.

    On PostgreSQL the driver's own types come back: fields whose Python value differs from the
    driver's (time zones, encrypted texts) must not be selected.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *slots: str) -> None:
        self._build = build
        self._slots = slots
        self._plans: dict[str, tuple[str, list[Any]]] = {}

    def __call__(self, **values: Collection[Any]) -> list[tuple[Any, ...]]:
        """Return the rows; one query."""
        if connection.vendor != "postgresql":
            return list(self._build(**values))
        sql, parameters = self._plan()
        filled = [
            array_literal(values[each.name]) if isinstance(each, Slot) else each
            for each in parameters
        ]
        return fetch_all(sql, filled)

    def _plan(self) -> tuple[str, list[Any]]:
        plan = self._plans.get(connection.vendor)
        if plan is None:
            rows = self._build(**{name: Slot(name) for name in self._slots})
            sql, parameters = rows.query.sql_with_params()
            plan = self._plans[connection.vendor] = (sql, list(parameters))
        return plan


def read_tuples(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Return what a `values_list` queryset selects, without a plan; types as PlannedRead says."""
    if connection.vendor != "postgresql":
        return list(rows)
    return fetch_all(*rows.query.sql_with_params())
