"""Celery's worker and beat as threads of this process."""

import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from celery import Celery
from django.db import connections

from config.celery import app as celery_app
from config.serving.celery_threads import start_celery_threads, stop_celery_threads


@pytest.fixture
def app():
    app = Celery("threads-test", broker="memory://localhost/", set_as_current=False)
    app.conf.update(
        task_default_queue="threads-test",
        broker_transport_options={"polling_interval": 0.05},
        broker_connection_retry_on_startup=True,
        task_ignore_result=True,
        worker_redirect_stdouts=False,
        worker_hijack_root_logger=False,
    )
    yield app
    stop_celery_threads()
    celery_app.set_default()


def test_task_runs_in_a_thread_of_this_process(app):
    ran = threading.Event()

    @app.task(name="run", shared=False)
    def run():
        ran.set()

    start_celery_threads(app)
    run.delay()
    assert ran.wait(5)


def test_four_tasks_run_at_once(app):
    together = threading.Barrier(4, timeout=5)
    passed = threading.Semaphore(0)

    @app.task(name="meet", shared=False)
    def meet():
        together.wait()
        passed.release()

    start_celery_threads(app)
    for _ in range(4):
        meet.delay()
    assert all(passed.acquire(timeout=5) for _ in range(4))


def test_schedule_of_one_second_is_kept(app):
    times = []
    enough = threading.Event()

    @app.task(name="note", shared=False)
    def note():
        times.append(time.monotonic())
        if len(times) == 4:
            enough.set()

    app.conf.beat_schedule = {"note": {"task": "note", "schedule": timedelta(seconds=1)}}
    start_celery_threads(app)
    assert enough.wait(8)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(0.7 < gap < 1.5 for gap in gaps)


@pytest.fixture
def file_database(tmp_path, django_db_blocker):
    """A database in a file, since Django never closes the one in memory."""
    connections.settings["file"] = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "tasks.sqlite3"),
        "OPTIONS": {},
    }
    with django_db_blocker.unblock():
        yield
    del connections.settings["file"]


@pytest.mark.usefixtures("file_database")
def test_database_connection_is_closed_after_each_task(app):
    wrappers = []
    closed = threading.Event()

    @app.task(name="query", shared=False)
    def query():
        if wrappers and wrappers[-1].connection is None:
            closed.set()
        with connections["file"].cursor() as cursor:
            cursor.execute("SELECT 1")
        wrappers.append(connections["file"])

    start_celery_threads(app)
    deadline = time.monotonic() + 5
    while not closed.is_set() and time.monotonic() < deadline:
        query.delay()
        closed.wait(0.1)
    assert closed.is_set()


def test_idle_threads_stop_within_two_seconds(app):
    start_celery_threads(app)
    began = time.monotonic()
    stop_celery_threads()
    assert time.monotonic() - began < 2
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"celery-worker", "celery-beat"}


def test_they_can_be_started_again(app):
    start_celery_threads(app)
    stop_celery_threads()
    test_task_runs_in_a_thread_of_this_process(app)


def test_starting_twice_is_refused(app):
    start_celery_threads(app)
    with pytest.raises(RuntimeError, match="running"):
        start_celery_threads(app)


def test_stopping_what_does_not_run_is_harmless():
    stop_celery_threads()
