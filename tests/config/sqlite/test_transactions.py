"""A transaction holds the write lock of the process until it ends, however it ends."""

import sqlite3
import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from config.sqlite.fair_lock import Turn, lock_of
from stations.models import Operator, Station
from stations.ocpp.patience import is_passing
from tests import factories
from tests.threads import in_threads

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite"),
]


def lock():
    return lock_of(str(connection.settings_dict["NAME"]))


def is_held():
    return bool(lock()._queue)


@pytest.fixture
def taken():
    """Another thread of the process has the lock."""
    turn = Turn()
    lock().acquire(turn, timeout_s=0)
    yield
    lock().release(turn)


def test_transaction_holds_the_lock_until_its_end():
    with transaction.atomic():
        assert is_held()
    assert not is_held()


def test_inner_transaction_neither_waits_nor_lets_go():
    with transaction.atomic():
        with transaction.atomic():
            assert is_held()
        assert is_held()
    assert not is_held()


def test_inner_rollback_lets_nothing_go():
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert is_held()
    assert not is_held()


def test_rollback_lets_go():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert not is_held()


def test_failed_commit_lets_go():
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        write_what_cannot_be_committed()
    assert not is_held()
    assert not Operator.objects.exists()


@transaction.atomic
def write_what_cannot_be_committed():
    Operator.objects.create(name="A", country_code="NL", party_id="AAA")
    connection.cursor().execute("PRAGMA defer_foreign_keys = ON")
    Station.objects.create(identity="CS", operator_id=99)


def test_closing_within_a_transaction_lets_go():
    with transaction.atomic():
        connection.close()
        assert not is_held()


def test_begin_that_fails_lets_go():
    """Another process holds the database: the thread must not keep the others waiting."""
    connection.ensure_connection()
    connection.cursor().execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    other.close()
    connection.close()
    assert not is_held()


def test_begin_that_waits_too_long_fails_as_when_the_database_is_busy(taken, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"timeout": 0.01})
    with pytest.raises(OperationalError, match="locked") as found, transaction.atomic():
        pass
    assert is_passing(found.value)
    assert not connection.has_turn


def test_transaction_by_hand_holds_the_lock_from_its_first_write_to_its_end():
    connection.set_autocommit(False)
    assert not is_held()
    factories.operator()
    assert is_held()
    connection.commit()
    assert not is_held()
    factories.operator()
    connection.set_autocommit(True)
    assert not is_held()


def test_hooks_run_when_the_lock_is_free():
    seen = []
    with transaction.atomic():
        transaction.on_commit(lambda: seen.append(is_held()))
    assert seen == [False]


def test_many_writers_write_without_one_failure():
    def write():
        for _ in range(5):
            with transaction.atomic():
                operator = factories.operator()
                Operator.objects.filter(pk=operator.pk).update(name="written")

    in_threads(6, write)
    assert Operator.objects.filter(name="written").count() == 30


def test_writer_waits_for_the_one_before():
    inside, may_end, order = threading.Event(), threading.Event(), []

    def first():
        with transaction.atomic():
            inside.set()
            assert may_end.wait(5)
            order.append("first")
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(5)
    opener = threading.Thread(target=_end_when_waiting, args=(lock(), may_end))
    opener.start()
    with transaction.atomic():
        order.append("second")
    thread.join(5)
    opener.join(5)
    assert order == ["first", "second"]


def _end_when_waiting(lock, may_end):
    while len(lock._queue) < 2:
        pass
    may_end.set()
