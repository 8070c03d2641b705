"""rows of a batch
├── that are found
│   ├── come from the database once, then from memory
│   ├── and are not there are known to be missing
│   ├── and were never made are not looked for, where nothing was there at the beginning
│   └── by other columns are as the batch, and the batch before, have left them
├── that are new have the columns' defaults, and are written once however often they change
├── that change are found by comparing, and only these are written
├── that change back, or do not change, are not written
├── can be taken back: the way back says what each was before the batch, or each of its blocks
├── are counted by their values, and those that the database had are counted twice
├── whose history was taken are not told of it again
├── are kept for the next batch
│   ├── whichever they are, until that is committed
│   ├── of some models for longer, as many as the limit says
│   └── and their numbers go on, also once memory is lost
└── have the shape of their model
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import fields
from sqlalchemy import event as sa_event
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.crafted import ACCOUNT, LINE, MEMBER, OTHER, SUPPLIER, TOKEN

from backend.chain.events import Origin
from backend.core.documents import DocumentStore
from backend.db.base import Base
from backend.db.models import BudgetLine, EventRow, Participant, Token, Undo
from backend.db.session import Database
from backend.projections.cache import Cache
from backend.projections.rows import Changes, ProjectionError, Rows, born
from backend.projections.shapes import shape_of

AGREEMENT = "0x" + "3" * 40
WIDTH = len(Token.__table__.columns)


def origin(block: int) -> Origin:
    """An event of a block."""
    return Origin(block, f"0x{block:064x}", block, f"0x{block:064x}", 0, 0, ACCOUNT)


def token(rows: Rows, address: str, block: int = 1) -> Any:
    """A new token, of a currency of its own."""
    number = rows.next_number(Token)
    return rows.new(
        Token,
        address=address,
        number=number,
        currency=f"{number:03d}",
        decimals=2,
        **born(origin(block)),
    )


def person(rows: Rows, key: str, block: int = 1) -> Any:
    """A new participant, who is not kept for long."""
    return rows.new(
        Participant,
        id=key,
        number=rows.next_number(Participant),
        scheme="X",
        identifier=key,
        account=None,
        organization=None,
        roles=2,
        standing="active",
        registered_at=1,
        document=None,
        name_key=key,
        search=key,
        **born(origin(block)),
    )


def budget_line(rows: Rows) -> Any:
    """A new line of the budget of SUPPLIER."""
    return rows.new(
        BudgetLine,
        id=LINE,
        number=1,
        buyer=SUPPLIER,
        token=TOKEN,
        fiscal_year=2024,
        code="1",
        appropriated=9,
        document=None,
        **born(origin(2)),
    )


class Bench:
    """A database with its tables, on which batches are folded."""

    def __init__(self, database: Database, store: DocumentStore) -> None:
        self.database, self.store, self.cache = database, store, Cache()
        database.migrate()

    def fold(self, work: Callable[[Rows], object], undo: int | None = None) -> Changes:
        """Fold a batch and write it."""
        changes = self.prepare(work, undo)
        told = Changes(dict(changes.added), dict(changes.changed))
        self.write(changes)
        return told

    def prepare(self, work: Callable[[Rows], object], undo: int | None = None) -> Changes:
        """Fold a batch, and leave it to be written."""
        with self.database.reading() as session:
            rows = self.rows(session)
            work(rows)
            if undo is not None:
                rows.mark(undo)
            return rows.changes()

    def rows(self, session: Session) -> Rows:
        """The rows of another batch."""
        return Rows(session, self.store, self.cache)

    def write(self, changes: Changes) -> None:
        """Commit a batch."""
        with self.database.transaction() as session:
            changes.write(session.connection())

    def all(self, model: Any, *columns: str) -> list[tuple[Any, ...]]:
        """Columns of all rows, by key."""
        wanted = select(*(getattr(model, name) for name in columns))
        with self.database.reading() as session:
            found = session.execute(wanted.order_by(*model.__table__.primary_key))
            return [tuple(row) for row in found]


@pytest.fixture
def bench(any_database: Database, store: DocumentStore) -> Bench:
    return Bench(any_database, store)


def summary(changes: Changes) -> dict[str, tuple[int, int]]:
    """Table → rows that are added and changed, where there are any."""
    tables = {*changes.added, *changes.changed}
    counts = {
        table.name: (len(changes.added.get(table, ())), len(changes.changed.get(table, ())))
        for table in tables
    }
    return {name: found for name, found in counts.items() if any(found)}


# --- found ---


def test_come_from_the_database_once(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])
    bench.cache = Cache()
    said: list[str] = []
    sa_event.listen(
        bench.database.engine, "before_cursor_execute", lambda *given: said.append(given[2])
    )
    with bench.database.reading() as session:
        rows = bench.rows(session)
        first = rows.get(Token, TOKEN)
        assert rows.get(Token, TOKEN) is rows.find(Token, TOKEN) is first
        rows.prefetch(Token, [TOKEN])
        rows.prefetch(Participant, [SUPPLIER, OTHER])
        assert rows.get(Participant, SUPPLIER).identifier == SUPPLIER
        assert rows.find(Participant, OTHER) is None
    assert len([each for each in said if each.startswith("SELECT")]) == 2


def test_what_is_not_there_is_missing(bench: Bench) -> None:
    with bench.database.reading() as session:
        rows = bench.rows(session)
        assert rows.find(Token, TOKEN) is None
        with pytest.raises(ProjectionError) as caught:
            rows.get(Token, TOKEN)
    assert caught.value.detail == f"Token '{TOKEN}' is not in the index."
    assert caught.value.status == 500


def test_many_rows_are_found_at_once(bench: Bench) -> None:
    keys = [f"0x{number:040x}" for number in range(900)]
    bench.fold(lambda rows: [token(rows, key) for key in keys])
    bench.cache = Cache()
    with bench.database.reading() as session:
        rows = bench.rows(session)
        rows.prefetch(Token, [*keys, TOKEN])
        assert [rows.get(Token, key).number for key in keys] == list(range(1, 901))
        assert rows.find(Token, TOKEN) is None


@pytest.mark.parametrize(("empty", "asked"), [(True, 1), (False, 2)])
def test_what_was_never_made_is_not_looked_for(bench: Bench, empty: bool, asked: int) -> None:
    bench.cache = Cache(limit=0, empty=empty)
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])
    bench.cache.stored()
    said: list[str] = []
    sa_event.listen(
        bench.database.engine, "before_cursor_execute", lambda *given: said.append(given[2])
    )
    with bench.database.reading() as session:
        rows = bench.rows(session)
        assert rows.get(Token, TOKEN).number == 1
        rows.prefetch(Participant, [MEMBER, OTHER])
        assert rows.find(Participant, MEMBER) is None
        assert rows.find(Participant, OTHER) is None
    assert len([each for each in said if each.startswith("SELECT")]) == asked


def test_by_columns_as_the_batch_has_left_them(bench: Bench) -> None:
    def first(rows: Rows) -> None:
        for number, key in enumerate((SUPPLIER, MEMBER, OTHER)):
            person(rows, key).roles = number % 2

    bench.fold(first)
    bench.cache = Cache()
    with bench.database.reading() as session:
        rows = bench.rows(session)
        rows.get(Participant, MEMBER).roles = 0
        rows.get(Participant, OTHER).roles = 7
        person(rows, LINE).roles = 0
        found = rows.select(Participant, roles=0)
        assert [each.id for each in found] == sorted([SUPPLIER, MEMBER, LINE])
        assert found[0] is rows.get(Participant, found[0].id)
        assert [each.id for each in rows.select(Participant, roles=0, account=None)] == [
            each.id for each in found
        ]
        assert rows.select(Participant, roles=0, account=ACCOUNT) == []


@pytest.mark.parametrize("committed", ["before", "meanwhile", "later"])
def test_by_columns_as_the_batch_before_has_left_them(bench: Bench, committed: str) -> None:
    """This batch's session may not see what the one before does."""

    def first(rows: Rows) -> None:
        person(rows, SUPPLIER).roles = 4
        person(rows, MEMBER).roles = 4

    def second(rows: Rows) -> None:
        rows.get(Participant, MEMBER).roles = 5
        person(rows, OTHER).roles = 4

    bench.fold(first)
    changes = bench.prepare(second)
    with bench.database.reading() as session:
        if committed == "before":
            bench.write(changes)
        rows = bench.rows(session)
        assert rows.find(Token, TOKEN) is None
        if committed == "meanwhile":
            bench.write(changes)
        found = rows.select(Participant, roles=4)
        assert [each.id for each in found] == sorted([SUPPLIER, OTHER])
        assert [each.id for each in rows.select(Participant, roles=5)] == [MEMBER]
        found[0].standing = "suspended"
        left = rows.changes()
    assert summary(left) == {"participants": (0, 1)}


