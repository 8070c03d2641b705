"""Many rows at once: by COPY and arrays in PostgreSQL, by one prepared statement in SQLite.

Rows are tuples in the order of the table's columns, keys tuples in the order of its primary key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Table

from backend.db.types import Money, MoneyRangeError

Values = Sequence[Any]


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
            connection.exec_driver_sql(_insert(connection, table), list(stored))


def update(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Give rows that are there, by their keys, the other values; raises `MoneyRangeError`."""
    if not rows:
        return
    stored = map(_storing(table, connection.dialect.name), rows)
    if connection.dialect.name == "postgresql":
        _update_by_copy(connection, table, stored)
    else:
        keys = [table.columns.values().index(column) for column in table.primary_key]
        values = [(*row, *(row[place] for place in keys)) for row in stored]
        connection.exec_driver_sql(_update(connection, table), values)


def delete(connection: Connection, table: Table, keys: Sequence[Values]) -> None:
    """Remove rows by their keys."""
    if keys:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        where = _where(connection, table, mark)
        name = _name(connection, table)
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE {where}", list(map(tuple, keys)))  # noqa: S608


def _copy(connection: Connection, name: str, columns: str, rows: Iterable[Values]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
        write = copy.write_row
        for row in rows:
            write(row)


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


def _insert(connection: Connection, table: Table) -> str:
    marks = ", ".join("?" * len(table.columns))
    columns = _columns(connection, table)
    return f"INSERT INTO {_name(connection, table)} ({columns}) VALUES ({marks})"  # noqa: S608


def _update(connection: Connection, table: Table) -> str:
    quote = connection.dialect.identifier_preparer.quote
    values = ", ".join(f"{quote(column.name)} = ?" for column in table.columns)
    name, where = _name(connection, table), _where(connection, table, "?")
    return f"UPDATE {name} SET {values} WHERE {where}"  # noqa: S608


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
