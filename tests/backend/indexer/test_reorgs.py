"""following a chain that gives up blocks, on both databases
├── of any depth, to a longer, an equal or a shorter chain
│   ├── gives what a fresh index of the same chain gives
│   ├── publishes what is retracted, and nothing else
│   └── says where the chains part
├── twice, and with an indexer of its own each time
├── when nothing that stays was touched takes nothing back but blocks
├── keeps what documents say that came meanwhile
├── further back than can be undone, or beyond what is final
│   └── stops and changes nothing
├── by a node that is only behind
│   ├── is waited for
│   └── is believed after a while
└── leaves no more than can still be undone
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from support.faults import ChangedRpc, forged
from support.node import anvil
from support.rows import dump
from support.vocabulary import (
    BUYER,
    COMMITTEE,
    SUPPLIER,
    TREASURY,
    Contract,
    Person,
    milestone,
)
from support.world import World, deploy

from backend.chain import patience
from backend.chain.nodes import Nodes, NodesDisagreeError
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.models import (
    Agreement,
    Batch,
    Cursor,
    Document,
    EventRow,
    Milestone,
    Participant,
    Reorganization,
    Retraction,
    Undo,
)
from backend.db.session import Database
from backend.indexer import (
    ChainInconsistentError,
    Indexer,
    IndexMismatchError,
    Policy,
    index_once,
)
from backend.queries.digest import digest

START = 1_704_067_200
NO_WAIT = Policy(confirmations=1_000, behind_seconds=0.0, agree_seconds=0.0)
"""Nothing is final, and a node is believed at once."""
PLACES = ("block", "log_index", "block_hash", "transaction", "name", "topics", "data")


@dataclass
class Stage:
    """A chain with an agreement under way, to which one can return."""

    world: World
    store: DocumentStore
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    agreements: list[Contract] = field(default_factory=list)
    line: bytes = b""

    @property
    def rpc(self) -> Rpc:
        """The node."""
        return self.world.rpc

    @property
    def head(self) -> int:
        """Number of the newest block."""
        return int(self.rpc.call("eth_blockNumber"), 16)

    def indexer(self, database: Database, policy: Policy = NO_WAIT) -> Indexer:
        """An indexer that knows nothing yet."""
        found = Indexer(database, Nodes([self.rpc]), self.world.deployment, self.store, policy)
        found.prepare()
        return found

    def fresh(self) -> str:
        """The digest of an index that sees the chain as it is now, and nothing else."""
        number = len(list(self.folder.glob("fresh-*.db")))
        database = Database(f"sqlite:///{self.folder / f'fresh-{number}.db'}")
        index_once(database, self.rpc, self.world.deployment, self.store, policy=NO_WAIT)
        found = value_of(database)
        database.close()
        return found

    def mine(self, blocks: int) -> None:
        """Add empty blocks."""
        self.rpc.call("anvil_mine", hex(blocks), "0x1")
        # On a busy machine the node's clock goes on by more than it was told.
        latest = self.rpc.call("eth_getBlockByNumber", "latest", False)
        self.world.now = int(latest["timestamp"], 16)

    def go_back(self, depth: int) -> None:
        """Let the node give up its last blocks."""
        height = self.head
        self.rpc.call("anvil_rollback", depth)
        assert self.head == height - depth

    def agree(self, name: str, amounts: Sequence[int] = (500, 250)) -> Contract:
        """A new agreement, signed and funded: six blocks."""
        people = self.people
        made = self.world.create(
            people["city"],
            people["karya"],
            people["treasury"],
            [people["member"]],
            [],
            [milestone(amount, START + 10**8) for amount in amounts],
            ocid=f"ocds-{name}",
            contractId=name,
            budgetLine=self.line,
        )
        self.world.fund(made)
        self.agreements.append(made)
        return made


def value_of(database: Database) -> str:
    """The digest."""
    with database.reading() as session:
        return digest(session).value


def events_after(database: Database, block: int) -> list[tuple[Any, ...]]:
    """What the history holds of later blocks."""
    columns = [getattr(EventRow, name) for name in PLACES]
    wanted = select(*columns).where(EventRow.block > block)
    with database.reading() as session:
        found = session.execute(wanted.order_by(EventRow.block, EventRow.log_index))
        return [tuple(row) for row in found]


def retracted(database: Database, number: int) -> list[tuple[Any, ...]]:
    """What a reorganisation took back."""
    columns = [getattr(Retraction, name) for name in PLACES]
    wanted = select(*columns).where(Retraction.reorganization == number)
    with database.reading() as session:
        found = session.execute(wanted.order_by(Retraction.block, Retraction.log_index))
        return [tuple(row) for row in found]


def reorganizations(database: Database) -> list[Reorganization]:
    """All of them."""
    with database.reading() as session:
        return list(session.scalars(select(Reorganization).order_by(Reorganization.number)))


def count(database: Database, model: Any) -> int:
    """Number of rows."""
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(model)) or 0)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Played once; each test returns to it."""
    with anvil() as url, Rpc(url) as rpc:
        folder = tmp_path_factory.mktemp("reorgs")
        world = deploy(rpc, START)
        world.admit("MXN", 2)
        stage = Stage(world, DocumentStore(folder / "documents"), folder)
        city = world.register(BUYER, identifier="city", account=False)
        stage.people["city"] = city
        for name, role in {"member": COMMITTEE, "treasury": TREASURY}.items():
            stage.people[name] = world.register(
                role, scheme="OFFICE", identifier=f"XX-TEST-city/{name}", organization=city.id
            )
        stage.people["karya"] = world.register(SUPPLIER, identifier="karya")
        stage.line = world.appropriate(city, "MXN", 10**15)
        stage.agree("first", [100] * 60)
        yield stage


