"""Time-ordered row ids made in the process, for tables that are filled by COPY.

63 bits: 41 of milliseconds since 2024, 10 of the process's node number, 12 of a counter.
"""

import random
import threading
import time
from datetime import datetime

EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
NODE_BITS = 10
COUNTER_BITS = 12
# Numbers below are given to nodes by the database, those above are drawn by other processes.
REGISTERED_NUMBERS = 512


class RowIds:
    """A source of ids that never repeats or goes back within the process."""

    def __init__(self, node_number: int) -> None:
        self._node = node_number << COUNTER_BITS
        self._last = 0
        self._guard = threading.Lock()

    def use_node_number(self, node_number: int) -> None:
        """Make further ids with the number that the database gave to this process."""
        self._node = node_number << COUNTER_BITS

    def new(self) -> int:
        """Return the next id; past 4,096 in a millisecond it borrows from the next one."""
        floor = (int(time.time() * 1000) - EPOCH_MS) << COUNTER_BITS
        with self._guard:
            self._last = max(self._last + 1, floor)
            last = self._last
        counter = last & ((1 << COUNTER_BITS) - 1)
        return (last >> COUNTER_BITS) << (NODE_BITS + COUNTER_BITS) | self._node | counter


row_ids = RowIds(random.randrange(REGISTERED_NUMBERS, 1 << NODE_BITS))  # noqa: S311


def new_row_id() -> int:
    """Return a new id; a plain function, so that migrations can name it as a default."""
    return row_ids.new()


def first_id_at(at: datetime) -> int:
    """Return the smallest id that a row made at `at` can have."""
    elapsed_ms = int(at.timestamp() * 1000) - EPOCH_MS
    return max(elapsed_ms, 0) << (NODE_BITS + COUNTER_BITS)
