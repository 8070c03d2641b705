"""By statements of many rows, and where rows change by one statement for those that do alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, compress, count
from operator import ne

from sqlalchemy import Connection, Table

from backend.db.bulk.columns import Values, key_columns, list_of, name_of, names
from backend.db.types import Money

MARK = "?"

_VARIABLES = 8_000
"""Of one statement; SQLite allows 32,766."""


def given_keys(connection: Connection, table: Table) -> str:  # noqa: ARG001
    """A statement's list of keys, whose one parameter is their JSON."""
    parts = ", ".join(f"value ->> {place}" for place in range(len(table.primary_key)))
    return f"(SELECT {parts} FROM json_each(?))"  # noqa: S608


def readable(connection: Connection, table: Table) -> str:
    """A statement's list of the columns."""
    return list_of(connection, table.columns)


def insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Add rows that fit their columns."""
    # Between rows of one statement nobody waits for Python, nor Python for the database.
    name, columns = name_of(connection, table), list_of(connection, table.columns)
    padded, width = list(map(_padding(table), rows)), len(table.columns)
    size = max(1, _VARIABLES // width)
    mark = f"({', '.join(MARK * width)})"
    for start in range(0, len(padded), size):
        part = padded[start : start + size]
        marks = ", ".join([mark] * len(part))
        connection.exec_driver_sql(
            f"INSERT INTO {name} ({columns}) VALUES {marks}",  # noqa: S608
            tuple(chain.from_iterable(part)),
        )


def update(
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
    changed = names(connection, [columns[place] for place in places])
    named = ", ".join(f"{each} = {MARK}" for each in changed)
    keys = [columns.index(column) for column in table.primary_key]
    name, where = name_of(connection, table), key_columns(connection, table, MARK)
    padded = map(_padding(table), rows)
    values = [tuple([row[place] for place in (*places, *keys)]) for row in padded]
    connection.exec_driver_sql(f"UPDATE {name} SET {named} WHERE {where}", values)  # noqa: S608


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
