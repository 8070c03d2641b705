"""Many rows at once: by COPY and JSON in PostgreSQL, by one prepared statement in SQLite.

Rows are tuples in the order of the table's columns, keys tuples in the order of its primary key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain, compress, count
from operator import itemgetter, ne
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, LargeBinary, Table
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
        kinds = enumerate(_types(connection, table.primary_key))
        parts = ", ".join(f"(value ->> {place})::{kind}" for place, kind in kinds)
        given = f"(SELECT {parts} FROM json_array_elements(%s::json))"  # noqa: S608
    else:
        parts = ", ".join(f"value ->> {place}" for place in range(len(table.primary_key)))
        given = f"(SELECT {parts} FROM json_each(?))"  # noqa: S608
    found = connection.exec_driver_sql(statement + given, (_json(keys),))
    return list(map(_loading(table), found.all()))


def insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Add rows.

    Raises `MoneyRangeError` for an amount, OverflowError for another integer, that its column does
    not hold.
    """
    if rows:
        _require_fitting(table, rows)
        if connection.dialect.name == "postgresql":
            _copy(connection, _name(connection, table), list(table.columns), rows)
        else:
            _insert_together(connection, table, list(map(_padding(table), rows)))


def update(connection: Connection, table: Table, rows: Sequence[tuple[Values, Values]]) -> None:
    """Change rows that are there: each as it was, and as it shall be; the keys stay.

    Raises `MoneyRangeError` and OverflowError as `insert` does.
    """
    # What went and came back, as in blocks that were taken back, is as it was.
    differing = [pair for pair in rows if tuple(pair[0]) != tuple(pair[1])]
    if differing:
        before, after = zip(*differing, strict=True)
        _require_fitting(table, after)
        change = _update_together if connection.dialect.name == "postgresql" else _update_apart
        change(connection, table, before, after)


def delete(connection: Connection, table: Table, keys: Sequence[Values]) -> None:
    """Remove rows by their keys."""
    if keys:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        where = _where(connection, table, mark)
        name = _name(connection, table)
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE {where}", list(map(tuple, keys)))  # noqa: S608


def _copy(
    connection: Connection, name: str, columns: Sequence[Column[Any]], rows: Iterable[Values]
) -> None:
    driver: Any = connection.connection.driver_connection
    named = ", ".join(_names(connection, columns))
    statement = f"COPY {name} ({named}) FROM STDIN (FORMAT BINARY)"
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


def _update_together(
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
    names = _names(connection, given)
    changes = ", ".join(f"{name} = new.{name}" for name in names[len(keys) :])
    same = " AND ".join(f"old.{name} = new.{name}" for name in names[: len(keys)])
    name = _name(connection, table)
    connection.exec_driver_sql(
        f"UPDATE {name} AS old SET {changes} FROM {source} AS new WHERE {same}",  # noqa: S608
        parameters,
    )


def _give_as_json(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], rows: Sequence[Values]
) -> tuple[str, Values]:
    """What a statement reads rows from, and its parameters."""
    names = [column.name for column in columns]
    if any(isinstance(column.type, LargeBinary) for column in columns):
        rows = [[_bytea(value) if type(value) is bytes else value for value in row] for row in rows]
    given = _json([dict(zip(names, row, strict=True)) for row in rows])
    return f"json_populate_recordset(NULL::{_name(connection, table)}, %s::json)", (given,)


def _give_by_copy(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], rows: Sequence[Values]
) -> tuple[str, Values]:
    staging = connection.dialect.identifier_preparer.quote(f"changed_{table.name}")
    alike = f"SELECT * FROM {_name(connection, table)} WITH NO DATA"  # noqa: S608
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


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


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


def _require_fitting(table: Table, rows: Sequence[Values]) -> None:
    """Whether integers fit their columns: PostgreSQL would see of them what is left after a cut."""
    for place, column, lowest, beyond in _bounds(table):
        values = set(map(itemgetter(place), rows)) - {None}
        if values and not lowest <= min(values) <= max(values) < beyond:
            value = next(each for each in values if not lowest <= each < beyond)
            raise _range_error(column, value, lowest, beyond)


def _range_error(column: Column[Any], value: int, lowest: int, beyond: int) -> Exception:
    begin = f"-2**{beyond.bit_length() - 1}" if lowest else "0"
    kind = MoneyRangeError if isinstance(column.type, Money) else OverflowError
    return kind(
        f"{column}: {value}; expected an integer from {begin} to 2**{beyond.bit_length() - 1} - 1"
    )


@cache
def _bounds(table: Table) -> list[tuple[int, Column[Any], int, int]]:
    """Place, column, lowest value and what is beyond the highest, of what nobody else checks."""
    found: list[tuple[int, Column[Any], int, int]] = []
    for place, column in enumerate(table.columns):
        if isinstance(column.type, Money):
            found.append((place, column, 0, 2**column.type.bits))
        elif isinstance(column.type, Integer) and not isinstance(column.type, BigInteger):
            found.append((place, column, -(2**31), 2**31))
    return found


@cache
def _padding(table: Table) -> Callable[[Values], Values]:
    """From values as Python has them to values as SQLite holds them."""
    places = [
        (place, column.type.digits)
        for place, column in enumerate(table.columns)
        if isinstance(column.type, Money)
    ]

    def padding(row: Values) -> Values:
        values = list(row)
        for place, digits in places:
            value = values[place]
            if value is not None:
                values[place] = str(value).zfill(digits)
        return values

    return padding if places else _same


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


def _update_apart(
    connection: Connection, table: Table, before: Sequence[Values], after: Sequence[Values]
) -> None:
    """Give each row the values of its own columns that change.

    SQLite would touch each index of each column that a statement names.
    """
    alike: dict[tuple[int, ...], list[Values]] = defaultdict(list)
    for was, now in zip(before, after, strict=True):
        alike[tuple(compress(count(), map(ne, was, now)))].append(now)
    for places, rows in alike.items():
        _update_alike(connection, table, places, rows)


def _update_alike(
    connection: Connection, table: Table, places: Sequence[int], rows: Sequence[Values]
) -> None:
    columns = list(table.columns)
    changed = _names(connection, [columns[place] for place in places])
    named = ", ".join(f"{each} = ?" for each in changed)
    keys = [columns.index(column) for column in table.primary_key]
    name, where = _name(connection, table), _where(connection, table, "?")
    padded = map(_padding(table), rows)
    values = [tuple([row[place] for place in (*places, *keys)]) for row in padded]
    connection.exec_driver_sql(f"UPDATE {name} SET {named} WHERE {where}", values)  # noqa: S608


def _where(connection: Connection, table: Table, mark: str) -> str:
    return " AND ".join(f"{name} = {mark}" for name in _names(connection, table.primary_key))


def _key_columns(connection: Connection, table: Table) -> str:
    return f"({', '.join(_names(connection, table.primary_key))})"


def _types(connection: Connection, columns: Iterable[Column[Any]]) -> list[str]:
    """PostgreSQL's names of the types of columns, without lengths."""
    compiled = (column.type.compile(connection.dialect) for column in columns)
    return [kind.partition("(")[0].lower() for kind in compiled]


def _names(connection: Connection, columns: Iterable[Column[Any]]) -> list[str]:
    quote = connection.dialect.identifier_preparer.quote
    return [quote(column.name) for column in columns]


def _columns(connection: Connection, table: Table) -> str:
    return ", ".join(_names(connection, table.columns))


def _name(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
