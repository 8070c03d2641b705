"""many rows at once, on both databases
├── come back as they were written, whatever is in them
├── are fetched by their whole key
│   └── with one name in memory, however many of them name another row by it
├── are changed by their whole key, in what changes, and no other row is
├── are removed by their whole key
├── of amounts or integers beyond their column are refused with column and value
├── of none do nothing
├── twice in one transaction are both written
└── where the database goes away is told as always
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from backend.db import bulk
from backend.db.session import Database, DatabaseUnavailableError
from backend.db.types import Money, MoneyRangeError

METADATA = MetaData()
# Names that must be quoted, and a key that does not stand in front.
THINGS = Table(
    "things",
    METADATA,
    Column("transaction", Text, nullable=True),
    Column("place", String(20), primary_key=True),
    Column("order", Integer, primary_key=True, autoincrement=False),
    Column("whole", BigInteger, nullable=True),
    Column("flag", Boolean, nullable=True),
    Column("raw", LargeBinary, nullable=True),
    Column("amount", Money(96), nullable=True),
    Column("large", Money(256), nullable=True),
)
NAMING = Table(
    "naming",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("names", String(20), ForeignKey("named.name")),
)
NAMED = Table("named", METADATA, Column("name", String(20), primary_key=True))
PLAIN = Table(
    "plain",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=True),
)

TEXTS = [
    None,
    "",
    "\\",
    "\\N",
    "\\.",
    "\\n",
    "a\tb\nc\rd\\t",
    "\v\f\b",
    "'; DROP TABLE things; --",
    '"quoted" %s %% ? :name {}',
    "Ωμέγα 東京 🏗️ \u202e",
    " leading and trailing ",
    "\x01\x7f",
    "x" * 100_000,
]


@pytest.fixture(params=["few", "many"])
def tables(
    any_database: Database, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """Two tables of no row; what is a few rows, and what many, changes in different ways."""
    if request.param == "many":
        monkeypatch.setattr(bulk.postgresql, "_FEW", 0)
    any_database.migrate()
    with any_database.engine.begin() as connection:
        METADATA.create_all(connection)
    return any_database


def rows_of(connection: Connection, table: Table = THINGS) -> list[tuple[Any, ...]]:
    """All rows, by key."""
    found = connection.execute(select(table).order_by(*table.primary_key))
    return [tuple(row) for row in found]


def thing(place: str = "a", order: int = 1, **values: Any) -> tuple[Any, ...]:
    """A row in the order of the columns."""
    names = [column.name for column in THINGS.columns]
    given_ = dict.fromkeys(names) | {"place": place, "order": order} | values
    return tuple(given_[name] for name in names)


def change(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Give rows that are there, by their keys, other values."""
    places = [list(table.columns).index(column) for column in table.primary_key]
    here = {tuple(row[place] for place in places): row for row in rows_of(connection, table)}
    pairs = [(here[tuple(row[place] for place in places)], row) for row in rows]
    bulk.update(connection, table, pairs)


def test_any_text_comes_back(tables: Database) -> None:
    rows = [thing(order=i, transaction=value) for i, value in enumerate(TEXTS)]
    turned = [thing(order=i, transaction=value) for i, value in enumerate(reversed(TEXTS))]
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, rows)
        assert rows_of(connection) == rows
        change(connection, THINGS, turned)
        assert rows_of(connection) == turned


def test_text_comes_back_where_no_value_needs_storing(tables: Database) -> None:
    rows = list(enumerate(TEXTS))
    turned = list(enumerate(reversed(TEXTS)))
    with tables.engine.begin() as connection:
        bulk.insert(connection, PLAIN, rows)
        assert rows_of(connection, PLAIN) == rows
        # As they come out of JSON.
        change(connection, PLAIN, [list(row) for row in turned])
        assert rows_of(connection, PLAIN) == turned


def test_other_values_come_back(tables: Database) -> None:
    rows = [
        thing(order=1, flag=True, raw=b"", whole=2**63 - 1, amount=0, large=2**256 - 1),
        thing(order=2, flag=False, raw=bytes(range(256)), whole=-(2**63), amount=2**96 - 1),
        thing(order=3, raw=b"\\x00\\N\n\t", large=10**30),
        thing(order=4),
    ]
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, rows)
        assert rows_of(connection) == rows
        turned = [
            thing(order=i, **dict(zip(NAMES, row[3:], strict=True)))
            for i, row in enumerate(reversed(rows), 1)
        ]
        change(connection, THINGS, turned)
        assert rows_of(connection) == turned
        assert [type(row[4]) for row in rows_of(connection)[2:]] == [bool, bool]


NAMES = ("whole", "flag", "raw", "amount", "large")


def test_rows_are_the_same_as_the_models_write_them(tables: Database) -> None:
    """What bulk writes, SQLAlchemy reads, and the other way round: amounts are padded alike."""
    amounts = [0, 5, 10**20, 2**96 - 1]
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, [thing(order=i, amount=n) for i, n in enumerate(amounts)])
        values = [{"place": "b", "order": i, "amount": n} for i, n in enumerate(amounts)]
        connection.execute(THINGS.insert(), values)
        raw = connection.execute(text('SELECT place, amount FROM things ORDER BY 1, "order"'))
        by_place: dict[str, list[Any]] = {"a": [], "b": []}
        for place, amount in raw:
            by_place[place].append(amount)
    assert by_place["a"] == by_place["b"]