# --- changed ---


def test_new_ones_are_written_once_however_often_they_change(bench: Bench) -> None:
    def work(rows: Rows) -> None:
        row = token(rows, TOKEN)
        assert (row.issued, row.redeemed) == (0, 0)
        row.issued = 5
        assert rows.select(Token, issued=5) == [row]
        row.issued = 7

    assert summary(bench.fold(work)) == {"tokens": (1, 0)}
    assert bench.all(Token, "address", "issued", "redeemed") == [(TOKEN, 7, 0)]


def test_changes_are_found_by_comparing(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), token(rows, ACCOUNT), person(rows, SUPPLIER)])

    def work(rows: Rows) -> None:
        rows.get(Token, TOKEN).issued = 2**200
        rows.get(Token, ACCOUNT)
        rows.get(Participant, SUPPLIER).account = ACCOUNT

    changes = bench.fold(work)
    assert summary(changes) == {"tokens": (0, 1), "participants": (0, 1)}
    ((before, after),) = changes.changed[shape_of(Token).table]
    names = [column.name for column in shape_of(Token).table.columns]
    differing = [
        (name, old, new) for name, old, new in zip(names, before, after, strict=True) if old != new
    ]
    assert differing == [("issued", 0, 2**200)]
    assert dict(bench.all(Token, "address", "issued")) == {TOKEN: 2**200, ACCOUNT: 0}
    assert bench.all(Participant, "account") == [(ACCOUNT,)]


