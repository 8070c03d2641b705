"""the feed
├── over any history of blocks, reorganisations and documents, for readers of any pace
│   ├── folds to what the index holds, with nothing told twice and nothing left out
│   └── knows what became of each document that the chain names
├── after a reorganisation tells a reader of what it had, and of no more
│   ├── in the middle of taking back, on any page
│   └── when the chain went back and forth, of nothing
├── after an index that was built anew found other events in the same blocks
│   ├── tells a reader of those, and takes back first what it had of later ones
│   └── tells a reader that came later of nothing
├── of another database that has the same chain goes on, unless it was told of documents there
├── of a document that the chain does not name any more says nothing
└── refuses a cursor that it did not give (422) or that leads nowhere (410)
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from support.feed_tables import Made, Tables, made
from support.follower import Follower

from backend.db.session import Database
from backend.queries.errors import InvalidCursorError
from backend.queries.feed import FeedCursorGoneError, head, steps
from backend.queries.feed_cursor import FeedCursor, decode_cursor, start
from backend.queries.index import index_state

DOCUMENTS = [f"0x{digit * 64}" for digit in "abc"]
LIMITS = st.integers(1, 5)


def folded(tables: Tables) -> list[tuple[int, int, str]]:
    """What a reader has that has everything."""
    return [
        (block.number, index, block.hash)
        for block in tables.chain
        for index in range(len(block.events))
    ]


class Histories(RuleBasedStateMachine):
    """Blocks come and go, documents too, and readers read when they like."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.tables = Tables(self.database)
        self.readers = [Follower(self.database) for _ in range(3)]
        self.salt = 0
        self.abandoned: list[Made] = []

    @initialize()
    def begin(self) -> None:
        self.tables.begin()

    @rule(events=st.lists(st.sampled_from([None, None, *DOCUMENTS]), max_size=4))
    def block(self, events: list[str | None]) -> None:
        self.salt += 1
        self.tables.add(made(self.tables.chain[-1], self.salt, tuple(events)))

    @rule(depth=st.integers(1, 6))
    def give_up(self, depth: int) -> None:
        depth = min(depth, len(self.tables.chain) - 1)
        if depth:
            self.abandoned = self.tables.back(depth)

    @rule(blocks=st.integers(1, 6))
    def come_back(self, blocks: int) -> None:
        """Blocks that were given up last are the chain's again, if their parent is in it still."""
        hashes = [block.hash for block in self.tables.chain]
        if not self.abandoned or self.abandoned[0].parent not in hashes:
            return
        above = len(hashes) - 1 - hashes.index(self.abandoned[0].parent)
        again = self.abandoned[:blocks]
        self.abandoned = self.tables.back(above) if above else []
        for block in again:
            self.tables.add(block)

    @rule(depth=st.integers(1, 5), events=st.integers(0, 4))
    def repair(self, depth: int, events: int) -> None:
        """An index that was built anew found more in a block, or less."""
        number = len(self.tables.chain) - depth
        if number > 0:
            self.tables.repair(number, events)

    @rule(document=st.sampled_from(DOCUMENTS), state=st.sampled_from(["missing", "present"]))
    def document(self, document: str, state: str) -> None:
        self.tables.change(document, state)

    @rule(reader=st.integers(0, 2), limit=LIMITS)
    def read(self, reader: int, limit: int) -> None:
        self.readers[reader].read(limit)

    def teardown(self) -> None:
        for limit, reader in enumerate(self.readers, 1):
            reader.read_all(limit)
            assert reader.log == folded(self.tables)
            states = self.tables.states()
            assert {digest: reader.known[digest] for digest in states} == states
        with self.database.reading() as session:
            end = head(session, index_state(session)).encode()
        assert {reader.cursor for reader in self.readers} == {end}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_over_any_history_nothing_is_missed_and_nothing_told_twice(
    kind: str, request: pytest.FixtureRequest
) -> None:
    name = "database" if kind == "sqlite" else "postgres_database"
    machine = type("Machine", (Histories,), {"database": request.getfixturevalue(name)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40 if kind == "sqlite" else 8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def tables(any_database: Database) -> Tables:
    """Three blocks of two events each."""
    found = Tables(any_database)
    found.begin()
    for number in range(3):
        found.add(made(found.chain[-1], number, (None, None)))
    return found


def told(tables: Tables, cursor: FeedCursor | None, limit: int = 100) -> list[tuple[str, int, int]]:
    """What comes next: kind, block and log index."""
    with tables.database.reading() as session:
        page = steps(session, index_state(session), cursor, limit)
    return [
        (
            "-" if type(step.row).__name__ == "Retraction" else "+",
            step.row.block,
            step.row.log_index,
        )
        for step in page.steps
    ]


def place(tables: Tables, block: int, log_index: int, document: int = 0) -> FeedCursor:
    """The cursor of a reader that has everything up to an event."""
    with tables.database.reading() as session:
        begun = start(index_state(session))
    digest = tables.chain[block].hash[2:18]
    return replace(begun, block=block, log_index=log_index, block_hash=digest, document=document)


def test_begins_at_the_start_and_ends_at_the_end(tables: Tables) -> None:
    everything = [("+", block, index) for block in (1, 2, 3) for index in (0, 1)]
    assert told(tables, None) == everything
    assert told(tables, place(tables, 2, 0)) == everything[3:]
    assert told(tables, place(tables, 3, 1)) == []


@pytest.mark.parametrize(
    ("block", "log_index", "back"),
    [(3, 1, [(3, 1), (3, 0), (2, 1), (2, 0)]), (2, 0, [(2, 0)]), (1, 1, [])],
)
def test_takes_back_what_a_reader_had_and_no_more(
    tables: Tables, block: int, log_index: int, back: list[tuple[int, int]]
) -> None:
    cursor = place(tables, block, log_index)
    tables.back(2)
    tables.add(made(tables.chain[-1], 9, (None,)))
    assert told(tables, cursor) == [*(("-", *each) for each in back), ("+", 2, 0)]


@pytest.mark.parametrize("limit", range(1, 7))
def test_takes_back_on_any_page(tables: Tables, limit: int) -> None:
    reader = Follower(tables.database)
    reader.read_all(100)
    tables.back(2)
    tables.add(made(tables.chain[-1], 9, (None,)))
    tables.back(2)
    tables.add(made(tables.chain[-1], 10, (None, None, None)))
    reader.read_all(limit)
    assert reader.log == folded(tables)


def test_says_nothing_where_the_chain_went_back_and_forth(tables: Tables) -> None:
    cursor = place(tables, 3, 1)
    blocks = tables.back(2)
    tables.add(made(tables.chain[-1], 9, (None,)))
    tables.back(1)
    for block in blocks:
        tables.add(block)
    assert told(tables, cursor) == []


def test_everything_taken_back_leaves_the_start(tables: Tables) -> None:
    reader = Follower(tables.database)
    reader.read_all(4)
    tables.back(3)
    reader.read_all(4)
    assert reader.log == []
    with tables.database.reading() as session:
        end = head(session, index_state(session))
    assert (reader.cursor, end.block, end.block_hash) == (end.encode(), -1, "")


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize(("found", "back"), [(3, [(3, 1), (3, 0)]), (1, [(3, 1), (3, 0), (2, 1)])])
def test_tells_of_what_was_repaired(
    tables: Tables, found: int, back: list[tuple[int, int]], limit: int
) -> None:
    reader, early, late = (Follower(tables.database) for _ in range(3))
    reader.read_all(100)
    early.read(3)
    cursor, before = place(tables, 3, 1), place(tables, 1, 1)
    tables.repair(2, found)
    again = [("+", 2, 2)] if found == 3 else []
    again += [("+", 3, 0), ("+", 3, 1)]
    assert told(tables, cursor) == [*(("-", *each) for each in back), *again]
    assert told(tables, before)[:2] == [("+", 2, 0), ("+", 2, 1) if found == 3 else ("+", 3, 0)]
    for each in (reader, early, late):
        each.read_all(limit)
        assert each.log == folded(tables)
    with tables.database.reading() as session:
        assert told(tables, head(session, index_state(session))) == []
    tables.back(1)
    reader.read_all(limit)
    assert reader.log == folded(tables)


def test_a_cursor_of_another_database_goes_on(tables: Tables) -> None:
    """Each counts its own reorganisations and changes of documents: those tell nothing here."""
    named = DOCUMENTS[0]
    tables.add(made(tables.chain[-1], 3, (named,)))
    tables.change(named, "present")
    cursor = replace(place(tables, 3, 1), reorganization=7, reorganization_tag="ab")
    assert told(tables, cursor) == [("+", 4, 0), ("+", 4, 0)]
    for number in (1, 2):
        with pytest.raises(FeedCursorGoneError, match="a document that this index never had"):
            told(tables, replace(cursor, document=number, document_tag="ab"))
    tables.back(2)
    tables.add(made(tables.chain[-1], 9, (None,)))
    assert told(tables, cursor) == [("-", 3, 1), ("-", 3, 0), ("+", 3, 0)]
    assert told(tables, replace(cursor, block=2, block_hash=tables.chain[2].hash[2:18])) == [
        ("+", 3, 0)
    ]


def test_tells_what_became_of_documents_that_the_chain_names(tables: Tables) -> None:
    named, unnamed = DOCUMENTS[:2]
    tables.add(made(tables.chain[-1], 3, (named,)))
    tables.add(made(tables.chain[-1], 4, (unnamed,)))
    reader = Follower(tables.database)
    reader.read_all(100)
    tables.change(named, "present")
    tables.change(unnamed, "present")
    tables.back(1)
    reader.read_all(1)
    assert (reader.changes, reader.known[named]) == ([1], "present")
    tables.change(named, "erased")
    reader.read_all(1)
    assert (reader.changes, reader.known[named]) == ([1, 4], "erased")


def coded(*values: Any) -> str:
    """A cursor of these values."""
    text = json.dumps(values).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "WyJ",
        coded(),
        coded(2, "ab", 1, 0, "ab"),
        coded(3, "ab", 1, 0, "ab", 0, "", 0, ""),
        coded(2, "ab", -2, 0, "ab", 0, "", 0, ""),
        coded(2, "ab", 2**63, 0, "ab", 0, "", 0, ""),
        coded(2, "ab", 1, True, "ab", 0, "", 0, ""),
        coded(2, "ab", 1, 0, "zz", 0, "", 0, ""),
        coded(2, "ab", 1, 0, None, 0, "", 0, ""),
        coded(2, "ab", 1, 0, "ab", -2, "", 0, ""),
        coded(2, "ab", 1, 0, "ab", 0, 0, 0, ""),
        coded(2, "ab", 1, 0, "ab", 0, "", "0", ""),
        coded(2, "ab", 1, 0, "ab", 0, "", 0, "x"),
        coded(2, "a" * 17, 1, 0, "ab", 0, "", 0, ""),
        coded(2, "ab", 1.5, 0, "ab", 0, "", 0, ""),
        coded(2, "ab", "a", 0, "", 0, "", 0, ""),
        coded(2, "ab", None, 0, "", 0, "", 0, ""),
        coded(2, "ab", [], 0, "", 0, "", 0, ""),
        coded(2, "ab", True, 0, "ab", 0, "", 0, ""),
        coded(2, "ab", float("inf"), 0, "ab", 0, "", 0, ""),
        coded(2, "ab", 1, 2**31, "ab", 0, "", 0, ""),
        coded(2, "ab", 1, -1, "ab", 0, "", 0, ""),
        coded(2, "ab", 1, 0, "ab", 2**31, "", 0, ""),
        coded(2, "ab", 1, 0, "ab", True, "", 0, ""),
        coded(2, "ab", 1, 0, "ab", 0, "", 2**31, ""),
        coded(2, "ab", 1, 0, "ab", 0, "", -1, ""),
        coded(2.0, "ab", 1, 0, "ab", 0, "", 0, ""),
        base64.urlsafe_b64encode(b"[" * 600).decode().rstrip("="),
    ],
)
def test_refuses_what_is_no_cursor(text: str) -> None:
    with pytest.raises(InvalidCursorError) as refused:
        decode_cursor(text)
    assert refused.value.detail == (
        f"{text!r:.60} is no cursor of the feed; expected `next` of an answer or `cursor` of an "
        "item, or nothing to begin at the start."
    )


