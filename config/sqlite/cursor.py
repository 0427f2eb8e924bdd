"""A cursor whose writing statements queue for the write lock when no transaction holds it."""

import re
import sqlite3
from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.db.backends.sqlite3.base import SQLiteCursorWrapper

# What stands before a statement: spaces and comments. Possessive, so that it takes linear time.
_BEFORE = r"(?:\s++|--[^\n]*+|/\*.*?\*/)*+"
_HARMLESS = re.compile(
    _BEFORE + r"(?:SELECT|VALUES|EXPLAIN|PRAGMA|ATTACH|DETACH"
    r"|BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b",
    re.IGNORECASE | re.DOTALL,
)
_WITH = re.compile(_BEFORE + r"WITH\b", re.IGNORECASE | re.DOTALL)
_CHANGE = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def may_write(statement: str) -> bool:
    """Say whether a statement may write by itself; in doubt it may, which costs a wait."""
    if _HARMLESS.match(statement):
        return False
    return not _WITH.match(statement) or _CHANGE.search(statement) is not None


class Queue(Protocol):
    """The connection as its cursors see it."""

    @property
    def has_turn(self) -> bool: ...

    def statement_turn(self) -> AbstractContextManager[None]: ...


class QueueingCursor(SQLiteCursorWrapper):
    """Django's cursor; outside transactions, each statement that writes waits for its turn.

    The rows of RETURNING are fetched, and so committed, after the turn: one thread at most polls
    for that moment, as the others queue.
    """

    def __init__(self, connection: sqlite3.Connection, *, queue: Queue) -> None:
        super().__init__(connection)
        self._queue = queue

    def execute(self, query: str, params: Any = None) -> Any:
        if self._goes_ahead(query):
            return super().execute(query, params)
        with self._queue.statement_turn():
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        if self._goes_ahead(query):
            return super().executemany(query, param_list)
        with self._queue.statement_turn():
            return super().executemany(query, param_list)

    def _goes_ahead(self, query: str) -> bool:
        """A transaction begun by hand has SQLite's lock already: to queue then would block all."""
        return self._queue.has_turn or self.connection.in_transaction or not may_write(query)
