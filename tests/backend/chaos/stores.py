"""Databases for histories, and what goes wrong with them."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from support.postgres import find_binaries
from support.stoppable import Stoppable, stoppable
from support.wire import Wire, wire

from backend.db.session import Database

_MODEL = "model"
KINDS = ("sqlite", "postgresql")


@dataclass
class Stores:
    """Makes databases of both kinds; without a PostgreSQL on this machine all are SQLite.

    `line` leads to the server.
    """

    folder: Path
    server: Stoppable | None
    line: Wire | None
    _made: set[str] = field(default_factory=set)

    @contextmanager
    def make(self, kind: str, *, empty: bool = False) -> Iterator[Database]:
        """A database with tables and no rows; without tables if it is to be `empty`."""
        name = f"t{secrets.token_hex(6)}"
        if not empty:
            self._copy(kind, name)
        elif kind == "postgresql" and self.server is not None:
            self.execute(f"CREATE DATABASE {name}")
        database = self._at(kind, name)
        try:
            yield database
        finally:
            database.close()
            self._drop(name)

    def execute(self, statement: str) -> None:
        """Run a statement as the server's administrator."""
        assert self.server is not None
        with self._connect(self.server) as connection:
            connection.execute(statement.encode())

    def terminate(self, database: Database) -> None:
        """End all connections to a database, as a server does that is shut down."""
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{database.url.database}'"
        )

    def over_the_line(self, database: Database) -> str:
        """URL of a database for whoever has to do without it when the line is cut."""
        url = database.url
        if self.line is not None and url.drivername != "sqlite":
            url = url.set(port=self.line.port)
        return url.render_as_string(hide_password=False)

    def silence(self, seconds: float) -> None:
        """Let nothing through to the server and back, and nobody know; what was open stays so."""
        assert self.line is not None
        self.line.cut()
        time.sleep(seconds)
        self.line.mend()

    def restart(self) -> None:
        """Let the server crash and come again."""
        assert self.server is not None
        self.server.stop()
        self.server.start()

    def _at(self, kind: str, name: str) -> Database:
        if kind == "sqlite" or self.server is None:
            return Database(f"sqlite:///{self.folder / name}.db")
        return Database(self.server.url.removesuffix("postgres") + name)

    def _copy(self, kind: str, name: str) -> None:
        """Making the tables takes longer than all else that a short history does."""
        if kind not in self._made:
            if kind == "postgresql" and self.server is not None:
                self.execute(f"CREATE DATABASE {_MODEL}")
            model = self._at(kind, _MODEL)
            model.migrate()
            model.close()
            self._made.add(kind)
        if kind == "postgresql" and self.server is not None:
            self.execute(f"CREATE DATABASE {name} TEMPLATE {_MODEL}")
        else:
            shutil.copy(self.folder / f"{_MODEL}.db", self.folder / f"{name}.db")

    def _drop(self, name: str) -> None:
        for path in self.folder.glob(f"{name}.db*"):
            path.unlink()
        if self.server is not None:
            self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _connect(self, server: Stoppable) -> psycopg.Connection[tuple[object, ...]]:
        url = server.url.replace("postgresql+psycopg", "postgresql")
        return psycopg.connect(url, autocommit=True)


def hold(database: Database, seconds: float) -> None:
    """Keep the lock of a SQLite file, as another program may."""
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA busy_timeout = 500")
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


@contextmanager
def stores(folder: Path) -> Iterator[Stores]:
    """Have a server, if PostgreSQL is installed."""
    binaries = find_binaries()
    if binaries is None:
        yield Stores(folder, None, None)
        return
    with stoppable(binaries) as server, wire("127.0.0.1", server.port) as line:
        yield Stores(folder, server, line)
