"""A lock that threads queue for: it is handed over in order of arrival, and waiting ends."""

import sqlite3
import threading
from collections import deque

# A place in the queue; set when it has become the first.
Turn = threading.Event


class FairLock:
    """A lock that is handed over in order of arrival."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[Turn] = deque()  # the first has the lock, the others wait

    def acquire(self, turn: Turn, *, timeout_s: float) -> None:
        """Queue up and wait until `turn` has come; who is interrupted leaves the queue.

        The caller brings the turn, to be able to let go whatever interrupts it, and wherever.
        Raises sqlite3.OperationalError, as SQLite itself would, when the time is over.
        """
        try:
            with self._guard:
                self._queue.append(turn)
                if self._queue[0] is turn:
                    turn.set()
            if not turn.wait(timeout_s):
                raise _busy()
        except BaseException:
            self.release(turn)
            raise

    def release(self, turn: Turn) -> None:
        """Leave the queue, from whatever place; without effect when it was left before."""
        with self._guard:
            if turn in self._queue:
                self._queue.remove(turn)
            if self._queue:
                self._queue[0].set()


def _busy() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_BUSY, "SQLITE_BUSY"
    return error


_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


def lock_of(database: str) -> FairLock:
    """Return the lock that all connections of this process to `database` share."""
    with _locks_guard:
        return _locks.setdefault(database, FairLock())
