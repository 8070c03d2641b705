"""Pages by key: a page starts where the last one ended, whatever was added since."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import BigInteger, Integer, Select, bindparam, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeEngine

from backend.db.text import storable
from backend.db.types import Money
from backend.queries.errors import InvalidCursorError

Item = TypeVar("Item")
Order = Literal["asc", "desc"]

LARGEST_PAGE = 200
_LARGEST_BIG = 2**63 - 1
_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """`next` is the cursor of the following page, None on the last one."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: by a column that is never NULL and, where that is equal, by number."""

    name: str
    column: InstrumentedAttribute[Any]
    number: InstrumentedAttribute[int]


def fetch(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    sort: Sort,
    order: Order,
    limit: int,
    after: str | None,
) -> tuple[Sequence[Any], str | None]:
    """The rows of one page of `statement` and the cursor of the next.

    `statement` must have the sorted row's entity as its first column. Raises
    `InvalidCursorError`.
    """
    rows = session.execute(paged(statement, sort, order, limit, after)).all()
    return rows[:limit], encode_cursor(rows[limit - 1][0], sort, order) if len(
        rows
    ) > limit else None


def paged(
    statement: Select[*tuple[Any, ...]], sort: Sort, order: Order, limit: int, after: str | None
) -> Select[*tuple[Any, ...]]:
    """`statement` for one page and one row more; its parameters are named as in `place`.

    Raises `InvalidCursorError`.
    """
    given = place(sort, order, limit, after)
    if after is not None:
        key = tuple_(sort.column, sort.number)
        # A tuple does not hand its columns' types on to the values that it is compared with.
        position = tuple_(
            bindparam("key", given["key"], sort.column.type),
            bindparam("number", given["number"], sort.number.type),
        )
        statement = statement.where(key > position if order == "asc" else key < position)
    directions = [c.asc() if order == "asc" else c.desc() for c in (sort.column, sort.number)]
    return statement.order_by(*directions).limit(bindparam("limit", given["limit"], Integer()))


def place(sort: Sort, order: Order, limit: int, after: str | None) -> dict[str, Any]:
    """What the parameters of `paged` stand for; raises `InvalidCursorError`."""
    found: dict[str, Any] = {"limit": limit + 1}
    if after is not None:
        found["key"], found["number"] = _decode(after, sort, order)
    return found


def cut(
    rows: Sequence[Item], sort: Sort, order: Order, limit: int
) -> tuple[Sequence[Item], str | None]:
    """The rows of a page and the cursor of the next, from what `paged` brought."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode_cursor(rows[limit - 1], sort, order)


def encode_cursor(row: Any, sort: Sort, order: Order) -> str:
    values = [sort.name, order, getattr(row, sort.column.key), getattr(row, sort.number.key)]
    text = json.dumps(values, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _decode(cursor: str, sort: Sort, order: Order) -> tuple[Any, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        name, direction, key, number = values
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise InvalidCursorError(_wrong(cursor)) from None
    same_list = (name, direction) == (sort.name, order)
    if not same_list or not _fits(key, sort.column) or not _fits(number, sort.number):
        raise InvalidCursorError(_wrong(cursor))
    return key, number


def _fits(value: Any, column: InstrumentedAttribute[Any]) -> bool:
    kind = column.type
    if kind.python_type is str:
        return isinstance(value, str) and storable(value) == value
    return type(value) is int and 0 <= value <= _largest(kind)


def _largest(kind: TypeEngine[Any]) -> int:
    """The largest number that a column of this type holds."""
    if isinstance(kind, Money):
        return int(2**kind.bits) - 1
    return _LARGEST_BIG if isinstance(kind, BigInteger) else _LARGEST_INTEGER


def _wrong(cursor: str) -> str:
    return (
        f"{cursor!r:.60} does not continue this list in this order; give `next` of the page "
        "before, with the same `sort` and `order`, or leave `after` out."
    )
