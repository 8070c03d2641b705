"""Connections to the index's database, and the only place that commits."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from backend.core.errors import AppError
from backend.db import beside, migrate, secondary
from backend.db.connecting import LOCK_SECONDS, arguments
from backend.db.heritage import AheadError
from backend.db.leader import Lead, leading
from backend.db.troubles import DatabaseUnavailableError, translated
from backend.db.types import ExactSum

__all__ = ["AheadError", "Database", "DatabaseUnavailableError", "DatabaseUrlError"]

POOL_SECONDS = 5
_POOL = {"pool_timeout": POOL_SECONDS, "pool_size": 20, "max_overflow": 30}
_LAST_PORT = 65_535
_EXPECTED = "e.g. sqlite:///termin.db or postgresql://name:secret@server:5432/termin"
_WRITER_LOCK = int.from_bytes(b"termin")


class DatabaseUrlError(AppError):
    """The URL does not name a database that the index can live in."""

    status = 422
    title = "Not a database URL"


class Database:
    """One database. Nothing is opened before it is needed.

    Whatever goes wrong in reaching it is raised as `DatabaseUnavailableError`.
    """

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self.engine = _engine(self.url)
        self._readers, self._writers = _roles(self.engine)

    def beside(self) -> Database:
        """A second read model next to this one, to be built and then to take its place."""
        if self.engine.dialect.name == "postgresql":
            with self._connection() as connection:
                beside.make_schema(connection)
        return Database(beside.url_beside(self.url).render_as_string(hide_password=False))

    def replace(self, other: Database, gone: str | None = None) -> int:
        """Let the one that was built `beside` take this one's place, in one step.

        Returns how many blocks that takes back: what was published of them is retracted. Raises
        `AheadError`, and changes nothing, where this one stands at a later block than the other;
        unless that is the block of hash `gone`, which the chain gave up.
        """
        other.close()
        file = _file(other.url)
        with self._connection(attached=file) as connection:
            taken_back = beside.take_place(connection, file, gone)
        if file is not None:
            for path in file.parent.glob(file.name + "*"):
                path.unlink()
        return taken_back

    def is_outdated(self) -> bool:
        """Whether the tables are of another version than this one's."""
        with self._connection() as connection:
            return migrate.is_outdated(connection)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the index throughout and changes nothing."""
        self._require_file()
        with translated(writing=False), Session(self._readers, autoflush=False) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are committed at the end, all or none; one at a time."""
        self._require_file()
        with (
            translated(writing=True),
            Session(self._writers, autoflush=False, expire_on_commit=False) as session,
            session.begin(),
        ):
            _lock(session.connection())
            yield session

    @contextmanager
    def leading(self, stop: threading.Event) -> Iterator[Lead | None]:
        """Be the one indexer of this database; waits while another is, None once `stop` is set."""
        self._make_folder()
        with translated(writing=True), leading(self.engine, _file(self.url), stop) as lead:
            yield lead

    def migrate(self) -> None:
        """Create the tables, or bring them to the form that this version needs."""
        with self._connection() as connection:
            migrate.upgrade(connection)

    def reset(self) -> None:
        """Drop the read model and create it anew, empty, in one step."""
        with self._connection() as connection:
            migrate.drop(connection)
            migrate.upgrade(connection)

    def lighten(self) -> None:
        """Drop what filling the tables does not need, in one step; `complete` brings it back."""
        with self._connection() as connection:
            secondary.drop(connection)

    def complete(self) -> int:
        """Create the indexes and foreign keys that are missing, in one step; returns how many."""
        with self._connection() as connection:
            return secondary.complete(connection)

    @contextmanager
    def _connection(self, attached: Path | None = None) -> Iterator[Connection]:
        self._make_folder()
        # SQLite attaches between transactions only.
        engine = _engine(self.url, beside.attach(attached)) if attached else self.engine
        try:
            with translated(writing=True), _roles(engine)[1].begin() as connection:
                _lock(connection)
                yield connection
        finally:
            if attached:
                engine.dispose()

    def _make_folder(self) -> None:
        if file := _file(self.url):
            _make_folder(file.parent)

    def _require_file(self) -> None:
        # SQLite would make an empty file where there is none.
        file = _file(self.url)
        if file is not None and not file.exists():
            raise DatabaseUnavailableError(
                "There is no index yet. Run `termin index` first.", "index-missing"
            )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailableError(f"{folder}: {error.strerror}", "database-failed") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # What cannot be taken apart may have a password anywhere.
        raise DatabaseUrlError(f"It cannot be read; expected {_EXPECTED}.") from None
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise DatabaseUrlError(f"{parsed.drivername!r:.40}; expected {_EXPECTED}.")
    if (parsed.port or 0) > _LAST_PORT:
        raise DatabaseUrlError(f"Its port is above {_LAST_PORT}; expected {_EXPECTED}.")
    if parsed.drivername == "sqlite" and parsed.host is not None:
        raise DatabaseUrlError(f"SQLite is on no host; expected {_EXPECTED}.")
    return parsed


def _file(url: URL) -> Path | None:
    in_memory = url.database in {None, "", ":memory:"}
    return None if url.drivername != "sqlite" or in_memory else Path(str(url.database))


def _engine(url: URL, first: str = "") -> Engine:
    if url.drivername != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args=arguments(url), **_POOL)
    engine = create_engine(url, **_POOL)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if first:
        event.listen(engine, "connect", lambda connection, _: connection.execute(first))
    return engine


def _roles(engine: Engine) -> tuple[Engine, Engine]:
    if engine.dialect.name == "sqlite":
        return engine, engine.execution_options(termin_writes=True)
    # One request must not see the index before and after a batch.
    readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return readers, engine


def _lock(connection: Connection) -> None:
    # SQLite has one writer at a time anyway; the same here, so that both behave alike.
    if connection.dialect.name == "postgresql":
        # What is written may take its time.
        unhurried = func.set_config("statement_timeout", "0", True)
        connection.execute(select(unhurried, func.pg_advisory_xact_lock(_WRITER_LOCK)))


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # The driver would begin transactions too late, and none for DDL: `_begin_sqlite` does it.
    connection.isolation_level = None
    connection.create_aggregate(ExactSum.NAME, 1, ExactSum)  # type: ignore[arg-type]
    connection.execute(f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: upgrading a read lock fails when another writer was faster.
    writes = connection.get_execution_options().get("termin_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
