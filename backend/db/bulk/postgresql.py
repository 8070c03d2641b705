"""By COPY in binary, and where rows change by JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table
from sqlalchemy.exc import DBAPIError

from backend.db.bulk.columns import Values, list_of, name_of, names
from backend.db.bulk.values import json_text
from backend.db.types import Money

MARK = "%s"

_FEW = 500
"""Rows that come in one statement: a table of what changes takes four, and files of its own."""


def given_keys(connection: Connection, table: Table) -> str:
    """A statement's list of keys, whose one parameter is their JSON."""
    kinds = enumerate(_types(connection, table.primary_key))
    parts = ", ".join(f"(value ->> {place})::{kind}" for place, kind in kinds)
    return f"(SELECT {parts} FROM json_array_elements(%s::json))"  # noqa: S608


def readable(connection: Connection, table: Table) -> str:
    """A statement's list of the columns; an integer is made of text sooner than of a decimal."""
    columns = list(table.columns)
    named = zip(columns, names(connection, columns), strict=True)
    return ", ".join(
        f"{name}::text" if isinstance(column.type, Money) else name for column, name in named
    )


def insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Add rows that fit their columns."""
    _copy(connection, name_of(connection, table), list(table.columns), rows)


def update(
    connection: Connection, table: Table, before: Sequence[Values], after: Sequence[Values]
) -> None:
    """Give rows the values of all columns in which any of them changes."""
    columns = list(table.columns)
    pairs = zip(zip(*before, strict=True), zip(*after, strict=True), strict=True)
    changed = [place for place, (was, now) in enumerate(pairs) if was != now]
    keys = [columns.index(column) for column in table.primary_key]
    rows = list(map(itemgetter(*keys, *changed), after))
    given = [columns[place] for place in (*keys, *changed)]
    give = _give_as_json if len(rows) <= _FEW else _give_by_copy
    source, parameters = give(connection, table, given, rows)
    named = names(connection, given)
    changes = ", ".join(f"{name} = new.{name}" for name in named[len(keys) :])
    same = " AND ".join(f"old.{name} = new.{name}" for name in named[: len(keys)])
    name = name_of(connection, table)
    connection.exec_driver_sql(
        f"UPDATE {name} AS old SET {changes} FROM {source} AS new WHERE {same}",  # noqa: S608
        parameters,
    )


def _copy(
    connection: Connection, name: str, columns: Sequence[Column[Any]], rows: Iterable[Values]
) -> None:
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {name} ({list_of(connection, columns)}) FROM STDIN (FORMAT BINARY)"
    with (
        _translated(connection, statement),
        driver.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.set_types(_types(connection, columns))
        write = copy.write_row
        for row in rows:
            write(row)


@contextmanager
def _translated(connection: Connection, statement: str) -> Iterator[None]:
    """What the driver raises becomes what SQLAlchemy raises for it everywhere else."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(
            statement, None, error, driver.Error, dialect=connection.dialect
        ) from error


def _give_as_json(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], rows: Sequence[Values]
) -> tuple[str, Values]:
    """What a statement reads rows from, and its parameters."""
    keys = [column.name for column in columns]
    if any(isinstance(column.type, LargeBinary) for column in columns):
        rows = [[_bytea(value) if type(value) is bytes else value for value in row] for row in rows]
    given = json_text([dict(zip(keys, row, strict=True)) for row in rows])
    return f"json_populate_recordset(NULL::{name_of(connection, table)}, %s::json)", (given,)


def _give_by_copy(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], rows: Sequence[Values]
) -> tuple[str, Values]:
    staging = connection.dialect.identifier_preparer.quote(f"changed_{table.name}")
    alike = f"SELECT * FROM {name_of(connection, table)} WITH NO DATA"  # noqa: S608
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} ON COMMIT DELETE ROWS AS {alike}"
    )
    # A transaction may write the same table twice.
    connection.exec_driver_sql(f"DELETE FROM {staging}")  # noqa: S608
    _copy(connection, staging, columns, rows)
    return staging, ()


def _bytea(value: bytes) -> str:
    """Bytes as PostgreSQL reads them."""
    return f"\\x{value.hex()}"


def _types(connection: Connection, columns: Iterable[Column[Any]]) -> list[str]:
    """PostgreSQL's names of the types of columns, without lengths."""
    compiled = (column.type.compile(connection.dialect) for column in columns)
    return [kind.partition("(")[0].lower() for kind in compiled]