def test_what_changes_back_is_not_written(bench: Bench) -> None:
    bench.fold(lambda rows: token(rows, TOKEN))

    def work(rows: Rows) -> None:
        row = rows.get(Token, TOKEN)
        row.issued = 5
        row.issued = 0

    assert summary(bench.fold(work, undo=9)) == {}


def test_a_touch_says_which_event_was_last(bench: Bench) -> None:
    bench.fold(lambda rows: token(rows, TOKEN))
    last = Origin(7, "0x7", 8, "0x77", 1, 3, ACCOUNT)
    bench.fold(lambda rows: rows.touch(rows.get(Token, TOKEN), last))
    columns = ("made_block", "changed_block", "changed_transaction", "changed_log_index")
    assert bench.all(Token, *columns) == [(1, 7, "0x77", 3)]


# --- taken back ---


def test_the_way_back_says_what_each_was_before(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])
    (was,) = bench.all(Token, *[column.name for column in shape_of(Token).table.columns])

    def work(rows: Rows) -> None:
        row = rows.get(Token, TOKEN)
        row.issued = 5
        rows.select(Token, issued=5)
        row.issued = 2**255
        rows.get(Participant, SUPPLIER)
        budget_line(rows).committed = 4

    bench.fold(work, undo=12)
    columns = ("block", "position", "table", "key", "before")
    found = bench.all(Undo, *columns)
    assert [row[:2] for row in found] == [(12, 0), (12, 1)]
    told = {row[2]: (json.loads(row[3]), row[4]) for row in found}
    assert json.loads(told["tokens"][1]) == list(was)
    assert told["tokens"][0] == [TOKEN]
    assert told["budget_lines"] == ([LINE], None)


def test_what_is_passed_over_has_no_way_back(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])

    def work(rows: Rows) -> None:
        rows.get(Token, TOKEN).issued = 5
        rows.pass_over()
        rows.get(Participant, SUPPLIER).roles = 9

    assert summary(bench.fold(work, undo=9)) == {
        "tokens": (0, 1),
        "participants": (0, 1),
        "undo": (1, 0),
    }