@pytest.fixture
def stage(scene: Stage, tmp_path: Path) -> Iterator[Stage]:
    """The scene, with a store of its own."""
    snapshot = scene.rpc.call("evm_snapshot")
    state = (scene.world.now, scene.world.people, scene.world.nonces, list(scene.agreements))
    scene.folder, before = tmp_path, scene.folder
    scene.store = DocumentStore(tmp_path / "documents")
    # Anvil goes back only to states that it keeps in memory, which are the latest ones.
    scene.mine(1)
    yield scene
    scene.rpc.call("evm_revert", snapshot)
    scene.world.now, scene.world.people, scene.world.nonces, scene.agreements = state
    scene.folder = before


def play(stage: Stage, blocks: int, first: int = 0) -> None:
    """Blocks of all kinds: milestones of the first agreement are paid, and people register."""
    target = stage.head + blocks
    number = first
    while stage.head + 3 <= target:
        stage.world.pay(stage.agreements[0], number)
        number += 1
        if stage.head + 1 <= target:
            stage.world.register(SUPPLIER, identifier=f"late-{stage.head}")
    while stage.head < target:
        stage.mine(1)


def another_way(stage: Stage, blocks: int) -> None:
    """As many blocks of something else: two milestones are paid, and a person is suspended."""
    target = stage.head + blocks
    if blocks >= 3:
        stage.world.pay(stage.agreements[0], 7)
    if blocks >= 4:
        stage.world.set_standing(stage.people["karya"], 2)
    if blocks >= 12:
        stage.world.set_standing(stage.people["karya"], 1)
        stage.agree("other")
    if stage.head < target:
        stage.world.register(SUPPLIER, identifier=f"another-{stage.head}")
    if stage.head < target:
        stage.mine(target - stage.head)


@pytest.mark.parametrize("more", [1, 0, -1], ids=["longer", "equal", "shorter"])
@pytest.mark.parametrize("depth", [1, 5, 40])
def test_gives_what_a_fresh_index_gives(
    stage: Stage, any_database: Database, depth: int, more: int
) -> None:
    fork = stage.head
    indexer = stage.indexer(any_database)
    indexer.run()
    before = value_of(any_database)
    play(stage, depth)
    indexer.run()
    gone, seen = events_after(any_database, fork), value_of(any_database)
    assert seen != before
    last = stage.rpc.call("eth_getBlockByNumber", "latest", False)["hash"]
    stage.go_back(depth)
    another_way(stage, depth + more)
    indexer.run()
    assert value_of(any_database) == stage.fresh() != seen
    with any_database.reading() as session:
        assert session.get_one(Cursor, 1).block == stage.head == fork + depth + more
    assert retracted(any_database, 1) == gone
    (found,) = reorganizations(any_database)
    assert (found.fork_block, found.block, found.block_hash) == (fork, fork + depth, last)
    there = stage.rpc.call("eth_getBlockByNumber", hex(fork), False)
    assert found.fork_hash == there["hash"]


def test_going_back_to_what_was_gives_what_was(stage: Stage, any_database: Database) -> None:
    indexer = stage.indexer(any_database)
    indexer.run()
    before = dump(any_database)
    play(stage, 12)
    indexer.run()
    stage.go_back(12)
    indexer.run()
    after = dump(any_database)
    for rows in (before, after):
        assert rows["cursor"][0][4] == stage.head
    assert after == before


