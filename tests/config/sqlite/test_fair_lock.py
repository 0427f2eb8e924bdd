"""Writers of one process queue for SQLite in order of arrival, and always let go."""

import signal
import sqlite3
import threading

import pytest

from config.sqlite.fair_lock import FairLock, Turn, lock_of

LONG_S = 5


class Interruption(BaseException):
    """What a signal handler raises, such as KeyboardInterrupt."""


def taken(lock):
    turn = Turn()
    lock.acquire(turn, timeout_s=LONG_S)
    return turn


def until_waiting(lock, count):
    while len(lock._queue) < count + 1:
        pass


def queue_up(lock, names, order):
    """Start a thread for each name, each one in the queue before the next one starts."""
    threads = []
    for name in names:
        behind = len(lock._queue)

        def wait(name=name):
            turn = taken(lock)
            order.append(name)
            lock.release(turn)

        threads.append(threading.Thread(target=wait))
        threads[-1].start()
        until_waiting(lock, behind)
    return threads


@pytest.fixture
def on_signal():
    """Sets what SIGUSR1 does in the main thread, where it interrupts waiting."""
    before = signal.getsignal(signal.SIGUSR1)
    yield lambda handler: signal.signal(signal.SIGUSR1, handler)
    signal.signal(signal.SIGUSR1, before)


def interrupt_main_thread(lock, *, waiting):
    def send():
        until_waiting(lock, waiting)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def test_free_lock_is_taken_at_once():
    lock = FairLock()
    lock.release(taken(lock))
    lock.release(taken(lock))


def test_lock_is_handed_over_in_order_of_arrival():
    lock, order = FairLock(), []
    turn = taken(lock)
    threads = queue_up(lock, "abcdef", order)
    assert order == []
    lock.release(turn)
    for thread in threads:
        thread.join(timeout=LONG_S)
    assert order == list("abcdef")


def test_who_lets_go_queues_behind_those_who_wait():
    lock, order = FairLock(), []
    turn = taken(lock)
    threads = queue_up(lock, "ab", order)
    lock.release(turn)
    turn = taken(lock)
    order.append("me")
    lock.release(turn)
    for thread in threads:
        thread.join(timeout=LONG_S)
    assert order == ["a", "b", "me"]


def test_letting_go_twice_takes_the_lock_from_nobody():
    lock = FairLock()
    first = taken(lock)
    lock.release(first)
    second = taken(lock)
    lock.release(first)
    assert list(lock._queue) == [second]


def test_waiting_ends_with_the_error_of_a_busy_database():
    lock = FairLock()
    turn = taken(lock)
    with pytest.raises(sqlite3.OperationalError, match="database is locked") as found:
        lock.acquire(Turn(), timeout_s=0.01)
    assert found.value.sqlite_errorcode == sqlite3.SQLITE_BUSY
    assert list(lock._queue) == [turn]


def test_who_is_interrupted_leaves_the_queue(on_signal):
    def interrupt(*_):
        raise Interruption

    on_signal(interrupt)
    lock = FairLock()
    turn = taken(lock)
    sender = interrupt_main_thread(lock, waiting=1)
    with pytest.raises(Interruption):
        taken(lock)
    sender.join(timeout=LONG_S)
    lock.release(turn)
    lock.release(taken(lock))


def test_who_is_interrupted_as_the_turn_comes_passes_the_lock_on(on_signal):
    lock, order, threads = FairLock(), [], []
    turn = taken(lock)

    def interrupt(*_):
        threads.extend(queue_up(lock, "a", order))
        lock.release(turn)
        raise Interruption

    on_signal(interrupt)
    sender = interrupt_main_thread(lock, waiting=1)
    with pytest.raises(Interruption):
        taken(lock)
    for thread in (sender, *threads):
        thread.join(timeout=LONG_S)
    assert order == ["a"]
    assert not lock._queue


@pytest.mark.parametrize(("one", "other", "same"), [("a", "a", True), ("a", "b", False)])
def test_database_has_one_lock(one, other, same):
    assert (lock_of(one) is lock_of(other)) is same