def test_the_way_back_has_each_block_of_a_batch(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])

    def work(rows: Rows) -> None:
        rows.get(Token, TOKEN).issued = 5
        token(rows, ACCOUNT)
        rows.mark(7)
        rows.get(Participant, SUPPLIER)
        rows.mark(8)
        rows.select(Token, issued=5)[0].issued = 6
        rows.get(Token, ACCOUNT).issued = 1
        rows.mark(9)
        # Back to what it was before the batch, which leaves nothing to write.
        rows.get(Token, TOKEN).issued = 0
        rows.mark(10)

    changes = bench.fold(work)
    assert summary(changes) == {"tokens": (1, 0), "undo": (5, 0)}
    place = shape_of(Token).table.columns.keys().index("issued")
    found = bench.all(Undo, "block", "position", "key", "before")
    assert [(*row[:2], json.loads(row[2])[0], _at(row[3], place)) for row in found] == [
        (7, 0, TOKEN, 0),
        (7, 1, ACCOUNT, None),
        (9, 0, TOKEN, 5),
        (9, 1, ACCOUNT, 0),
        (10, 0, TOKEN, 6),
    ]
    assert dict(bench.all(Token, "address", "issued")) == {TOKEN: 0, ACCOUNT: 1}


def _at(before: str | None, place: int) -> Any:
    return None if before is None else json.loads(before)[place]


def test_without_a_block_there_is_no_way_back(bench: Bench) -> None:
    bench.fold(lambda rows: token(rows, TOKEN))
    assert bench.all(Undo, "block") == []


# --- in memory ---


def test_what_was_read_counts_beside_what_it_becomes(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), token(rows, ACCOUNT)])
    bench.cache = Cache(limit=WIDTH)
    bench.fold(lambda rows: rows.get(Token, ACCOUNT))
    with bench.database.reading() as session:
        rows = bench.rows(session)
        rows.get(Token, ACCOUNT)
        assert rows.size == WIDTH
        rows.get(Token, TOKEN)
        assert rows.size == 3 * WIDTH
        token(rows, OTHER)
        assert rows.size == 4 * WIDTH


def test_history_is_handed_over_once(bench: Bench) -> None:
    undo, events = shape_of(Undo).table, shape_of(EventRow).table
    with bench.database.reading() as session:
        rows = bench.rows(session)
        token(rows, TOKEN)
        rows.mark(7)
        rows.add_event((7, 0))
        taken = rows.take_history()
        assert {table: [row[0] for row in found] for table, found in taken.items()} == {
            undo: [7],
            events: [7],
        }
        assert rows.take_history() == {}
        rows.add_event((8, 0))
        changes = rows.changes()
    assert (changes.added[events], summary(changes)) == (
        [(8, 0)],
        {"tokens": (1, 0), "events": (1, 0)},
    )


# --- kept ---


def test_the_batch_before_is_seen_before_it_is_committed(bench: Bench) -> None:
    changes = bench.prepare(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])

    def work(rows: Rows) -> None:
        rows.get(Token, TOKEN).issued += 1
        rows.get(Participant, SUPPLIER).roles = 9

    later = bench.prepare(work)
    assert summary(later) == {"tokens": (0, 1), "participants": (0, 1)}
    for each in (changes, later):
        bench.write(each)
    assert bench.all(Token, "issued") == [(1,)]
    assert bench.all(Participant, "roles") == [(9,)]


def test_some_models_are_kept_longer(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])
    assert list(bench.cache.find(Token, [TOKEN, ACCOUNT])) == [TOKEN]
    assert list(bench.cache.find(Participant, [SUPPLIER, OTHER])) == [SUPPLIER]
    bench.fold(lambda rows: rows.find(Token, ACCOUNT))
    assert list(bench.cache.find(Token, [TOKEN, ACCOUNT])) == [TOKEN]
    assert not bench.cache.find(Participant, [SUPPLIER, OTHER])


def kept_tokens(cache: Cache) -> list[int]:
    """Which of the first tokens are kept, whose addresses count from 0."""
    found = cache.find(Token, [f"0x{number:040x}" for number in range(20)])
    return [int(key, 16) for key in found]


