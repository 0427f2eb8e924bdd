"""Patience with a database that is away for a moment, and none with a statement that is wrong."""

import logging
import sqlite3
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, close_old_connections, connection

logger = logging.getLogger(__name__)

PATIENCE_S = 20  # how long a batch waits for a database that is away, its tries included
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2

# Classes of SQLSTATE: connection, conflict, resources, locks, intervention of an operator.
_PASSING_CLASSES = ("08", "40", "53", "55", "57")
_PASSING_SQLITE_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
    }
)


def insist(action: Callable[[], None]) -> None:
    """Do `action`, again while the database is away, for as long as patience lasts.

    One more try is made only if it would end within PATIENCE_S when it takes as long as the longest
    before it: who waits out the time-out of a busy database does not do so twice. A single try is
    not cut short. Stations wait meanwhile: a message is answered when it is on disk, not before.
    Raises what `action` raised last.
    """
    pause_s, longest_s, give_up_at = FIRST_PAUSE_S, 0.0, time.monotonic() + PATIENCE_S
    while True:
        begun_at = time.monotonic()
        try:
            action()
            return
        except (OperationalError, InterfaceError) as error:
            failed_at = time.monotonic()
            longest_s = max(longest_s, failed_at - begun_at)
            if not is_passing(error) or failed_at + pause_s + longest_s > give_up_at:
                raise
            logger.warning("database is away, trying again in %s s: %s", pause_s, error)
            connection.close()
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            close_old_connections()


def is_passing(error: BaseException) -> bool:
    """Say whether the same work may succeed later: the database is away, busy or full."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code: int = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & 0xFF in _PASSING_SQLITE_CODES  # the low byte of an extended code
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(_PASSING_CLASSES)
