"""A second read model next to the one that is served, which takes its place in one step.

In PostgreSQL it lives in a schema of its own, in SQLite in a file of its own.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text

from backend.db import heritage, migrate, trigrams
from backend.db.base import Base
from backend.db.documents_told import hand_down_documents
from backend.db.models import Cursor

SCHEMA = "termin_next"
SUFFIX = "-next"
_NEXT = "next"
_FIRST_READ = Cursor.__tablename__


def url_beside(url: URL) -> URL:
    """Where the second one lives."""
    if url.drivername == "sqlite":
        return url.set(database=f"{url.database}{SUFFIX}")
    return url.update_query_dict({"options": f"-csearch_path={SCHEMA}"})


def make_schema(connection: Connection) -> None:
    """Make room for it in PostgreSQL; what its indexes take is not to be gone with the room."""
    trigrams.install(connection)
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))


def take_place(connection: Connection, file: Path | None, gone: str | None) -> int:
    """Let the second take the place of the first, in the transaction of `connection`.

    SQLite has `file` attached as "next" already. Whoever reads sees the one or the other, whole.
    Returns how many blocks the first had that the second takes back, and raises `AheadError`; see
    `heritage.hand_down`.
    """
    next_one = SCHEMA if file is None else _NEXT
    taken_back = heritage.hand_down(connection, next_one, gone)
    hand_down_documents(connection, next_one)
    if file is None and inspect(connection).has_table(_FIRST_READ):
        # Readers begin there: whoever waits here holds nothing that they still need.
        connection.execute(text(f'LOCK TABLE "{_FIRST_READ}" IN ACCESS EXCLUSIVE MODE'))
    migrate.drop(connection)
    if file is None:
        _move(connection)
    else:
        _copy(connection)
    return taken_back


def attach(file: Path) -> str:
    """The statement by which SQLite gets at the second file."""
    escaped = str(file).replace("'", "''")
    return f"ATTACH '{escaped}' AS {_NEXT}"


def _move(connection: Connection) -> None:
    main = connection.scalar(text("SELECT current_schema()"))
    for name in sorted(migrate.TABLES):
        connection.execute(text(f'ALTER TABLE {SCHEMA}."{name}" SET SCHEMA "{main}"'))
    connection.execute(text(f"DROP SCHEMA {SCHEMA}"))


def _copy(connection: Connection) -> None:
    migrate.upgrade(connection)
    for table in Base.metadata.sorted_tables:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        source = f'SELECT {columns} FROM {_NEXT}."{table.name}"'  # noqa: S608
        connection.execute(text(f'INSERT INTO main."{table.name}" ({columns}) {source}'))