def test_as_a_chain_that_reorganises_by_itself(stage: Stage, any_database: Database) -> None:
    """Anvil's own: the blocks are replaced by as many empty ones."""
    indexer = stage.indexer(any_database)
    indexer.run()
    fork = stage.head
    play(stage, 9)
    indexer.run()
    gone = events_after(any_database, fork)
    stage.rpc.call("anvil_reorg", 9, [])
    assert stage.head == fork + 9
    indexer.run()
    assert value_of(any_database) == stage.fresh()
    assert retracted(any_database, 1) == gone
    assert events_after(any_database, fork) == []


def test_twice_with_an_indexer_of_its_own_each_time(stage: Stage, any_database: Database) -> None:
    stage.indexer(any_database).run()
    parts = []
    for depth in (4, 9, 3):
        fork = stage.head
        play(stage, depth)
        stage.indexer(any_database).run()
        parts.append((fork, fork + depth, events_after(any_database, fork)))
        stage.go_back(depth)
        another_way(stage, 2)
        stage.indexer(any_database).run()
        assert value_of(any_database) == stage.fresh()
    found = reorganizations(any_database)
    assert [(each.number, each.fork_block, each.block) for each in found] == [
        (number, fork, block) for number, (fork, block, _) in enumerate(parts, 1)
    ]
    for number, (*_, gone) in enumerate(parts, 1):
        assert retracted(any_database, number) == gone


def test_within_blocks_that_came_after_the_fork(stage: Stage, any_database: Database) -> None:
    """The chain goes back less far than the index: to the middle of what one run brought."""
    indexer = stage.indexer(any_database)
    indexer.run()
    play(stage, 20)
    indexer.run()
    for depth in (3, 6, 2):
        stage.go_back(depth)
        another_way(stage, 1)
        indexer.run()
        assert value_of(any_database) == stage.fresh()


def test_blocks_without_events_leave_nothing_to_retract(
    stage: Stage, any_database: Database
) -> None:
    indexer = stage.indexer(any_database)
    indexer.run()
    fork = stage.head
    stage.mine(5)
    indexer.run()
    stage.go_back(5)
    stage.world.register(SUPPLIER, identifier="new")
    stage.mine(7)
    indexer.run()
    assert value_of(any_database) == stage.fresh()
    assert retracted(any_database, 1) == []
    assert [each.fork_block for each in reorganizations(any_database)] == [fork]


def test_what_documents_say_that_came_meanwhile_stays(stage: Stage, any_database: Database) -> None:
    papers = [
        {"type": "participant", "name": "Karya Jaya"},
        {"type": "agreement", "title": "Jembatan"},
        {"type": "milestone", "title": "Fondasi"},
    ]
    elsewhere = DocumentStore(stage.folder / "elsewhere")
    person, title, part = (elsewhere.write_json(paper) for paper in papers)
    world, people = stage.world, stage.people
    named = world.register(SUPPLIER, identifier="named", document=person)
    made = world.create(
        people["city"],
        named,
        people["treasury"],
        [people["member"]],
        [],
        [milestone(5, START + 10**8, document=part)],
        document=title,
        budgetLine=stage.line,
    )
    world.fund(made)
    indexer = stage.indexer(any_database)
    indexer.run()
    world.pay(made, 0)
    world.set_standing(named, 2)
    indexer.run()
    for digest_ in (person, title, part):
        stage.store.write(elsewhere.read(digest_) or b"")
    indexer.refresh_documents()
    stage.go_back(4)
    stage.mine(1)
    indexer.run()
    assert value_of(any_database) == stage.fresh()
    with any_database.reading() as session:
        assert session.get_one(Participant, named.hex).name == "Karya Jaya"
        assert session.get_one(Agreement, made.address).title == "Jembatan"
        row = session.get_one(Milestone, (made.address, 0))
        assert (row.title, row.status) == ("Fondasi", "scheduled")
        states = session.scalars(select(Document.state).where(Document.hash == f"0x{part.hex()}"))
        assert states.all() == ["present"]
        assert session.get_one(Cursor, 1).documents_revision == 3


def test_a_document_that_nobody_names_any_more_is_gone(
    stage: Stage, any_database: Database
) -> None:
    digest_ = stage.store.write_json({"type": "participant", "name": "Gone"})
    indexer = stage.indexer(any_database)
    indexer.run()
    documents = count(any_database, Document)
    stage.world.register(SUPPLIER, identifier="gone", document=digest_)
    indexer.run()
    assert count(any_database, Document) == documents + 1
    stage.go_back(1)
    indexer.run()
    assert count(any_database, Document) == documents
    stage.world.register(SUPPLIER, identifier="again", document=digest_)
    indexer.run()
    assert value_of(any_database) == stage.fresh()


