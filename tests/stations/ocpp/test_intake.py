"""The writer thread: answered means committed, one bad message fails alone, nobody is forgotten."""

import asyncio
import logging
import sqlite3

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from config.ocpp import routes, stages
from diagnostics.models import Message
from stations.models import Operator, StationConnection
from stations.ocpp import intake as intake_module
from stations.ocpp import patience
from stations.ocpp.intake import Intake
from stations.ocpp.items import CallItem, JobItem, NoteItem
from stations.ocpp.routing import Rare
from tests import factories
from tests.stations.ocpp.batches import V16, Desk, Line

pytestmark = pytest.mark.django_db(transaction=True)


class SubmittingDesk(Desk):
    """Hands in what connections say, as the node does."""

    def __init__(self, intake):
        super().__init__()
        self.intake = intake

    def take_call(self, connection, call, *, text):
        item = CallItem(connection, call, text=text, received_at=timezone.now())
        self.intake.submit(item)
        return item

    def note(self, exchange):
        self.intake.submit(NoteItem(exchange))


class Office:
    """An intake with handlers of the test's own, and stations that speak to it."""

    def __init__(self, **actions):
        own = {(V16, action): Rare(answer) for action, answer in actions.items()}
        self.intake = Intake(dict(routes()) | own, stages())
        self.desk = SubmittingDesk(self.intake)

    def line(self):
        return Line(desk=self.desk)

    def run(self, *jobs):
        """Take in all that was said, then run the jobs, then stop; return what they gave."""

        async def life():
            self.intake.start()
            await job_of(self.intake, lambda now: None)
            found = [await job_of(self.intake, job) for job in (*jobs, lambda now: None)]
            await self.intake.stop()
            return found[:-1]

        return asyncio.run(life())


async def job_of(intake, job):
    done = asyncio.get_running_loop().create_future()
    intake.submit(JobItem(job, done))
    (found,) = await asyncio.gather(done, return_exceptions=True)
    return found


@pytest.fixture(autouse=True)
def impatient(monkeypatch, caplog):
    monkeypatch.setattr(patience, "FIRST_PAUSE_S", 0.001)
    caplog.set_level(logging.ERROR, "stations.ocpp")


def transfer(line):
    line.say("DataTransfer", {"vendorId": "v"})


def kinds(*lines):
    return [[frame[0] for frame in line.wire.frames] for line in lines]


def test_what_waits_is_one_batch():
    office = Office()
    lines = [office.line() for _ in range(20)]
    for line in lines:
        transfer(line)
    office.run()
    assert kinds(*lines) == [[3]] * 20
    assert (office.intake.batches, office.intake.items, office.intake.depth) == (1, 20, 0)


def test_batch_has_a_largest_size(monkeypatch):
    monkeypatch.setattr(intake_module, "MAX_BATCH", 8)
    office = Office()
    lines = [office.line() for _ in range(20)]
    for line in lines:
        transfer(line)
    office.run()
    assert kinds(*lines) == [[3]] * 20
    assert office.intake.batches == 3


def test_pipelined_messages_become_batches_of_their_own():
    office = Office()
    line = office.line()
    for number in range(5):
        line.say("DataTransfer", {"vendorId": "v"}, message_id=str(number))

    async def life():
        office.intake.start()
        while office.intake.items < 5:
            await job_of(office.intake, lambda now: None)
        await office.intake.stop()

    asyncio.run(life())
    assert [frame[1] for frame in line.wire.frames] == list("01234")
    assert office.intake.batches == 5


def test_answers_come_after_the_commit():
    seen = []

    def answer(call, work):
        transaction.on_commit(lambda: seen.append(list(line.wire.frames)))
        return {"status": "Accepted"}

    office = Office(DataTransfer=answer)
    line = office.line()
    transfer(line)
    office.run()
    assert seen == [[]]
    assert kinds(line) == [[3]]


def fail_at_commit(call, work):
    """Both databases look at foreign keys when the transaction ends."""
    work.insert(StationConnection(station_id=10**9))
    return {"status": "Accepted"}


def fail_at_once(call, work):
    raise ZeroDivisionError


def fail_in_a_statement(call, work):
    with connection.cursor() as cursor:
        cursor.execute("SELECT missing FROM nowhere")


@pytest.mark.parametrize("fault", [fail_at_commit, fail_at_once, fail_in_a_statement])
def test_message_that_fails_fails_alone(fault):
    office = Office(FirmwareStatusNotification=fault)
    good = [office.line() for _ in range(4)]
    bad = office.line()
    for line in good[:2]:
        transfer(line)
    bad.say("FirmwareStatusNotification", {"status": "Idle"})
    for line in good[2:]:
        transfer(line)
    office.run()
    assert kinds(*good) == [[3]] * 4
    assert bad.wire.frames[0][2] == "InternalError"
    assert Message.objects.filter(outcome="result").count() == 4
    assert (bad.log.error_code, bad.log.payload) == ("InternalError", '{"status": "Idle"}')


