"""Counts SQL statements at the driver, since some go past Django's cursor."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.backends.sqlite3.base import SQLiteCursorWrapper


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Give a list that fills with each statement; an executemany or a COPY is one.

    Inside the transaction of a test, SAVEPOINT and RELEASE stand for BEGIN and COMMIT.
    """
    cursor = SQLiteCursorWrapper if connection.vendor == "sqlite" else psycopg.Cursor
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "executemany", "copy"):
            if hasattr(cursor, name):
                patch.setattr(cursor, name, _noting(getattr(cursor, name), found))
        yield found


def _noting(original: Any, found: list[str]) -> Any:
    def call(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        found.append(str(query))
        return original(self, query, *args, **kwargs)

    return call
