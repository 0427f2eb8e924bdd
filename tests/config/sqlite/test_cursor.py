"""Outside of transactions, statements that write queue for the write lock, and no others."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from config.sqlite.cursor import may_write
from config.sqlite.fair_lock import Turn, lock_of
from stations.models import Operator
from stations.ocpp.patience import is_passing
from tests import factories

LONG_S = 5


class TestMayWrite:
    @pytest.mark.parametrize(
        "statement",
        [
            'INSERT INTO "a" VALUES (%s)',
            "update a set b = 1",
            "DELETE FROM a",
            "REPLACE INTO a VALUES (1)",
            " \n-- SELECT\n/* SELECT */ UPDATE a SET b = 1",
            "WITH b AS (SELECT 1) INSERT INTO a SELECT * FROM b",
            "CREATE TABLE selected (a)",
            "SELECTED",
            "VACUUM",
        ],
    )
    def test_change_may(self, statement):
        assert may_write(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT 'UPDATE'",
            "\n  select 1",
            "-- UPDATE\n/* DELETE\n */ SELECT 1",
            "WITH b AS (SELECT 1) SELECT * FROM b",
            "PRAGMA foreign_keys",
            "EXPLAIN QUERY PLAN DELETE FROM a",
            "SAVEPOINT a",
            "RELEASE a",
            "BEGIN IMMEDIATE",
            "COMMIT",
            "ROLLBACK",
        ],
    )
    def test_question_may_not(self, statement):
        assert not may_write(statement)

    def test_many_comments_take_no_time(self):
        assert may_write("/**/ " * 100_000 + "UPDATE")


def lock():
    return lock_of(str(connection.settings_dict["NAME"]))


@pytest.fixture
def taken(transactional_db, monkeypatch):
    """Another thread of the process has the lock, and nobody is patient."""
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"timeout": 0.01})
    turn = Turn()
    lock().acquire(turn, timeout_s=0)
    yield turn
    lock().release(turn)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
class TestStatements:
    @pytest.mark.parametrize("method", ["execute", "executemany"])
    def test_writing_waits_for_its_turn(self, taken, method):
        parameters = {"execute": ["a"], "executemany": [["a"], ["b"]]}[method]
        with connection.cursor() as cursor, pytest.raises(OperationalError) as found:
            getattr(cursor, method)("UPDATE stations_operator SET name = %s", parameters)
        assert is_passing(found.value)
        assert list(lock()._queue) == [taken]

    def test_reading_waits_for_nobody(self, taken):
        assert not Operator.objects.exists()

    def test_writing_lets_go(self):
        operator = factories.operator()
        Operator.objects.filter(pk=operator.pk).update(name="b")
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE stations_operator SET name = %s", [["c"], ["d"]])
        assert Operator.objects.get().name == "d"
        assert not lock()._queue

    def test_failed_statement_lets_go(self):
        operator = factories.operator()
        with pytest.raises(IntegrityError):
            Operator.objects.bulk_create([Operator(pk=operator.pk)])
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("UPDATE nowhere SET a = 1")
        assert not lock()._queue

    def test_within_a_transaction_nothing_queues_twice(self):
        with transaction.atomic(), CaptureQueriesContext(connection):
            factories.operator()
            assert len(lock()._queue) == 1
        assert not lock()._queue

    def test_transaction_that_was_begun_by_hand_does_not_queue(self, taken):
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("UPDATE stations_operator SET name = 'a'")
            cursor.execute("COMMIT")
        assert list(lock()._queue) == [taken]

    def test_writing_takes_turns_with_a_busy_transaction(self):
        """Who holds the lock begins anew at once, and yet the other's turn comes."""
        begun, done = [], threading.Event()

        def write_batches():
            while not done.is_set():
                with transaction.atomic():
                    begun.append(1)
                    done.wait(0.01)
            connection.close()

        thread = threading.Thread(target=write_batches)
        thread.start()
        for _ in range(10):
            Operator.objects.update(name="b")
        done.set()
        thread.join(LONG_S)
        assert len(begun) < 40
