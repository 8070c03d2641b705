"""an index that is built beside the one that is served and takes its place, on both databases
├── of the same chain
│   ├── publishes nothing, and keeps all that was published before
│   ├── as one that was broken off, or that saw blocks given up meanwhile: the same
│   └── has a revision that none before had: nothing that is kept of those fits
├── of a chain that has other blocks
│   ├── retracts what was published and is no more, under the next number
│   ├── says which block is the last that both have; the first one, where no other is known
│   └── whoever follows by reorganisation, block and log has in the end what the new one has
├── of another version, which finds more events in the same blocks, or has other columns: the same
├── while the one that is served is ahead
│   ├── waits until it is level
│   └── of blocks that the chain gave up: does not wait for those
└── that fails in the last step: nothing is replaced, and nothing published
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, inspect, select
from support.node import anvil
from support.rows import Dump, dump, without_revision
from support.world import SUPPLIER, World, deploy

from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.models import Cursor, EventRow, Reorganization, Retraction
from backend.db.session import AheadError, Database
from backend.indexer import Indexer, Policy, begin_anew, build_beside, prepare

START = 1_704_067_200
POLICY = Policy(confirmations=1_000, behind_seconds=0.0)
FINAL = Policy(confirmations=0, behind_seconds=0.0)

Place = tuple[int, int, str]
"""Block, number of the log, hash of the block."""


@pytest.fixture(scope="module")
def node() -> Iterator[World]:
    with anvil() as url, Rpc(url) as rpc:
        world = deploy(rpc, START)
        for number in range(3):
            world.register(SUPPLIER, identifier=f"early-{number}")
        yield world


@pytest.fixture
def world(node: World) -> Iterator[World]:
    snapshot, state = node.rpc.call("evm_snapshot"), (node.now, node.people, node.nonces)
    yield node
    node.rpc.call("evm_revert", snapshot)
    node.now, node.people, node.nonces = state


def indexer_of(
    world: World, database: Database, store: DocumentStore, policy: Policy = POLICY
) -> Indexer:
    return Indexer(database, Nodes([world.rpc]), world.deployment, store, policy)


@pytest.fixture
def indexer(world: World, any_database: Database, store: DocumentStore) -> Indexer:
    """One that has the chain as it is."""
    found = indexer_of(world, any_database, store)
    found.prepare()
    found.run()
    return found


def head(world: World) -> int:
    return int(world.rpc.call("eth_blockNumber"), 16)


def hash_at(world: World, number: int) -> str:
    return str(world.rpc.call("eth_getBlockByNumber", hex(number), False)["hash"])


def register(world: World, *names: str) -> None:
    for name in names:
        world.register(SUPPLIER, identifier=name)


def rewrite(world: World, depth: int, *names: str) -> None:
    """Give up the last blocks for as many others."""
    world.rpc.call("anvil_rollback", depth)
    register(world, *names)


def events(database: Database) -> set[Place]:
    """All events that are published."""
    with database.reading() as session:
        places = select(EventRow.block, EventRow.log_index, EventRow.block_hash)
        return {(row[0], row[1], row[2]) for row in session.execute(places)}


def rows(database: Database) -> Dump:
    """All rows, but for the revision, which no two indexes share."""
    return without_revision(dump(database))


def retractions(database: Database) -> dict[int, set[Place]]:
    """What each reorganisation took back."""
    found: dict[int, set[Place]] = {number: set() for number, *_ in reorganizations(database)}
    with database.reading() as session:
        for row in session.scalars(select(Retraction)):
            found[row.reorganization].add((row.block, row.log_index, row.block_hash))
    return found


def reorganizations(database: Database) -> list[tuple[Any, ...]]:
    """Number, the last block that stayed, and the last that went."""
    names = ("number", "fork_block", "fork_hash", "block", "block_hash")
    with database.reading() as session:
        rows = session.scalars(select(Reorganization).order_by(Reorganization.number))
        return [tuple(getattr(row, name) for name in names) for row in rows]


class Follower:
    """Keeps what is published by reading on from where it stands: reorganisation, block, log."""

    def __init__(self) -> None:
        self.number = 0
        self.block = -1
        self.has: set[Place] = set()

    def read(self, database: Database) -> None:
        """Take back what was retracted since, and read on from there."""
        for number, fork, *_ in reorganizations(database):
            if number > self.number:
                gone = retractions(database)[number]
                assert {each for each in self.has if each[0] > fork} <= gone
                self.has -= gone
                self.number, self.block = number, min(self.block, fork)
        new = {each for each in events(database) if each[0] > self.block}
        self.has |= new
        self.block = max([self.block, *[each[0] for each in new]])


def test_of_the_same_chain(world: World, any_database: Database, indexer: Indexer) -> None:
    register(world, "a", "b")
    indexer.run()
    rewrite(world, 1, "c")
    indexer.run()
    before = [rows(any_database), reorganizations(any_database), retractions(any_database)]
    assert len(before[2][1]) == 1
    for _ in range(2):
        build_beside(indexer)
        found = [rows(any_database), reorganizations(any_database), retractions(any_database)]
        assert found == before


def revision(database: Database) -> int:
    with database.reading() as session:
        return session.get_one(Cursor, 1).documents_revision


@pytest.mark.parametrize(("old", "new", "expected"), [(0, 0, 1), (7, 0, 8), (2, 5, 6)])
def test_has_a_revision_that_none_before_had(
    any_database: Database, indexer: Indexer, old: int, new: int, expected: int
) -> None:
    """So that no name which was erased is served again from what was kept."""
    side = any_database.beside()
    other = indexer.on(side)
    other.prepare()
    other.run()
    for database, number in ((any_database, old), (side, new)):
        with database.transaction() as session:
            session.get_one(Cursor, 1).documents_revision = number
    any_database.replace(side)
    assert revision(any_database) == expected
    indexer.run()
    assert revision(any_database) == expected


def test_of_a_chain_that_has_other_blocks(
    world: World, any_database: Database, indexer: Indexer
) -> None:
    fork, follower = head(world), Follower()
    register(world, "a", "b")
    indexer.run()
    rewrite(world, 1, "c")
    indexer.run()
    follower.read(any_database)
    kept = reorganizations(any_database), retractions(any_database)
    shown, last = events(any_database), hash_at(world, fork + 2)
    rewrite(world, 2, "d", "e", "f")
    build_beside(indexer)
    assert reorganizations(any_database) == [
        *kept[0],
        (2, fork, hash_at(world, fork), fork + 2, last),
    ]
    gone = shown - events(any_database)
    assert retractions(any_database) == {**kept[1], 2: gone}
    assert {each[0] for each in gone} == {fork + 1, fork + 2}
    follower.read(any_database)
    assert follower.has == events(any_database)
    with any_database.reading() as session:
        row = session.scalars(select(Retraction).where(Retraction.reorganization == 2)).first()
        assert row is not None
        assert (row.contract, row.name) == ("ParticipantRegistry", "ParticipantRegistered")
    register(world, "g")
    rewrite(world, 2, "h")
    indexer.run()
    assert [number for number, *_ in reorganizations(any_database)] == [1, 2, 3]
    follower.read(any_database)
    assert follower.has == events(any_database)


def test_of_a_chain_whose_final_blocks_are_others(
    world: World, any_database: Database, store: DocumentStore
) -> None:
    """Blocks between are not known; what both had before with events is the last in common."""
    indexer = indexer_of(world, any_database, store, FINAL)
    indexer.prepare()
    indexer.run()
    fork, shown = head(world), events(any_database)
    world.rpc.call("anvil_mine", hex(3), "0x1")
    world.now = START + 10_000
    register(world, "a")
    indexer.run()
    last = hash_at(world, fork + 4)
    world.rpc.call("anvil_rollback", 4)
    register(world, "b")
    build_beside(indexer)
    assert reorganizations(any_database) == [(1, fork, hash_at(world, fork), fork + 4, last)]
    assert {each[0] for each in retractions(any_database)[1]} == {fork + 4}
    assert {each[0] for each in events(any_database) - shown} == {fork + 1}


def test_where_no_block_is_known_to_both(
    world: World, any_database: Database, indexer: Indexer
) -> None:
    """As an index of other events altogether: all that was shown is retracted."""
    shown, last = events(any_database), head(world)
    side = any_database.beside()
    other = indexer.on(side)
    other.prepare()
    other.run()
    with side.transaction() as session:
        for table in ("events", "blocks", "batches"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    assert any_database.replace(side) == last
    genesis = world.deployment.genesis_hash
    assert reorganizations(any_database) == [(1, 0, genesis, last, hash_at(world, last))]
    assert retractions(any_database) == {1: shown}
    assert events(any_database) == set()


def test_of_another_version_that_finds_more(
    world: World, any_database: Database, indexer: Indexer
) -> None:
    """Whoever follows hears of an event in a block that it has passed already."""
    first = head(world)
    register(world, "a", "b")
    indexer.run()
    whole = events(any_database)
    with any_database.transaction() as session:
        session.execute(delete(EventRow).where(EventRow.block == first))
    follower = Follower()
    follower.read(any_database)
    assert follower.has < whole
    build_beside(indexer)
    (found,) = reorganizations(any_database)
    assert found[1] == first - 1
    assert {each[0] for each in retractions(any_database)[1]} == {first + 1, first + 2}
    follower.read(any_database)
    assert follower.has == events(any_database) == whole


def outdated(database: Database, *dropped: str) -> None:
    """Let the tables be of a version that lacked these columns."""
    with database.transaction() as session:
        connection = session.connection()
        for index in inspect(connection).get_indexes("events"):
            connection.exec_driver_sql(f"DROP INDEX {index['name']}")
        for each in dropped:
            table, column = each.split(".")
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")


@pytest.mark.parametrize(
    ("dropped", "compared"),
    [
        (["cursor.documents_revision", "events.participant", "retractions.participant"], True),
        (["events.topics"], False),
    ],
)
def test_of_a_version_with_fewer_columns(
    world: World,
    any_database: Database,
    indexer: Indexer,
    store: DocumentStore,
    dropped: list[str],
    compared: bool,
) -> None:
    """What was published is kept; what is gone is retracted if the old tables tell enough of it."""
    fork = head(world)
    register(world, "a")
    indexer.run()
    rewrite(world, 1, "b")
    indexer.run()
    kept, last = reorganizations(any_database), hash_at(world, fork + 1)
    shown = events(any_database)
    rewrite(world, 1, "c")
    with any_database.transaction() as session:
        session.get_one(Cursor, 1).documents_revision = 4
    outdated(any_database, *dropped)
    found = indexer_of(world, any_database, store)
    prepare(found, None, threading.Event())
    new = (2, fork, hash_at(world, fork), fork + 1, last)
    assert reorganizations(any_database) == [*kept, *([new] if compared else [])]
    assert revision(any_database) == (1 if "cursor.documents_revision" in dropped else 5)
    assert len(retractions(any_database)[1]) == 1
    if compared:
        assert retractions(any_database)[2] == shown - events(any_database)
    assert max(events(any_database))[2] == hash_at(world, fork + 1)


def test_what_the_new_one_saw_given_up_itself_was_never_published(
    world: World, any_database: Database, indexer: Indexer
) -> None:
    fork = head(world)
    register(world, "a")
    side = any_database.beside()
    other = indexer.on(side)
    other.prepare()
    other.run()
    rewrite(world, 1, "b")
    other.run()
    assert len(retractions(side)[1]) == 1
    side.close()
    build_beside(indexer)
    assert reorganizations(any_database) == []
    assert retractions(any_database) == {}
    assert max(events(any_database))[0] == fork + 1


def test_waits_until_it_is_level(
    world: World, any_database: Database, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that is served goes on meanwhile; what it has published does not go and come."""
    follower, replaced = Follower(), [0]
    real = Database.replace

    def replace(self: Database, other: Database, gone: str | None = None) -> int:
        replaced[0] += 1
        if replaced[0] < 3:
            register(world, f"meanwhile-{replaced[0]}")
            indexer.run()
        return real(self, other, gone)

    monkeypatch.setattr(Database, "replace", replace)
    register(world, "a")
    indexer.run()
    follower.read(any_database)
    build_beside(indexer)
    assert replaced[0] == 3
    assert reorganizations(any_database) == []
    follower.read(any_database)
    assert follower.has == events(any_database)
    assert max(follower.has)[0] == head(world)


