"""SQLite with one fair lock for all writers of the process.

SQLite lets one connection write at a time and makes the others poll, so under load a writer can
starve. Here the threads of the process queue to write, in order of arrival: for a transaction from
its first line to its last, and outside of transactions for each statement that writes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any

from django.db.backends.sqlite3 import base, features

from config.sqlite.cursor import QueueingCursor
from config.sqlite.fair_lock import FairLock, Turn, lock_of

SQLITE_TIMEOUT_S = 5.0  # what Python's sqlite3 waits when the settings name no time-out


class DatabaseFeatures(features.DatabaseFeatures):
    """What SQLite can do; Django reckons with the limits of 2009."""

    @cached_property
    def max_query_params(self) -> int:  # type: ignore[override]  # a constant there
        """Return how many parameters a statement may have: else a bulk insert becomes many."""
        self.connection.ensure_connection()
        limit: int = self.connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        return limit


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection; what writes holds the process's write lock until it ends.

    The stubs of Django do not know the methods that are extended here.
    """

    features_class = DatabaseFeatures

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turn | None = None

    @property
    def has_turn(self) -> bool:
        """Say whether this connection holds the write lock of the process."""
        return self._turn is not None

    def create_cursor(self, name: Any = None) -> Any:
        return self.connection.cursor(factory=partial(QueueingCursor, queue=self))

    @contextmanager
    def statement_turn(self) -> Iterator[None]:
        """Hold the lock for a statement, or until the end of the transaction that it began.

        Raises sqlite3.OperationalError when the connection's time-out is over.
        """
        self._take_turn()
        try:
            yield
        finally:
            self._let_go_when_ended()

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_go_when_ended()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        """Python commits when autocommit comes back."""
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
        finally:
            self._let_go_when_ended()

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._let_go_when_ended()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go_when_ended()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_go()

    def _take_turn(self) -> None:
        """Wait for the lock, unless an interrupted transaction of this connection still has it."""
        if self._turn is not None:
            return
        self._turn = Turn()
        try:
            timeout_s = self.settings_dict["OPTIONS"].get("timeout", SQLITE_TIMEOUT_S)
            self._lock().acquire(self._turn, timeout_s=timeout_s)
        except BaseException:
            self._let_go()
            raise

    def _let_go_when_ended(self) -> None:
        """A COMMIT that failed as busy leaves the transaction open, and with it the lock."""
        if self._turn is not None and not self._is_in_transaction():
            self._let_go()

    def _is_in_transaction(self) -> bool:
        try:
            return self.connection is not None and self.connection.in_transaction
        except sqlite3.ProgrammingError:  # it is closed
            return False

    def _let_go(self) -> None:
        if self._turn is not None:
            self._lock().release(self._turn)
            self._turn = None

    def _lock(self) -> FairLock:
        return lock_of(str(self.settings_dict["NAME"]))