def test_others_are_kept_until_they_are_stored(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])
    bench.cache.stored()
    assert list(bench.cache.find(Token, [TOKEN])) == [TOKEN]
    assert not bench.cache.find(Participant, [SUPPLIER])
    assert bench.cache.latest(Token) == []
    bench.fold(lambda rows: rows.get(Participant, SUPPLIER))
    assert list(bench.cache.find(Participant, [SUPPLIER])) == [SUPPLIER]


def test_what_is_kept_stays_as_it_is_until_a_batch_ends(bench: Bench) -> None:
    bench.fold(lambda rows: token(rows, TOKEN))
    issued = [column.name for column in Token.__table__.columns].index("issued")
    with bench.database.reading() as session:
        rows = bench.rows(session)
        rows.get(Token, TOKEN).issued = 5
        assert bench.cache.find(Token, [TOKEN])[TOKEN][issued] == 0
        changes = rows.changes()
    assert [(was[issued], now[issued]) for was, now in changes.changed[Token.__table__]] == [(0, 5)]
    assert bench.cache.find(Token, [TOKEN])[TOKEN][issued] == 5


def test_no_more_are_kept_than_the_limit_says(bench: Bench) -> None:
    bench.cache = Cache(limit=3 * WIDTH)
    for number in range(5):
        bench.fold(lambda rows, key=f"0x{number:040x}": token(rows, key))
    assert kept_tokens(bench.cache) == [2, 3, 4]
    bench.fold(lambda rows: rows.get(Token, f"0x{2:040x}"))
    bench.fold(lambda rows: token(rows, f"0x{5:040x}"))
    assert kept_tokens(bench.cache) == [2, 4, 5]
    bench.fold(lambda rows: [token(rows, f"0x{number:040x}") for number in range(6, 12)])
    assert kept_tokens(bench.cache) == [6, 7, 8, 9, 10, 11]
    assert len(bench.all(Token, "number")) == 12


def test_wider_rows_take_more_of_the_limit(bench: Bench) -> None:
    bench.cache = Cache(limit=2 * WIDTH)
    bench.fold(lambda rows: [token(rows, f"0x{number:040x}") for number in range(4)])
    bench.cache.stored()
    assert kept_tokens(bench.cache) == [2, 3]
    bench.prepare(budget_line)
    bench.cache.stored()
    assert kept_tokens(bench.cache) == []
    assert list(bench.cache.find(BudgetLine, [LINE])) == [LINE]


def test_numbers_go_on_when_memory_is_lost(bench: Bench) -> None:
    bench.fold(lambda rows: [token(rows, TOKEN), person(rows, SUPPLIER)])
    bench.fold(lambda rows: [token(rows, ACCOUNT), person(rows, MEMBER), person(rows, OTHER)])
    bench.cache = Cache()
    bench.fold(lambda rows: [token(rows, AGREEMENT), person(rows, LINE)])
    assert sorted(bench.all(Token, "number")) == [(1,), (2,), (3,)]
    assert dict(bench.all(Participant, "id", "number")) == {
        SUPPLIER: 1,
        MEMBER: 2,
        OTHER: 3,
        LINE: 4,
    }


# --- shapes ---


def name_of(mapper: Any) -> str:
    return str(mapper.class_.__name__)


@pytest.mark.parametrize("mapper", sorted(Base.registry.mappers, key=name_of), ids=name_of)
def test_rows_have_the_shape_of_their_model(mapper: Any) -> None:
    shape = shape_of(mapper.class_)
    names = [column.name for column in mapper.local_table.columns]
    assert [field.name for field in fields(shape.make)] == names
    row = shape.make(*names)
    keys = [column.name for column in mapper.primary_key]
    expected = keys[0] if len(keys) == 1 else tuple(keys)
    assert shape.key_of(row) == shape.key_in(tuple(names)) == expected


def test_a_payment_must_be_under_way(bench: Bench) -> None:
    with bench.database.reading() as session:
        rows = bench.rows(session)
        place = Origin(7, "0x7", 8, "0x77", 1, 3, ACCOUNT)
        with pytest.raises(ProjectionError) as caught:
            rows.payment_under_way(place)
    assert caught.value.detail == (
        f"No payment of {ACCOUNT} precedes log 3 of block 7 in its transaction."
    )