def test_a_cursor_is_read_as_it_was_written(tables: Tables) -> None:
    cursor = place(tables, 2, 1, 7)
    assert decode_cursor(cursor.encode()) == cursor


def gone(tables: Tables, cursor: FeedCursor) -> str:
    """Why a cursor leads nowhere."""
    with (
        tables.database.reading() as session,
        pytest.raises(FeedCursorGoneError) as refused,
    ):
        steps(session, index_state(session), cursor, 1)
    return refused.value.detail


def test_refuses_a_cursor_that_leads_nowhere(tables: Tables) -> None:
    advice = " Forget what was read and begin without a cursor."
    cursor = place(tables, 2, 1)
    other = "The cursor leads nowhere: it was made by an index of another chain or version."
    assert gone(tables, replace(cursor, index="0123456789abcdef")) == other + advice
    assert gone(tables, decode_cursor(coded(1, cursor.index, 1, 0, "ab", 0))) == other + advice
    never = "The cursor leads nowhere: it is of an event of block {} that this index never had."
    assert gone(tables, replace(cursor, block_hash="ab")) == never.format(2) + advice
    assert gone(tables, replace(cursor, block=9)) == never.format(9) + advice
    tables.back(2)
    assert gone(tables, replace(cursor, block_hash="ab")) == never.format(2) + advice


def test_an_index_of_the_same_chain_that_was_built_anew_goes_on(tables: Tables) -> None:
    cursor, chain = place(tables, 2, 0), tables.chain
    again = Tables(tables.database)
    again.begin()
    for block in chain[1:3]:
        again.add(block)
    assert told(again, cursor) == [("+", 2, 1)]
    assert "block 3" in gone(again, replace(cursor, block=3, block_hash=chain[3].hash[2:18]))