def test_station_goes_on_after_a_message_that_failed():
    office = Office(FirmwareStatusNotification=fail_at_once)
    line = office.line()
    line.say("FirmwareStatusNotification", {"status": "Idle"})
    transfer(line)
    office.run()
    assert kinds(line) == [[4, 3]]


class Away:
    """A handler that finds the database away for a while."""

    def __init__(self, times):
        self.times = times

    def __call__(self, call, work):
        if self.times:
            self.times -= 1
            raise OperationalError("the connection is closed")
        return {"status": "Accepted"}


def test_database_that_comes_back_delays_the_answers():
    office = Office(DataTransfer=Away(times=3))
    lines = [office.line() for _ in range(3)]
    for line in lines:
        transfer(line)
    office.run()
    assert kinds(*lines) == [[3]] * 3
    assert Message.objects.count() == 3


def test_database_that_stays_away_fails_all_together(monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 0)
    away = Away(times=10)
    office = Office(DataTransfer=away)
    lines = [office.line() for _ in range(6)]
    for line in lines:
        transfer(line)
    office.run()
    assert kinds(*lines) == [[4]] * 6
    assert away.times >= 7


def test_database_that_goes_away_while_one_by_one_fails_the_rest(monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 0)
    office = Office(FirmwareStatusNotification=fail_at_once, DataTransfer=Away(times=9))
    lines = [office.line() for _ in range(4)]
    lines[0].say("FirmwareStatusNotification", {"status": "Idle"})
    for line in lines[1:]:
        transfer(line)
    office.run()
    assert kinds(*lines) == [[4]] * 4


@pytest.mark.skipif(connection.vendor != "postgresql", reason="ends a server's process")
def test_connection_that_is_cut_off_is_made_anew():
    once = iter([True])

    def cut_off(call, work):
        if next(once, False):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return {"status": "Accepted"}

    office = Office(DataTransfer=cut_off)
    line = office.line()
    transfer(line)
    office.run()
    assert kinds(line) == [[3]]


def test_job_runs_in_a_transaction_of_its_own():
    def fail(now):
        factories.operator(name="undone")
        raise ZeroDivisionError

    done, error = Office().run(lambda now: factories.operator(name="done").name, fail)
    assert done == "done"
    assert isinstance(error, ZeroDivisionError)
    assert [operator.name for operator in Operator.objects.all()] == ["done"]


def test_job_that_nobody_waits_for_is_done_all_the_same():
    async def life(intake):
        intake.start()
        for job in (lambda now: factories.operator(), lambda now: 1 / 0):
            done = asyncio.get_running_loop().create_future()
            intake.submit(JobItem(job, done))
            done.cancel()
        await intake.stop()

    asyncio.run(life(Office().intake))
    assert Operator.objects.count() == 1


def test_stop_answers_what_waits():
    office = Office()
    lines = [office.line() for _ in range(30)]

    async def life():
        office.intake.start()
        for line in lines:
            transfer(line)
        await office.intake.stop()
        await office.intake.stop()

    asyncio.run(life())
    assert kinds(*lines) == [[3]] * 30


def test_loop_that_is_gone_is_told_nothing():
    office = Office()
    line = office.line()

    async def begin():
        office.intake.start()

    asyncio.run(begin())
    transfer(line)
    office.intake.submit(None)
    office.intake._thread.join(timeout=10)
    assert line.wire.frames == []
    assert Message.objects.count() == 1


def test_writer_outlives_whatever_happens(caplog):
    Office().intake._process_safely([object()])
    assert "intake failed" in caplog.text


def test_partitions_are_made_before_the_first_batch():
    seen = []
    office = Office()
    office.intake._prepare = seen.append
    line = office.line()
    transfer(line)
    office.run()
    assert len(seen) == 1


class TestPatience:
    def test_wrong_statement_is_not_tried_again(self):
        tries = []

        def wrong():
            tries.append(1)
            with connection.cursor() as cursor:
                cursor.execute("SELECT missing FROM nowhere")

        with pytest.raises(Exception, match="nowhere"):
            patience.insist(wrong)
        assert len(tries) == 1

    def test_other_errors_are_no_outage(self):
        assert not patience.is_passing(ZeroDivisionError())

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
    def test_database_locked_by_another_process_is_an_outage(self):
        connection.ensure_connection()
        connection.cursor().execute("PRAGMA busy_timeout = 0")
        other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError) as found:
            factories.operator()
        other.close()
        connection.close()
        assert patience.is_passing(found.value)
