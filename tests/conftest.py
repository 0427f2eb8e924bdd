"""What all tests share: a database in a file, no network, the real back office, a browser."""

import os
import shutil
import socket

import hypothesis
import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCacheClient
from django.db import connection

from tests.back_office import BackOffice, back_office_in_process, back_office_in_thread

# How long an example takes says nothing on a machine that others use too.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
NO_BROWSER = "Chromium is missing: apt install chromium, or name it in CHROMIUM"
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::")


def pytest_configure(config):
    """Before any connection is made: quick passwords, durability off, keys of this worker's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    options = settings.DATABASES["default"]["OPTIONS"]
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")
    if connection.vendor == "postgresql":
        type(connection.ops).sql_flush = delete_rows
    if settings.REDIS_URL:
        os.environ["REDIS_PREFIX"] = prefix = f"test-{os.getpid()}-{WORKER}"
        settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = prefix
        settings.CACHES["default"]["KEY_PREFIX"] = f"{prefix}-cache"
        settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{prefix}:"
        RedisCacheClient.clear = clear_own_cache


def delete_rows(operations, style, tables, *, reset_sequences=False, allow_cascade=False):
    """Empty tables after a test with transactions: TRUNCATE writes files for each partition.

    The order is free, since foreign keys are checked at the end of the transaction.
    """
    assert not reset_sequences
    return [f"DELETE FROM {operations.quote_name(table)}" for table in tables]


def clear_own_cache(client):
    """Empty this worker's cache: Django would empty the whole Redis, others' queues as well."""
    redis = client.get_client(write=True)
    keys = list(redis.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:*"))
    return bool(keys and redis.delete(*keys))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """One worker takes all tests with a browser: starting it costs a second."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", ())
    count = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"{count} tests did not run. {NO_BROWSER}.", yellow=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite's test database is a file, which threads can share as they do in production."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "config.sqlite":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what daemon threads still hold of the test database, which could not be dropped else."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            connection.close_pool()
            with connection._nodb_cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND pid <> pg_backend_pid()",
                    [connection.settings_dict["NAME"]],
                )


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Connections leave this machine only to the services that the suite was told to use."""
    real_connect = socket.socket.connect

    def connect(self, address):
        is_near = self.family == socket.AF_UNIX or str(address[0]).startswith(LOOPBACK)
        if not is_near and str(address[0]) not in settings.REDIS_URL:
            raise RuntimeError(f"a test tried to connect to {address}, expected this machine")
        return real_connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture
def back_office(transactional_db) -> BackOffice:
    """The real application under uvicorn, in a thread of this process; its node is at hand."""
    with back_office_in_thread() as running:
        yield running


@pytest.fixture
def daphne_back_office(transactional_db, tmp_path) -> BackOffice:
    """`manage.py serve` in a process of its own, on the test's database."""
    with back_office_in_process("daphne", data_dir=tmp_path) as running:
        yield running


@pytest.fixture
def celery_threads(transactional_db):
    """Celery worker and beat as threads: what is due happens by itself."""
    from config.celery import app
    from config.serving.celery_threads import start_celery_threads, stop_celery_threads

    start_celery_threads(app)
    yield
    stop_celery_threads()


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium; while it lives, this module can have no asynchronous tests."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            yield chromium
            chromium.close()


@pytest.fixture
def page(browser, back_office):
    """A page of the back office; errors of its scripts fail the test."""
    errors = []
    context = browser.new_context(base_url=back_office.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(error))  # it refuses methods of builtins
    yield page
    context.close()
    assert not errors