def test_rows_are_changed_by_their_whole_key(tables: Database) -> None:
    before = [thing(place, order, whole=0) for place in "ab" for order in (1, 2)]
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, before)
        change(connection, THINGS, [thing("a", 2, whole=7), thing("b", 1, whole=8)])
        assert [row[3] for row in rows_of(connection)] == [0, 7, 8, 0]
        bulk.update(connection, THINGS, [(thing("c", 1, whole=0), thing("c", 1, whole=9))])
        assert [row[3] for row in rows_of(connection)] == [0, 7, 8, 0]


def test_rows_are_removed_by_their_whole_key(tables: Database) -> None:
    with tables.engine.begin() as connection:
        rows = [thing(place, order) for place in ("a", "b'\\") for order in (1, 2)]
        bulk.insert(connection, THINGS, rows)
        bulk.delete(connection, THINGS, [["a", 2], ["b'\\", 1], ["c", 1]])
        assert [row[1:3] for row in rows_of(connection)] == [("a", 1), ("b'\\", 2)]


def test_the_same_rows_may_be_changed_twice(tables: Database) -> None:
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, [thing(whole=1), thing(order=2, whole=1)])
        change(connection, THINGS, [thing(whole=2), thing(order=2, whole=2)])
        change(connection, THINGS, [thing(whole=3)])
        assert [row[3] for row in rows_of(connection)] == [3, 2]
    with tables.engine.begin() as connection:
        change(connection, THINGS, [thing(order=2, whole=4)])
        assert [row[3] for row in rows_of(connection)] == [3, 4]


def test_nothing_does_nothing(tables: Database) -> None:
    said: list[str] = []
    event.listen(
        tables.engine, "before_cursor_execute", lambda *given_: said.append(str(given_[2]))
    )
    with tables.engine.connect() as connection:
        bulk.insert(connection, THINGS, [])
        bulk.update(connection, THINGS, [])
        bulk.delete(connection, THINGS, [])
    assert [each for each in said if "things" in each] == []


@pytest.mark.parametrize(
    ("column", "value", "bits"),
    [("amount", -1, 96), ("amount", 2**96, 96), ("large", -1, 256), ("large", 2**256, 256)],
)
def test_an_amount_beyond_its_column_is_refused(
    tables: Database, column: str, value: int, bits: int
) -> None:
    expected = f"things.{column}: {value}; expected an integer from 0 to 2**{bits} - 1"
    good, bad = thing(order=2), thing(**{column: value})
    for write, values in (
        (bulk.insert, [good, bad]),
        (bulk.update, [(good, good), (thing(), bad)]),
    ):
        with tables.engine.connect() as connection, connection.begin():
            with pytest.raises(MoneyRangeError) as caught:
                write(connection, THINGS, values)
            assert str(caught.value) == expected
            connection.get_transaction().rollback()


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 2**32 + 5])
def test_an_integer_beyond_its_column_is_refused(tables: Database, value: int) -> None:
    expected = f"things.order: {value}; expected an integer from -2**31 to 2**31 - 1"
    good, bad = thing(order=-(2**31)), thing(order=value)
    with tables.engine.connect() as connection, connection.begin():
        with pytest.raises(OverflowError) as caught:
            bulk.insert(connection, THINGS, [good, bad])
        assert str(caught.value) == expected
        with pytest.raises(OverflowError) as caught:
            bulk.update(connection, THINGS, [(good, good), (thing(), bad)])
        assert str(caught.value) == expected


def test_what_does_not_change_may_be_named(tables: Database) -> None:
    rows = [thing(whole=1), thing(order=2, whole=1)]
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, rows)
        bulk.update(connection, THINGS, [(rows[0], rows[0])])
        bulk.update(connection, THINGS, [(rows[0], rows[0]), (rows[1], thing(order=2, whole=5))])
        assert [row[3] for row in rows_of(connection)] == [1, 5]


def test_only_columns_that_change_are_written(database: Database) -> None:
    database.migrate()
    said: list[str] = []
    with database.engine.begin() as connection:
        METADATA.create_all(connection)
        bulk.insert(connection, THINGS, [thing(order=i) for i in range(3)])
        event.listen(
            database.engine, "before_cursor_execute", lambda *given_: said.append(str(given_[2]))
        )
        changed = [thing(order=0, whole=7), thing(order=1, whole=8), thing(order=2, transaction="")]
        bulk.update(connection, THINGS, [(thing(order=i), row) for i, row in enumerate(changed)])
        assert said == [
            'UPDATE things SET whole = ? WHERE place = ? AND "order" = ?',
            'UPDATE things SET "transaction" = ? WHERE place = ? AND "order" = ?',
        ]
        assert rows_of(connection) == changed


