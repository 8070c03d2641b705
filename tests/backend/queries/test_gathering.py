"""rows as one JSON text, on both databases
├── are read as they were written, one or all, whatever is in them
├── in the order of their columns
├── with an integer besides
└── where there are none: none
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import asdict
from sqlalchemy import BigInteger, String, Text, insert, literal, null, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from backend.db.session import Database
from backend.db.types import Money
from backend.queries.gathering import Gathered, Record


class Scratch(DeclarativeBase):
    """Tables of this test's own."""


class Thing(Scratch):
    """Each kind of column, with and without NULL."""

    __tablename__ = "things"

    number: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(42))
    document: Mapped[str | None] = mapped_column(String(66))
    word: Mapped[str | None] = mapped_column(String(12))
    remark: Mapped[str | None] = mapped_column(Text)
    moment: Mapped[int | None] = mapped_column(BigInteger)
    block: Mapped[int] = mapped_column(BigInteger)
    paid: Mapped[int] = mapped_column(Money())
    due: Mapped[int | None] = mapped_column(Money(256))
    claimed: Mapped[bool]


HASH = "0x" + "ab" * 32
ADDRESS = "0x" + "Cd" * 20
TEXTS = [
    "",
    "\\",
    '"',
    '",null,"',
    "],[",
    "a\tb\nc\rd\\u0041",
    "\v\f\b\x01\x7f",
    "'; DROP TABLE things; -- %s %% ? :name",
    "Ωμέγα 東京 🏗️ \u202e \u2028",
    " leading and trailing ",
    "null",
]


def thing(number: int, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(column.name for column in Thing.__table__.columns)
    plain = {"place": "x", "address": ADDRESS, "block": 0, "paid": 0, "claimed": False}
    return row | plain | {"number": number} | values


ROWS = [
    *(thing(number, place=text, remark=text) for number, text in enumerate(TEXTS)),
    thing(100, document=HASH, word="active", moment=0, due=0, claimed=True),
    thing(101, block=2**63 - 1, moment=-(2**63), paid=2**128 - 1, due=2**256 - 1),
    thing(102, moment=1, due=10**30),
]


@pytest.fixture
def things(any_database: Database) -> Database:
    """All rows, in a table beside those of the index."""
    with any_database.engine.begin() as connection:
        Scratch.metadata.create_all(connection)
        connection.execute(insert(Thing), ROWS)
    return any_database


def read(database: Database, statement: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(statement).all())


def as_written(record: Any) -> dict[str, Any]:
    return asdict(record)


def test_one_by_one(things: Database) -> None:
    record: Record[Any] = Record(Thing)
    found = read(things, select(record.column).order_by(Thing.number))
    assert [as_written(record.read(text)) for (text,) in found] == ROWS
    assert list(as_written(record.read(found[0][0]))) == list(ROWS[0])


def test_all_together(things: Database) -> None:
    records: Gathered[Any] = Gathered(Thing, Thing.number < 200, order=("number",))
    ((text,),) = read(things, select(records.column))
    assert [as_written(record) for record in records.rows(text)] == ROWS


def test_without_some_and_with_integers_besides(things: Database) -> None:
    besides: Any = {"twice": 2 * Thing.number, "none": literal(None, BigInteger())}
    record: Record[Any] = Record(Thing, without=("place", "due"), besides=besides)
    ((text,),) = read(things, select(record.column).where(Thing.number == 101))
    expected = {name: ROWS[-2][name] for name in ROWS[-2] if name not in {"place", "due"}}
    assert as_written(record.read(text)) == expected | {"twice": 202, "none": None}


def test_none_are_none(things: Database) -> None:
    records: Gathered[Any] = Gathered(Thing, Thing.number == null())
    ((text,),) = read(things, select(records.column))
    assert records.rows(text) == []
