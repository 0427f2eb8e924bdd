"""Writers of one process queue for SQLite in order of arrival, and always let go."""

import threading

import pytest

from config.sqlite.base import FairLock, lock_of


def queue_up(lock, names, order):
    """Start a thread for each name, each one in the queue before the next one starts."""
    threads = []
    for waiting, name in enumerate(names, start=1):

        def wait(name=name):
            lock.acquire()
            order.append(name)
            lock.release()

        threads.append(threading.Thread(target=wait))
        threads[-1].start()
        while len(lock._waiting) < waiting:
            pass
    return threads


def test_free_lock_is_taken_at_once():
    lock = FairLock()
    lock.acquire()
    lock.release()
    lock.acquire()
    lock.release()


def test_lock_is_handed_over_in_order_of_arrival():
    lock, order = FairLock(), []
    lock.acquire()
    threads = queue_up(lock, "abcdef", order)
    assert order == []
    lock.release()
    for thread in threads:
        thread.join(timeout=5)
    assert order == list("abcdef")


def test_who_lets_go_queues_behind_those_who_wait():
    lock, order = FairLock(), []
    lock.acquire()
    threads = queue_up(lock, "ab", order)
    lock.release()
    lock.acquire()
    order.append("me")
    lock.release()
    for thread in threads:
        thread.join(timeout=5)
    assert order == ["a", "b", "me"]


@pytest.mark.parametrize(("one", "other", "same"), [("a", "a", True), ("a", "b", False)])
def test_database_has_one_lock(one, other, same):
    assert (lock_of(one) is lock_of(other)) is same