def test_an_organization_that_changed_after_its_offices_came(
    stage: Stage, any_database: Database
) -> None:
    """What is taken back goes in the order in which it came, and not in that of its changes."""
    indexer = stage.indexer(any_database)
    indexer.run()
    before = dump(any_database)
    town = stage.world.register(BUYER, identifier="town", account=False)
    for name in ("a", "b"):
        stage.world.register(
            COMMITTEE, scheme="OFFICE", identifier=f"XX-TEST-town/{name}", organization=town.id
        )
    stage.world.set_standing(town, 2)
    indexer.run()
    stage.go_back(4)
    indexer.run()
    assert dump(any_database) == before
    assert len(retracted(any_database, 1)) == 4


# --- what cannot be undone ---


def stops(stage: Stage, database: Database, indexer: Indexer, block: int) -> None:
    """Whether the index stops, names a block, and has changed nothing."""
    before, left = dump(database), [count(database, model) for model in (Batch, Undo)]
    with database.reading() as session:
        seen = session.get_one(Batch, block).block_hash
    there = stage.rpc.call("eth_getBlockByNumber", hex(block), False)
    with pytest.raises(IndexMismatchError) as caught:
        indexer.run()
    assert caught.value.detail == (
        f"The index has seen block {block} as {seen}, the node has "
        f"{there['hash']}: that block was final, or is too far back to be undone. "
        "Run `termin index --rebuild` to drop the index and build it again from the chain."
    )
    assert dump(database) == before
    assert [count(database, model) for model in (Batch, Undo)] == left
    assert reorganizations(database) == []


@pytest.mark.parametrize("more", [0, -1])
def test_further_back_than_can_be_undone(stage: Stage, any_database: Database, more: int) -> None:
    policy = Policy(confirmations=1_000, reorg_blocks=6, behind_seconds=0.0)
    play(stage, 4)
    indexer = stage.indexer(any_database, policy)
    indexer.run()
    play(stage, 10, first=3)
    indexer.run()
    height = stage.head
    stage.go_back(10)
    another_way(stage, 10 + more)
    stops(stage, any_database, indexer, height - 6)


def test_as_far_back_as_can_be_undone(stage: Stage, any_database: Database) -> None:
    policy = Policy(confirmations=1_000, reorg_blocks=6, behind_seconds=0.0)
    indexer = stage.indexer(any_database, policy)
    play(stage, 14)
    indexer.run()
    height = stage.head
    stage.go_back(6)
    another_way(stage, 6)
    indexer.run()
    assert value_of(any_database) == stage.fresh()
    (found,) = reorganizations(any_database)
    assert found.fork_block == height - 6


def test_a_block_that_was_final(stage: Stage, any_database: Database) -> None:
    indexer = stage.indexer(any_database, Policy(confirmations=0, behind_seconds=0.0))
    play(stage, 4)
    indexer.run()
    with any_database.reading() as session:
        cursor = session.get_one(Cursor, 1)
        assert cursor.final_block == cursor.block == stage.head
    assert count(any_database, Undo) == 0
    height = stage.head
    stage.go_back(1)
    another_way(stage, 3)
    stops(stage, any_database, indexer, height)


@pytest.mark.parametrize("confirmations", [0, 3, 1_000])
def test_says_what_is_final(stage: Stage, any_database: Database, confirmations: int) -> None:
    play(stage, 8)
    stage.indexer(any_database, Policy(confirmations=confirmations)).run()
    with any_database.reading() as session:
        assert session.get_one(Cursor, 1).final_block == max(0, stage.head - confirmations)


def test_what_the_node_calls_final_is_final(stage: Stage, any_database: Database) -> None:
    stage.mine(100)
    stage.indexer(any_database, Policy()).run()
    told = stage.rpc.call("eth_getBlockByNumber", "finalized", False)
    with any_database.reading() as session:
        assert session.get_one(Cursor, 1).final_block == int(told["number"], 16) > 0


# --- a node that is behind ---


