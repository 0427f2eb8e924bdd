"""Runs the same function in several threads that start together, each with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

# Threads share an SQLite database in memory with table locks, which no file has.
needs_a_database_of_its_own = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's test database is in memory"
)


def in_threads(count: int, function: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(count)

    def run(_: int) -> Any:
        barrier.wait(timeout=10)
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
