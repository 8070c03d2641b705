"""One indexer leads; a second one that is started by mistake waits until the first is gone.

The lock is the database's own, so that it is free as soon as its holder is dead. It saves work and
nothing else: what is stored is right with several indexers too, since each batch goes on only from
where it began.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from backend.db.troubles import PRIMARY, DatabaseUnavailableError

logger = logging.getLogger(__name__)

_LOCK = int.from_bytes(b"leader")
_ASK_SECONDS = 0.5
_SUFFIX = "-leader"


class Lead(Protocol):
    """Says whether the lock is still held."""

    def holds(self) -> bool:
        """False once the lock is lost, as with the connection that held it."""


class _Always:
    def holds(self) -> bool:
        """A file's lock is held for as long as its process lives."""
        return True


class _WhileConnected:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holds(self) -> bool:
        """Held by the connection, and lost with it."""
        try:
            self._connection.execute(select(1))
        except DBAPIError:
            return False
        return True


@contextmanager
def leading(engine: Engine, file: Path | None, stop: threading.Event) -> Iterator[Lead | None]:
    """Wait for the lock and hold it; None once `stop` is set before."""
    if engine.dialect.name == "postgresql":
        with _in_postgres(engine, stop) as lead:
            yield lead
    elif file is not None:
        with _beside(file, stop) as lead:
            yield lead
    else:
        yield _Always()


@contextmanager
def _in_postgres(engine: Engine, stop: threading.Event) -> Iterator[Lead | None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:

        def lock() -> bool:
            return bool(connection.scalar(select(func.pg_try_advisory_lock(_LOCK))))

        held = _patiently(lock, stop)
        try:
            yield _WhileConnected(connection) if held else None
        finally:
            # The lock belongs to the connection, which must not go back to the pool with it.
            connection.invalidate()


@contextmanager
def _beside(file: Path, stop: threading.Event) -> Iterator[Lead | None]:
    path = file.with_name(file.name + _SUFFIX)
    with _named(path):
        opened = sqlite3.connect(path, timeout=0, isolation_level=None)
    with closing(opened) as connection:

        def lock() -> bool:
            with _named(path):
                return _begin(connection)

        yield _Always() if _patiently(lock, stop) else None


def _begin(connection: sqlite3.Connection) -> bool:
    """False where somebody else holds the file."""
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of which file it is that SQLite cannot open or lock it."""
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseUnavailableError(f"{path}: {error}", "database-failed") from error


def _patiently(lock: Callable[[], bool], stop: threading.Event) -> bool:
    told = False
    while not stop.is_set():
        if lock():
            return True
        if not told:
            logger.warning("Another indexer is at work on this database: waiting for its end.")
            told = True
        stop.wait(_ASK_SECONDS)
    return False
