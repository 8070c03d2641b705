"""Many rows at once: by COPY and arrays in PostgreSQL, by one prepared statement in SQLite.

Rows are tuples in the order of the table's columns, keys tuples in the order of its primary key.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Table
from sqlalchemy.exc import DBAPIError

from backend.db.types import Money, MoneyRangeError

Values = Sequence[Any]

_SQLITE_VARIABLES = 8_000
"""Of one statement; SQLite allows 32,766."""


def fetch(connection: Connection, table: Table, keys: Sequence[Values]) -> list[tuple[Any, ...]]:
    """The rows that have one of the keys, in any order."""
    if not keys:
        return []
    columns, name = _columns(connection, table), _name(connection, table)
    key = _key_columns(connection, table)
    statement = f"SELECT {columns} FROM {name} WHERE {key} IN "  # noqa: S608
    if connection.dialect.name == "postgresql":
        arrays = ", ".join(f"%s::{_type(connection, column)}[]" for column in table.primary_key)
        given: Values = tuple(map(list, zip(*keys, strict=True)))
        found = connection.exec_driver_sql(f"{statement}(SELECT * FROM unnest({arrays}))", given)  # noqa: S608
    else:
        parts = ", ".join(f"value ->> {place}" for place in range(len(table.primary_key)))
        found = connection.exec_driver_sql(
            f"{statement}(SELECT {parts} FROM json_each(?))",  # noqa: S608
            (json.dumps(keys),),
        )
    return list(map(_loading(table), found.all()))


def insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Add rows; raises `MoneyRangeError` for an amount that its column does not hold."""
    if rows:
        stored = map(_storing(table, connection.dialect.name), rows)
        if connection.dialect.name == "postgresql":
            _copy(connection, _name(connection, table), _columns(connection, table), stored)
        else:
            _insert_together(connection, table, list(stored))


def update(connection: Connection, table: Table, rows: Sequence[tuple[Values, Values]]) -> None:
    """Change rows that are there: each as it was, and as it shall be; the keys stay.

    Raises `MoneyRangeError`.
    """
    if not rows:
        return
    storing = _storing(table, connection.dialect.name)
    if connection.dialect.name == "postgresql":
        _update_by_copy(connection, table, (storing(after) for _, after in rows))
        return
    # SQLite would touch each index of each column that a statement names.
    alike: dict[tuple[int, ...], list[Values]] = defaultdict(list)
    for before, after in rows:
        pairs = enumerate(zip(before, after, strict=True))
        alike[tuple([place for place, (old, new) in pairs if old != new])].append(storing(after))
    # What went and came back, as in blocks that were taken back, is as it was.
    alike.pop((), None)
    for places, values in alike.items():
        _update_alike(connection, table, places, values)


def delete(connection: Connection, table: Table, keys: Sequence[Values]) -> None:
    """Remove rows by their keys."""
    if keys:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        where = _where(connection, table, mark)
        name = _name(connection, table)
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE {where}", list(map(tuple, keys)))  # noqa: S608


def _copy(connection: Connection, name: str, columns: str, rows: Iterable[Values]) -> None:
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {name} ({columns}) FROM STDIN"
    with (
        _translated(connection, statement),
        driver.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
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


def _update_by_copy(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    name, columns = _name(connection, table), _columns(connection, table)
    quote = connection.dialect.identifier_preparer.quote
    staging = quote(f"changed_{table.name}")
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} (LIKE {name}) ON COMMIT DELETE ROWS"
    )
    _copy(connection, staging, columns, rows)
    keys = {column.name for column in table.primary_key}
    names = [quote(c.name) for c in table.columns if c.name not in keys]
    values = ", ".join(f"{each} = new.{each}" for each in names)
    same = " AND ".join(f"old.{quote(key)} = new.{quote(key)}" for key in sorted(keys))
    connection.exec_driver_sql(
        f"UPDATE {name} AS old SET {values} FROM {staging} AS new WHERE {same}"  # noqa: S608
    )
    # A transaction may write the same table twice.
    connection.exec_driver_sql(f"TRUNCATE {staging}")


@cache
def _loading(table: Table) -> Callable[[Values], tuple[Any, ...]]:
    """From values as the driver gives them to values as Python has them."""
    kinds = ((place, column.type) for place, column in enumerate(table.columns))
    readers = [
        (place, bool if isinstance(kind, Boolean) else int)
        for place, kind in kinds
        if isinstance(kind, Boolean | Money)
    ]

    def loading(row: Values) -> tuple[Any, ...]:
        values = list(row)
        for place, read in readers:
            if values[place] is not None:
                values[place] = read(values[place])
        return tuple(values)

    return loading


@cache
def _storing(table: Table, dialect: str) -> Callable[[Values], Values]:
    """From values as Python has them to values as the driver takes them."""
    places = [
        (place, column.type.bits, column.type.digits)
        for place, column in enumerate(table.columns)
        if isinstance(column.type, Money)
    ]
    padded = dialect == "sqlite"

    def storing(row: Values) -> Values:
        values = list(row)
        for place, bits, digits in places:
            value = values[place]
            if value is None:
                continue
            if value < 0 or value >> bits:
                column = list(table.columns)[place]
                raise MoneyRangeError(
                    f"{column}: {value}; expected an integer from 0 to 2**{bits} - 1"
                )
            if padded:
                values[place] = f"{value:0{digits}d}"
        return tuple(values)

    def same(row: Values) -> Values:
        return row

    return storing if places else same


def _insert_together(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    # Between rows of one statement nobody waits for Python, nor Python for the database.
    columns, width = _columns(connection, table), len(table.columns)
    size = max(1, _SQLITE_VARIABLES // width)
    mark = f"({', '.join('?' * width)})"
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        marks = ", ".join([mark] * len(part))
        connection.exec_driver_sql(
            f"INSERT INTO {_name(connection, table)} ({columns}) VALUES {marks}",  # noqa: S608
            tuple(chain.from_iterable(part)),
        )


def _update_alike(
    connection: Connection, table: Table, places: Sequence[int], rows: Sequence[Values]
) -> None:
    quote, columns = connection.dialect.identifier_preparer.quote, list(table.columns)
    named = ", ".join(f"{quote(columns[place].name)} = ?" for place in places)
    keys = [columns.index(column) for column in table.primary_key]
    name, where = _name(connection, table), _where(connection, table, "?")
    values = [tuple([row[place] for place in (*places, *keys)]) for row in rows]
    connection.exec_driver_sql(f"UPDATE {name} SET {named} WHERE {where}", values)  # noqa: S608


def _where(connection: Connection, table: Table, mark: str) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return " AND ".join(f"{quote(column.name)} = {mark}" for column in table.primary_key)


def _key_columns(connection: Connection, table: Table) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"({', '.join(quote(column.name) for column in table.primary_key)})"


def _type(connection: Connection, column: Column[Any]) -> str:
    return column.type.compile(connection.dialect)


def _columns(connection: Connection, table: Table) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return ", ".join(quote(column.name) for column in table.columns)


def _name(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
