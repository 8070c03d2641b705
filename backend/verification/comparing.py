"""Tables of the index, row by row, against the rows that they must have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from backend.db.base import Base
from backend.verification.differences import A_ROW, NO_ROW, Difference, Side
from backend.verification.tables import EVENTS, Key, Table

Row = Mapping[str, Any]
ROWS_PER_FETCH = 1_000


def rows_in(session: Session, table: Table, **where: Any) -> Iterator[Row]:
    """Rows of a table with the columns that are compared, in the order of their keys."""
    columns = Base.metadata.tables[table.name].c
    wanted = [columns[name] for name in (*table.key, *table.columns)]
    conditions = [columns[name] == value for name, value in where.items()]
    order = [columns[name] for name in table.key]
    query = select(*wanted).where(and_(True, *conditions)).order_by(*order)
    for row in session.execute(query.execution_options(yield_per=ROWS_PER_FETCH)).mappings():
        yield dict(row)


def compare(
    table: Table, agreement: int | None, expected: Iterable[Row], found: Iterable[Row]
) -> Iterator[Difference]:
    """What differs between the rows that must be there and those that are."""
    wanted, there = table.keyed(expected), table.keyed(found)
    for key in sorted({*wanted, *there}, key=str):
        yield from _compare_rows(table, agreement, key, wanted.get(key), there.get(key))


def compare_events(
    agreement: int | None, expected: Iterator[Row], found: Iterator[Row]
) -> Iterator[Difference]:
    """As `compare`, for histories of any length: both come in the order of their keys."""
    wanted, there = next(expected, None), next(found, None)
    while wanted is not None or there is not None:
        keys = [_key(row) for row in (wanted, there) if row is not None]
        first = min(keys)
        left = wanted if wanted is not None and _key(wanted) == first else None
        right = there if there is not None and _key(there) == first else None
        yield from _compare_rows(EVENTS, agreement, first, left, right)
        wanted = next(expected, None) if left is not None else wanted
        there = next(found, None) if right is not None else there


def _key(row: Row) -> Key:
    return tuple(row[name] for name in EVENTS.key)


def _compare_rows(
    table: Table, agreement: int | None, key: Key, expected: Row | None, found: Row | None
) -> Iterator[Difference]:
    name = "/".join(map(str, key))
    if expected is None or found is None:
        sides = (A_ROW, NO_ROW) if found is None else (NO_ROW, A_ROW)
        yield Difference(Side.DATABASE, agreement, table.name, name, "row", *sides)
        return
    for column in table.columns:
        # Where one agreement is looked at, nobody counted the payments of the others.
        uncounted = column in {"number", "payment"} and expected[column] is None
        if expected[column] != found[column] and not uncounted:
            values = (expected[column], found[column])
            yield Difference(Side.DATABASE, agreement, table.name, name, column, *values)
