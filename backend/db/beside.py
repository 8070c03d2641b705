"""A second read model next to the one that is served, which takes its place in one step.

In PostgreSQL it lives in a schema of its own, in SQLite in a file of its own.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, Table, inspect, text

from backend.db import migrate
from backend.db.base import Base
from backend.db.documents_told import hand_down_documents
from backend.db.models import Cursor, Reorganization, Retraction

SCHEMA = "termin_next"
SUFFIX = "-next"
_NEXT = "next"
_FIRST_READ = Cursor.__tablename__

_HISTORY: tuple[Table, ...] = (Reorganization.__table__, Retraction.__table__)  # type: ignore[assignment]
"""What no other index knows: that the chain once said something else."""


def url_beside(url: URL) -> URL:
    """Where the second one lives."""
    if url.drivername == "sqlite":
        return url.set(database=f"{url.database}{SUFFIX}")
    return url.update_query_dict({"options": f"-csearch_path={SCHEMA}"})


def make_schema(connection: Connection) -> None:
    """Make room for it in PostgreSQL."""
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))


def take_place(connection: Connection, file: Path | None) -> None:
    """Let the second take the place of the first, in the transaction of `connection`.

    SQLite has `file` attached as "next" already. Whoever reads sees the one or the other, whole.
    """
    hand_down_documents(connection, SCHEMA if file is None else _NEXT)
    if file is None and inspect(connection).has_table(_FIRST_READ):
        # Readers begin there: whoever waits here holds nothing that they still need.
        connection.execute(text(f'LOCK TABLE "{_FIRST_READ}" IN ACCESS EXCLUSIVE MODE'))
    kept = _kept(connection)
    migrate.drop(connection)
    if file is None:
        _move(connection)
    else:
        _copy(connection)
    for table, rows in kept.items():
        connection.execute(table.delete())
        if rows:
            connection.execute(table.insert(), rows)


def attach(file: Path) -> str:
    """The statement by which SQLite gets at the second file."""
    escaped = str(file).replace("'", "''")
    return f"ATTACH '{escaped}' AS {_NEXT}"


def _kept(connection: Connection) -> dict[Table, list[dict[str, object]]]:
    there = inspect(connection).get_table_names()
    return {
        table: [dict(row) for row in connection.execute(table.select()).mappings()]
        for table in _HISTORY
        if table.name in there
    }


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
