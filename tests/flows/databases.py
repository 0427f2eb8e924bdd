"""Databases for installations of their own: made as copies of one that is migrated already."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg


class SqliteDatabases:
    """Databases as files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.sqlite3"

    def copy(self, source_url: str, name: str) -> str:
        """Return the address of the copy, which is consistent whoever writes to the source."""
        url = self.url(name)
        with closing(_sqlite(source_url)) as source, closing(_sqlite(url)) as target:
            source.backup(target)
        return url

    def rows(self, url: str, statement: str) -> Sequence[tuple[Any, ...]]:
        with closing(_sqlite(url)) as database:
            return database.execute(statement).fetchall()

    def drop(self, url: str) -> None:
        """The folder goes with the tests."""


class PostgresDatabases:
    """Databases of the server that DATABASE_URL names; their names tell of this process."""

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url

    def url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server_url)._replace(path=f"/flows_{os.getpid()}_{name}"))

    def copy(self, source_url: str, name: str) -> str:
        """Nobody else may be connected to the source."""
        url = self.url(name)
        self._run(f'CREATE DATABASE "{_name(url)}" TEMPLATE "{_name(source_url)}"')
        return url

    def rows(self, url: str, statement: str) -> Sequence[tuple[Any, ...]]:
        with psycopg.connect(url) as database:
            return database.execute(statement).fetchall()

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        maintenance = urlunsplit(urlsplit(self.server_url)._replace(path="/postgres"))
        with psycopg.connect(maintenance, autocommit=True) as database:
            database.execute(statement)


Databases = SqliteDatabases | PostgresDatabases


def _sqlite(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"))


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")
