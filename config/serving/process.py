"""Settings of an operating-system process that holds thousands of sockets."""

import gc
import resource

ALLOCATIONS_PER_COLLECTION = (200_000, 50, 10_000)
"""Thresholds of the three generations: messages leave no cycles, so looking for them is waste."""


def raise_file_limit() -> int:
    """Allow this process, and those it starts, as many open files as the system grants."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def settle_memory() -> None:
    """Once everything is loaded: keep it out of garbage collection, and collect rarely."""
    gc.collect()
    gc.set_threshold(*ALLOCATIONS_PER_COLLECTION)
    gc.freeze()
