"""Fixtures of the roaming tests."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from roaming.views import cached
from tests.roaming.ocpi_partner import OcpiPartner
from tests.roaming.scenes import TOKEN


@pytest.fixture(autouse=True)
def _build_bodies_anew(monkeypatch) -> None:
    monkeypatch.setattr(cached, "FRESH_S", -1)


@pytest.fixture
def ocpi_partner(settings) -> Iterator[OcpiPartner]:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with OcpiPartner() as partner:
        yield partner
        assert partner.problems == []


@pytest.fixture
def caller() -> Client:
    """Return a partner's program, with the token of a registered one, sent as it is."""
    return Client(headers={"Authorization": f"Token {TOKEN}"})


@pytest.fixture
def threads_share_database(transactional_db, tmp_path: Path) -> Iterator[None]:
    """Move a test database in memory to a file: in memory, threads cannot wait for each other."""
    in_memory: Any = connections["default"]
    if in_memory.vendor != "sqlite" or not in_memory.is_in_memory_db():
        yield
        return
    name = in_memory.settings_dict["NAME"]
    path = str(tmp_path / "test.sqlite3")
    in_memory.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        in_memory.connection.backup(file)
    in_memory.settings_dict["NAME"] = path
    del connections["default"]
    yield
    connections["default"].close()
    in_memory.settings_dict["NAME"] = name
    connections["default"] = in_memory
