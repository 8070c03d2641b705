"""Many rows at once: by COPY and arrays in PostgreSQL, by one prepared statement in SQLite.

Rows are tuples in the order of the table's columns, keys tuples in the order of its primary key.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain, compress, count
from operator import itemgetter, ne
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Table
from sqlalchemy.exc import DBAPIError

from backend.db.types import Money, MoneyRangeError

Values = Sequence[Any]

_FEW = 500
"""Rows that come in one statement: a table of what changes takes four, and files of its own."""

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
    storing = _storing(table, connection.dialect.name)
    # What went and came back, as in blocks that were taken back, is as it was.
    alike: dict[tuple[int, ...], list[Values]] = defaultdict(list)
    for before, after in rows:
        if places := tuple(compress(count(), map(ne, before, after))):
            alike[places].append(storing(after))
    if connection.dialect.name == "postgresql":
        if alike:
            _update_together(connection, table, alike)
        return
    # SQLite would touch each index of each column that a statement names.
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


def _update_together(
    connection: Connection, table: Table, alike: dict[tuple[int, ...], list[Values]]
) -> None:
    """Give rows the values of all columns in which any of them changes."""
    columns = list(table.columns)
    changed = sorted(set().union(*alike))
    keys = [columns.index(column) for column in table.primary_key]
    cut = itemgetter(*keys, *changed)
    rows = list(map(cut, chain.from_iterable(alike.values())))
    names = [columns[place].name for place in (*keys, *changed)]
    give = _give_as_json if len(rows) <= _FEW else _give_by_copy
    source, parameters = give(connection, table, names, rows)
    quote = connection.dialect.identifier_preparer.quote
    changes = ", ".join(f"{quote(each)} = new.{quote(each)}" for each in names[len(keys) :])
    same = " AND ".join(f"old.{quote(key)} = new.{quote(key)}" for key in names[: len(keys)])
    name = _name(connection, table)
    connection.exec_driver_sql(
        f"UPDATE {name} AS old SET {changes} FROM {source} AS new WHERE {same}",  # noqa: S608
        parameters,
    )


def _give_as_json(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Values]
) -> tuple[str, Values]:
    """What a statement reads rows from, and its parameters."""
    given = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_bytea)
    return f"json_populate_recordset(NULL::{_name(connection, table)}, %s::json)", (given,)


def _give_by_copy(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Values]
) -> tuple[str, Values]:
    quote = connection.dialect.identifier_preparer.quote
    staging = quote(f"changed_{table.name}")
    alike = f"SELECT * FROM {_name(connection, table)} WITH NO DATA"  # noqa: S608
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} ON COMMIT DELETE ROWS AS {alike}"
    )
    # A transaction may write the same table twice.
    connection.exec_driver_sql(f"DELETE FROM {staging}")  # noqa: S608
    _copy(connection, staging, ", ".join(map(quote, names)), rows)
    return staging, ()


def _bytea(value: Any) -> str:
    """Bytes as PostgreSQL reads them."""
    return f"\\x{value.hex()}"


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
        (place, 2**column.type.bits, column.type.digits)
        for place, column in enumerate(table.columns)
        if isinstance(column.type, Money)
    ]
    padded = dialect == "sqlite"

    def storing(row: Values) -> Values:
        for place, limit, _ in places:
            value = row[place]
            if value is not None and not 0 <= value < limit:
                raise MoneyRangeError(
                    f"{list(table.columns)[place]}: {value}; expected an integer from 0 to "
                    f"2**{limit.bit_length() - 1} - 1"
                )
        return padding(row) if padded else row

    def padding(row: Values) -> Values:
        values = list(row)
        for place, _, digits in places:
            value = values[place]
            if value is not None:
                values[place] = str(value).zfill(digits)
        return values

    return storing if places else _same


def _same(row: Values) -> Values:
    return row


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
