"""SQLite with one fair lock for all writers of the process.

SQLite lets one connection write at a time and makes the others poll, so under load a writer can
starve. Here the threads of the process queue for the write transaction in order of arrival.
"""

import sqlite3
import threading
from collections import deque
from functools import cached_property
from typing import Any

from django.db.backends.sqlite3 import base, features


class FairLock:
    """A lock that is handed over in order of arrival."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def acquire(self) -> None:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


def lock_of(database: str) -> FairLock:
    """Return the lock that all connections of this process to `database` share."""
    with _locks_guard:
        return _locks.setdefault(database, FairLock())


class DatabaseFeatures(features.DatabaseFeatures):
    """What SQLite can do; Django reckons with the limits of 2009."""

    @cached_property
    def max_query_params(self) -> int:  # type: ignore[override]  # a constant there
        """Return how many parameters a statement may have: else a bulk insert becomes many."""
        self.connection.ensure_connection()
        limit: int = self.connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        return limit


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection; a transaction holds the process's write lock until it ends.

    The stubs of Django do not know the methods that are extended here.
    """

    features_class = DatabaseFeatures

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: FairLock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        lock = lock_of(str(self.settings_dict["NAME"]))
        lock.acquire()
        self._held = lock
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_go()
            raise

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

    def _let_go_when_ended(self) -> None:
        """A COMMIT that failed as busy leaves the transaction open, and with it the lock."""
        if self.connection is None or not self.connection.in_transaction:
            self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()
