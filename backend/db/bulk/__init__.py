"""Many rows at once: by COPY and JSON in PostgreSQL, by one prepared statement in SQLite.

Rows are tuples in the order of the table's columns, keys tuples in the order of its primary key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table

from backend.db.bulk import postgresql, sqlite
from backend.db.bulk.columns import Values, key_columns, list_of, name_of
from backend.db.bulk.values import json_text, loading, require_fitting

__all__ = ["delete", "fetch", "insert", "update"]


def fetch(connection: Connection, table: Table, keys: Sequence[Values]) -> list[tuple[Any, ...]]:
    """The rows that have one of the keys, in any order."""
    if not keys:
        return []
    columns, name = _of(connection).readable(connection, table), name_of(connection, table)
    key = list_of(connection, table.primary_key)
    given = _of(connection).given_keys(connection, table)
    statement = f"SELECT {columns} FROM {name} WHERE ({key}) IN {given}"  # noqa: S608
    found = connection.exec_driver_sql(statement, (json_text(keys),))
    return list(map(loading(table), found.all()))


def insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Add rows.

    Raises `MoneyRangeError` for an amount, OverflowError for another integer, that its column does
    not hold.
    """
    if rows:
        require_fitting(table, rows)
        _of(connection).insert(connection, table, rows)


def update(connection: Connection, table: Table, rows: Sequence[tuple[Values, Values]]) -> None:
    """Change rows that are there: each as it was, and as it shall be; the keys stay.

    Raises `MoneyRangeError` and OverflowError as `insert` does.
    """
    # What went and came back, as in blocks that were taken back, is as it was.
    differing = [pair for pair in rows if tuple(pair[0]) != tuple(pair[1])]
    if differing:
        before, after = zip(*differing, strict=True)
        require_fitting(table, after)
        _of(connection).update(connection, table, before, after)


def delete(connection: Connection, table: Table, keys: Sequence[Values]) -> None:
    """Remove rows by their keys."""
    if keys:
        where = key_columns(connection, table, _of(connection).MARK)
        name = name_of(connection, table)
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE {where}", list(map(tuple, keys)))  # noqa: S608


def _of(connection: Connection) -> Any:
    """How it is done in this database."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite
