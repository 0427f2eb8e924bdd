"""Fixtures of whole flows: installations that were set up as operators do, served and watched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.back_office import database_url
from tests.flows.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.flows.installation import Installation, Office, wait_for_beat

SETTINGS = {
    "ALLOW_PRIVATE_ADDRESSES": "true",  # partners live on this machine
    "API_RATE": "1000000/min",  # the flows poll
    "WORKERS": "1",
}


@pytest.fixture(scope="session")
def databases(tmp_path_factory) -> Databases:
    if "DATABASE_URL" in os.environ and connection.vendor == "postgresql":
        return PostgresDatabases(os.environ["DATABASE_URL"])
    return SqliteDatabases(tmp_path_factory.mktemp("flows"))


@pytest.fixture(scope="session")
def fresh(
    databases, tmp_path_factory, django_db_setup, django_db_blocker
) -> Iterator[Installation]:
    """An installation after its first start, with a token; to be copied, never served."""
    with django_db_blocker.unblock():
        connections["default"].ensure_connection()
        source_url = database_url()
        _let_go_of_database()
    made = Installation(databases.copy(source_url, "fresh"), tmp_path_factory.mktemp("fresh"))
    try:
        made.manage("first_start")
        made.token = made.manage("create_api_token", "flows")
        yield made
    finally:
        databases.drop(made.database_url)


@pytest.fixture(scope="module")
def installation(fresh, databases, request, tmp_path_factory) -> Iterator[Installation]:
    """A fresh installation of the module's own."""
    name = request.module.__name__.rpartition(".")[2]
    with copied(fresh, databases, name, tmp_path_factory.mktemp(name)) as own:
        yield own


@pytest.fixture(scope="session")
def office(fresh, databases, tmp_path_factory) -> Iterator[Office]:
    """An installation that many flows share, served with all its parts as suits its size."""
    with (
        copied(fresh, databases, "shared", tmp_path_factory.mktemp("shared")) as shared,
        shared.serve("--with-celery", "--server", server_of_size()) as running,
    ):
        if not settings.EMBEDDED:  # workers of their own start meanwhile
            wait_for_beat(running)
        yield running


@contextmanager
def copied(
    fresh: Installation, databases: Databases, name: str, data_dir: Path
) -> Iterator[Installation]:
    for key in ("secret_key", "field_key"):
        (data_dir / key).write_bytes((fresh.data_dir / key).read_bytes())
    prefix = {"REDIS_PREFIX": f"flows-{os.getpid()}-{name}"} if settings.REDIS_URL else {}
    url = databases.copy(fresh.database_url, name)
    try:
        yield Installation(url, data_dir, fresh.token, SETTINGS | prefix)
    finally:
        databases.drop(url)


def server_of_size() -> str:
    return "daphne" if settings.EMBEDDED else "uvicorn"


def _let_go_of_database() -> None:
    """PostgreSQL copies only databases that nobody is connected to."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()