def test_a_node_that_is_behind_is_waited_for(
    stage: Stage, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    # Nobody else's clock stands still.
    monkeypatch.setattr(patience, "time", SimpleNamespace(monotonic=lambda: now[0]))
    policy = Policy(confirmations=1_000, behind_seconds=10.0)
    indexer = stage.indexer(any_database, policy)
    indexer.run()
    fork = stage.head
    play(stage, 6)
    indexer.run()
    before, height = dump(any_database), stage.head
    stage.go_back(6)
    for seconds in (0.0, 5.0, 9.9):
        now[0] = 100.0 + seconds
        with pytest.raises(ChainInconsistentError) as caught:
            indexer.run()
        assert caught.value.detail.endswith(f"the node has no block above {fork}.")
        assert caught.value.detail.startswith(f"The index has seen block {height} as 0x")
        assert dump(any_database) == before
    now[0] = 110.0
    indexer.run()
    assert value_of(any_database) == stage.fresh()
    assert [each.fork_block for each in reorganizations(any_database)] == [fork]


def test_a_node_that_catches_up_is_as_if_it_had_never_been_behind(
    stage: Stage, any_database: Database
) -> None:
    indexer = stage.indexer(any_database, Policy(confirmations=1_000, behind_seconds=60.0))
    play(stage, 6)
    indexer.run()
    before = dump(any_database)
    behind = [True]

    def late(method: str, params: Sequence[Any], result: Any) -> Any:
        if behind[0] and params and params[0] == "latest":
            return stage.rpc.call("eth_getBlockByNumber", hex(stage.head - 4), False)
        if behind[0] and params and params[0] == hex(stage.head):
            return None
        return result

    with ChangedRpc(stage.rpc.url, late) as rpc:
        nodes = Nodes([rpc])
        policy = Policy(confirmations=1_000, behind_seconds=60.0)
        late_one = Indexer(any_database, nodes, stage.world.deployment, stage.store, policy)
        with pytest.raises(ChainInconsistentError):
            late_one.run()
        behind[0] = False
        assert late_one.run().events == 0
    assert dump(any_database) == before
    assert reorganizations(any_database) == []


def test_one_node_that_went_astray_takes_nothing_back(stage: Stage, any_database: Database) -> None:
    """Where others still have what the index has seen, a human must say who is right."""
    play(stage, 6)
    stage.indexer(any_database).run()
    before = dump(any_database)
    head = stage.head

    def astray(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and result and int(result["number"], 16) == head:
            return forged(result, extraData="0x99")
        return result

    wrong = forged(stage.rpc.call("eth_getBlockByNumber", hex(head), False), extraData="0x99")
    with ChangedRpc(stage.rpc.url, astray) as rpc:
        nodes = Nodes([rpc, stage.rpc])
        deployment, store = stage.world.deployment, stage.store
        with pytest.raises(NodesDisagreeError, match=f"Block {head} is {wrong['hash']}"):
            Indexer(any_database, nodes, deployment, store, NO_WAIT).run()
    assert dump(any_database) == before
    assert reorganizations(any_database) == []


# --- what is left ---


def test_what_can_be_undone_stays_small(stage: Stage, any_database: Database) -> None:
    policy = Policy(confirmations=1_000, reorg_blocks=5, behind_seconds=0.0)
    indexer = stage.indexer(any_database, policy)
    sizes: list[tuple[int, int]] = []
    for number in range(15):
        stage.world.pay(stage.agreements[0], number)
        stage.mine(1)
        indexer.run()
        sizes.append((count(any_database, Batch), count(any_database, Undo)))
    assert max(batches for batches, _ in sizes) <= 8
    assert max(undone for _, undone in sizes[5:]) <= max(undone for _, undone in sizes[:5])
    with any_database.reading() as session:
        oldest = session.scalar(select(func.min(Batch.block)))
        undone = session.scalar(select(func.min(Undo.block)))
    assert oldest is not None
    assert undone is not None
    assert oldest <= stage.head - 5 < undone
    stage.mine(200)
    indexer.run()
    assert count(any_database, Undo) == 0
    assert count(any_database, Batch) <= 2


def test_a_node_that_was_wrong_for_once_gave_up_nothing(
    stage: Stage, any_database: Database
) -> None:
    stage.indexer(any_database).run()
    at, wrong = hex(stage.head), [True]

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == at and wrong:
            wrong.clear()
            return forged(result, extraData="0xab")
        return result

    with ChangedRpc(stage.rpc.url, change) as rpc:
        indexer = Indexer(any_database, Nodes([rpc]), stage.world.deployment, stage.store, NO_WAIT)
        with pytest.raises(ChainInconsistentError, match="at first another one, and then the same"):
            indexer.run()
        indexer.run()
    assert reorganizations(any_database) == []
