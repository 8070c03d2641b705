"""Values on their way: which fit their columns, and how they come back from the driver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table

from backend.core.kept import kept
from backend.db.bulk.columns import Values
from backend.db.types import Money, MoneyRangeError


def json_text(value: Any) -> str:
    """As JSON, in which a whole number may have any number of digits."""
    return msgspec.json.encode(value).decode()


@cache
def loading(table: Table) -> Callable[[Values], tuple[Any, ...]]:
    """From values as the driver gives them to values as Python has them."""
    readers = [
        (place, read)
        for place, column in enumerate(table.columns)
        if (read := _reader(column)) is not None
    ]

    def load(row: Values) -> tuple[Any, ...]:
        values = list(row)
        for place, read in readers:
            if values[place] is not None:
                values[place] = read(values[place])
        return tuple(values)

    return load


def _reader(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Boolean):
        return bool
    if isinstance(column.type, Money):
        return int
    names_another = bool(column.foreign_keys) and not column.primary_key
    return _shared if names_another and isinstance(column.type, String) else None


_shared: Callable[[str], str] = kept(str, 4096)
"""A name that many rows have in common, such as their buyer's, in memory once."""


def require_fitting(table: Table, rows: Sequence[Values]) -> None:
    """Whether integers fit their columns: PostgreSQL would see of them what is left after a cut.

    Raises `MoneyRangeError` for an amount, OverflowError for another integer.
    """
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