@pytest.mark.parametrize("seconds", [0.0, 1.0])
@pytest.mark.parametrize("names", [(), ("b",)], ids=["fewer", "others"])
def test_does_not_wait_for_what_was_given_up(
    world: World,
    any_database: Database,
    store: DocumentStore,
    names: tuple[str, ...],
    seconds: float,
) -> None:
    policy = Policy(confirmations=1_000, behind_seconds=seconds)
    indexer = indexer_of(world, any_database, store, policy)
    indexer.prepare()
    indexer.run()
    fork = head(world)
    register(world, "a", "z")
    indexer.run()
    shown, last = events(any_database), hash_at(world, fork + 2)
    rewrite(world, 2, *names)
    build_beside(indexer)
    assert reorganizations(any_database) == [(1, fork, hash_at(world, fork), fork + 2, last)]
    assert retractions(any_database)[1] == shown - events(any_database)
    assert len(retractions(any_database)[1]) == 2


def test_refuses_to_fall_behind(world: World, any_database: Database, indexer: Indexer) -> None:
    side = any_database.beside()
    other = indexer.on(side)
    other.prepare()
    other.run()
    register(world, "a")
    indexer.run()
    before = dump(any_database)
    with pytest.raises(AheadError) as caught:
        any_database.replace(side)
    assert (caught.value.block, caught.value.block_hash) == (
        head(world),
        hash_at(world, head(world)),
    )
    with pytest.raises(AheadError):
        any_database.replace(side, "0x" + "12" * 32)
    assert dump(any_database) == before
    side.close()