def test_rows_are_fetched_by_their_whole_key(tables: Database) -> None:
    places = ["a", "b'\\", 'q"u', "Ωμ", "", "[1]", "null"]
    values = {"flag": True, "raw": b"\0\xff", "amount": 2**96 - 1, "large": 2**256 - 1}
    rows = [thing(place, order, **values) for place in places for order in (1, 2)]
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, rows)
        keys = [(place, 2) for place in places]
        found = bulk.fetch(connection, THINGS, [*keys, ("a", 3), ("c", 1), keys[0]])
        assert sorted(found, key=lambda row: row[1]) == sorted(
            (row for row in rows if row[2] == 2), key=lambda row: row[1]
        )
        assert {type(row[4]) for row in found} == {bool}
        assert {type(value) for row in found for value in row[6:]} == {int}
        assert bulk.fetch(connection, THINGS, []) == []
        bulk.insert(connection, PLAIN, [(i, None) for i in range(5_000)])
        assert len(bulk.fetch(connection, PLAIN, [(i,) for i in range(9_000)])) == 5_000


def test_a_name_of_another_row_is_in_memory_once(tables: Database) -> None:
    with tables.engine.begin() as connection:
        bulk.insert(connection, NAMED, [("one",), ("two",)])
        bulk.insert(connection, NAMING, [(1, "one"), (2, "one"), (3, "two"), (4, None)])
        found = dict(bulk.fetch(connection, NAMING, [(1,), (2,), (3,), (4,)]))
    assert found == {1: "one", 2: "one", 3: "two", 4: None}
    assert found[1] is found[2]


def test_a_key_that_is_there_is_refused(tables: Database) -> None:
    with tables.engine.begin() as connection:
        bulk.insert(connection, THINGS, [thing()])
    with tables.engine.connect() as connection, pytest.raises(IntegrityError):
        bulk.insert(connection, THINGS, [thing(order=2), thing()])


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Any]:
    """Both databases with the tables, for many examples."""
    found = [
        Database(f"sqlite:///{tmp_path_factory.mktemp('bulk') / 'bulk.db'}"),
        Database(f"{postgres_server}/postgres"),
    ]
    for each in found:
        each.migrate()
        with each.engine.begin() as connection:
            METADATA.create_all(connection)
    yield found
    for each in found:
        with each.engine.begin() as connection:
            METADATA.drop_all(connection)
        each.close()


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
ROWS = st.dictionaries(
    st.tuples(WORDS, st.integers(0, 9)),
    st.fixed_dictionaries(
        {
            "transaction": st.none() | WORDS,
            "whole": st.none() | st.integers(-(2**63), 2**63 - 1),
            "flag": st.none() | st.booleans(),
            "raw": st.none() | st.binary(max_size=9),
            "amount": st.none() | st.integers(0, 2**96 - 1),
            "large": st.none() | st.integers(0, 2**256 - 1),
        }
    ),
    max_size=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=ROWS, second=ROWS)
def test_whatever_is_written_comes_back(lasting: list[Database], first: Any, second: Any) -> None:
    """Written, then what both hold is changed, then what is left of the first is removed."""
    both = {key: second[key] for key in first if key in second}
    for database in lasting:
        with database.engine.connect() as connection:
            bulk.insert(connection, THINGS, [thing(*key, **row) for key, row in first.items()])
            change(connection, THINGS, [thing(*key, **row) for key, row in both.items()])
            found = {row[1:3]: row for row in rows_of(connection)}
            expected = {key: thing(*key, **row) for key, row in (first | both).items()}
            assert found == expected
            bulk.delete(connection, THINGS, [key for key in first if key not in both])
            assert {row[1:3] for row in rows_of(connection)} == set(both)
            connection.rollback()


VALUES: dict[Any, Any] = {
    bulk.insert: [thing()],
    bulk.update: [(thing(), thing(whole=1))],
    bulk.delete: [("a", 1)],
    bulk.fetch: [("a", 1)],
}


def _without_patience(database: Database, write: Any, values: Any) -> None:
    with database.transaction() as session:
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        write(session.connection(), THINGS, values)


def _after_its_end(database: Database, write: Any, values: Any) -> None:
    with database.transaction() as session:
        own = session.connection()
        pid = own.scalar(text("SELECT pg_backend_pid()"))
        with database.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        write(own, THINGS, values)


@pytest.mark.parametrize("write", VALUES)
def test_a_database_that_does_not_do_it_is_told_as_always(
    postgres_database: Database, write: Any
) -> None:
    postgres_database.migrate()
    with postgres_database.engine.begin() as connection:
        METADATA.create_all(connection)
    values = VALUES[write]
    with postgres_database.engine.connect() as other:
        other.execute(text("LOCK TABLE things IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseUnavailableError):
            _without_patience(postgres_database, write, values)


@pytest.mark.parametrize("write", VALUES)
def test_a_database_that_goes_away_is_told_as_always(
    postgres_database: Database, write: Any
) -> None:
    postgres_database.migrate()
    with postgres_database.engine.begin() as connection:
        METADATA.create_all(connection)
    values = VALUES[write]
    with pytest.raises(DatabaseUnavailableError):
        _after_its_end(postgres_database, write, values)
    with postgres_database.transaction() as session:
        assert rows_of(session.connection()) == []
