"""A PostgreSQL server as it comes unless told otherwise, and empty databases in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from benchmarks.rows import LeftOut
from benchmarks.support import find_binaries, postgres


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; `url` is SQLAlchemy's, without a database."""

    url: str

    def fresh(self) -> str:
        """URL of a new, empty database."""
        name = f"b{secrets.token_hex(6)}"
        with psycopg.connect(plain(f"{self.url}/postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{self.url}/{name}"


def plain(url: str) -> str:
    """A URL as libpq knows it."""
    return url.replace("postgresql+psycopg", "postgresql")


def ask(url: str, query: str) -> int:
    """The number that a query in a database comes to."""
    with psycopg.connect(plain(url)) as connection:
        found = connection.execute(query).fetchone()
    assert found is not None, query
    return int(found[0])


@contextmanager
def postgres_server(settings: str = "") -> Iterator[Postgres]:
    """Run a server on a temporary folder, with settings ("-c name=value …") if any are given.

    Raises LeftOut where PostgreSQL is not installed.
    """
    binaries = find_binaries()
    if binaries is None:
        raise LeftOut("PostgreSQL is not installed: initdb was not found.")
    with postgres(binaries, settings=settings) as url:
        yield Postgres(url)