class Crash(Exception):
    """What a test throws into the last step."""


@pytest.mark.usefixtures("unwatched")
def test_a_failure_between_any_two_statements_of_the_last_step(
    world: World, any_database: Database, indexer: Indexer
) -> None:
    register(world, "a")
    indexer.run()
    rewrite(world, 1, "b", "c")
    begin_anew(indexer)
    side = any_database.beside()
    other = indexer.on(side)
    other.prepare()
    other.run()
    wanted, shown = rows(side), events(any_database)
    countdown = [0]

    def strike(*_: Any) -> None:
        countdown[0] -= 1
        if countdown[0] == 0:
            raise Crash

    crashes = 0
    event.listen(Engine, "before_cursor_execute", strike)
    try:
        for statements in range(1, 10_000, 23 if side.engine.dialect.name == "postgresql" else 101):
            countdown[0] = statements
            try:
                any_database.replace(side)
            except Crash:
                crashes += 1
                countdown[0] = 0
                assert events(any_database) == shown
                assert reorganizations(any_database) == []
            else:
                break
        countdown[0] = 0
    finally:
        event.remove(Engine, "before_cursor_execute", strike)
    assert crashes > 5
    assert rows(any_database) == wanted
    assert len(reorganizations(any_database)) == 1
    assert len(retractions(any_database)[1]) == 1


def test_stops_before_it_takes_the_place(
    world: World, any_database: Database, indexer: Indexer
) -> None:
    register(world, "a")
    indexer.run()
    rewrite(world, 1, "b")
    before, stop = dump(any_database), threading.Event()
    stop.set()
    build_beside(indexer, stop=stop)
    assert dump(any_database) == before
    assert reorganizations(any_database) == []
    with any_database.reading() as session:
        assert session.get_one(Cursor, 1).block == head(world)
