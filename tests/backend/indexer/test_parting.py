"""two nodes of one chain that differ in their last blocks
├── for a while
│   ├── in blocks that are new: nothing is stored until they agree, and nothing is retracted
│   └── in a block that the index has: it follows once both gave it up
├── for good: stops after a while, names both without secrets, the block and both hashes
├── in a final block: stops at once
├── while one is a block behind: it is held against at its head
├── while one stands still and the other goes on
│   ├── on the same chain: the other is asked after a while, which is said
│   ├── on another fork: stops after a while
│   └── while the newest blocks alone are others, nothing is wrong yet
├── while one hangs: it is not waited for again and again, and nobody waits for the index's lock
└── where one lacks what the index has
    ├── and the other has it: the other is asked, and nothing is taken back
    ├── below its own head, or below what was final: it is behind, and nothing was rewritten
    └── and there is another block there: it was rewritten
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from support.faults import ChangedRpc, forged
from support.node import anvil
from support.rows import dump
from support.waiting import wait_until
from support.world import deploy

from backend.chain import nodes as nodes_module
from backend.chain.deployment import Deployment
from backend.chain.nodes import Nodes, NodesDisagreeError, NodesPartedError
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.connecting import LOCK_SECONDS
from backend.db.models import Cursor, Reorganization
from backend.db.session import Database, DatabaseUnavailableError
from backend.indexer import (
    Indexer,
    IndexMismatchError,
    Policy,
    fitting,
    folding,
    run_forever,
    scanner,
)
from backend.indexer.errors import NodeBehindError

START = 1_704_067_200
PATIENT = Policy(confirmations=1_000, agree_seconds=60.0, behind_seconds=60.0)


@dataclass
class Pair:
    """Two nodes with the same blocks up to `fork`."""

    first: Rpc
    second: Rpc
    deployment: Deployment
    store: DocumentStore
    fork: int = 0

    def indexer(self, database: Database, policy: Policy, nodes: Nodes | None = None) -> Indexer:
        """An indexer that asks the first, and holds the second against it."""
        found = Indexer(
            database,
            nodes or Nodes([self.first, self.second]),
            self.deployment,
            self.store,
            policy,
        )
        found.prepare()
        return found


def mine(rpc: Rpc, after: int, blocks: int = 1) -> str:
    """Add empty blocks, the first `after` seconds after the newest; the hash of the last."""
    for _ in range(blocks):
        newest = rpc.call("eth_getBlockByNumber", "latest", False)
        rpc.call("evm_setNextBlockTimestamp", hex(int(newest["timestamp"], 16) + after))
        rpc.call("evm_mine")
    return str(rpc.call("eth_getBlockByNumber", "latest", False)["hash"])


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[Rpc, Rpc, Deployment]]:
    with anvil() as here, anvil() as there, Rpc(here) as first, Rpc(there) as second:
        made = [deploy(rpc, START).deployment for rpc in (first, second)]
        assert made[0] == made[1]
        yield first, second, made[0]


@pytest.fixture
def pair(nodes: tuple[Rpc, Rpc, Deployment], store: DocumentStore) -> Iterator[Pair]:
    first, second, deployment = nodes
    snapshots = [(rpc, rpc.call("evm_snapshot")) for rpc in (first, second)]
    assert mine(first, 10, 3) == mine(second, 10, 3)
    height = int(first.call("eth_blockNumber"), 16)
    yield Pair(first, second, deployment, store, height)
    for rpc, snapshot in snapshots:
        rpc.call("evm_revert", snapshot)


@contextmanager
def following(indexer: Indexer) -> Iterator[list[BaseException]]:
    """An indexer at work in a thread; what it raises."""
    stop, raised = threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            run_forever(indexer, stop)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    yield raised
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def position(database: Database) -> str | None:
    """Hash of the block where the index stands."""
    with database.reading() as session:
        cursor = session.get(Cursor, 1)
        return cursor.block_hash if cursor else None


def reorganizations(database: Database) -> list[tuple[int, int]]:
    """From which block to which the chain was given up, each time."""
    with database.reading() as session:
        columns = select(Reorganization.fork_block, Reorganization.block)
        return [tuple(row) for row in session.execute(columns.order_by(Reorganization.number))]


def test_new_blocks_that_both_soon_have(
    pair: Pair, any_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    indexer = pair.indexer(any_database, PATIENT)
    indexer.run()
    before = dump(any_database)
    here, there = mine(pair.first, 5), mine(pair.second, 6)
    with following(indexer) as raised:
        wait_until(lambda: len(caplog.messages) >= 3)
        assert dump(any_database) == before
        pair.second.call("anvil_rollback", 1)
        assert mine(pair.second, 5) == here
        wait_until(lambda: position(any_database) == here)
    assert raised == []
    assert reorganizations(any_database) == []
    number = pair.fork + 1
    assert caplog.messages[0].startswith(
        f"The nodes do not agree yet: Block {number} is {here} at {pair.first.url} and {there} at "
        f"{pair.second.url}. It is not final, and they may agree soon. Trying again in 0."
    )


def test_a_block_of_the_index_that_one_gave_up_first(pair: Pair, any_database: Database) -> None:
    indexer = pair.indexer(any_database, PATIENT)
    indexer.run()
    old = mine(pair.first, 5)
    assert mine(pair.second, 5) == old
    indexer.run()
    before = dump(any_database)
    pair.first.call("anvil_rollback", 1)
    new = mine(pair.first, 6)
    for _ in range(2):
        with pytest.raises(NodesPartedError, match=rf"Block {pair.fork + 1} is {new} .* and {old}"):
            indexer.run()
        assert dump(any_database) == before
    pair.second.call("anvil_rollback", 1)
    assert mine(pair.second, 6) == new
    indexer.run()
    assert position(any_database) == new
    assert reorganizations(any_database) == [(pair.fork, pair.fork + 1)]


def test_each_parting_is_counted_from_its_beginning(pair: Pair, database: Database) -> None:
    """Nodes that part again and again, and agree in between, are as nodes are."""
    indexer = pair.indexer(database, Policy(confirmations=1_000, agree_seconds=0.5))
    for _ in range(3):
        here = mine(pair.first, 5)
        mine(pair.second, 6)
        with pytest.raises(NodesPartedError):
            indexer.run()
        time.sleep(0.3)
        pair.second.call("anvil_rollback", 1)
        assert mine(pair.second, 5) == here
        indexer.run()
    assert position(database) == here


def with_secrets(rpc: Rpc) -> Rpc:
    """The same node, by an address that nobody else may know."""
    return Rpc(f"{rpc.url.replace('://', '://user:geheim@')}/?key=geheim")


def test_what_stays_is_told_and_stops(pair: Pair, any_database: Database) -> None:
    pair.indexer(any_database, PATIENT).run()
    before = position(any_database)
    here, there = mine(pair.first, 5), mine(pair.second, 6)
    with with_secrets(pair.first) as first, with_secrets(pair.second) as second:
        nodes = Nodes([first, second])
        policy = Policy(confirmations=1_000, agree_seconds=1.0)
        indexer = pair.indexer(any_database, policy, nodes)
        begun = time.monotonic()
        with following(indexer) as raised:
            wait_until(lambda: raised)
    assert time.monotonic() - begun >= 1.0
    (error,) = raised
    assert isinstance(error, NodesDisagreeError)
    assert error.detail == (
        f"Block {pair.fork + 1} is {here} at {pair.first.url} and {there} at {pair.second.url}. "
        "Find out which is right, and name only nodes that are with --rpc-url."
    )
    assert position(any_database) == before


def test_a_final_block_stops_at_once(pair: Pair, any_database: Database) -> None:
    indexer = pair.indexer(any_database, Policy(confirmations=0, agree_seconds=60.0))
    indexer.run()
    before = position(any_database)
    here, there = mine(pair.first, 5), mine(pair.second, 6)
    with pytest.raises(NodesDisagreeError, match=f"{here} at .* and {there} at"):
        indexer.run()
    assert position(any_database) == before


def test_one_that_is_behind_on_another_fork(pair: Pair, database: Database) -> None:
    indexer = pair.indexer(database, PATIENT)
    indexer.run()
    before = position(database)
    here, head = mine(pair.first, 5), mine(pair.first, 5)
    there = mine(pair.second, 6)
    number = pair.fork + 1
    with pytest.raises(NodesPartedError, match=f"Block {number} is {here} at .* and {there} at"):
        indexer.run()
    assert position(database) == before
    pair.second.call("anvil_rollback", 1)
    indexer.run()
    assert position(database) == head


def test_one_that_lacks_what_the_other_has(
    pair: Pair, any_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    seen = mine(pair.first, 5)
    assert mine(pair.second, 5) == seen
    policy = Policy(confirmations=1_000, behind_seconds=0.0)
    pair.indexer(any_database, policy).run()
    pair.first.call("anvil_rollback", 1)
    next_ = mine(pair.second, 5)
    indexer = pair.indexer(any_database, policy)
    indexer.run()
    assert position(any_database) == next_
    assert reorganizations(any_database) == []
    assert caplog.messages[0].endswith(
        f"The index has seen block {pair.fork + 1} as {seen}, the node has no block above "
        f"{pair.fork}, while {pair.second.url} has it."
    )


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("lacks", ["the last", "all"])
def test_one_that_tells_of_no_block_below_its_head(
    pair: Pair, any_database: Database, lacks: str, several: bool
) -> None:
    """It keeps no old blocks, or lags behind itself: nothing was rewritten."""
    policy = Policy(confirmations=0, behind_seconds=0.0)
    pair.indexer(any_database, policy, Nodes([pair.first])).run()
    before, at = dump(any_database), hex(pair.fork)
    mine(pair.first, 5)

    def pruned(method: str, params: Sequence[Any], result: Any) -> Any:
        if method != "eth_getBlockByNumber" or params[0] in ("latest", "0x0"):
            return result
        return None if lacks == "all" or params[0] == at else result

    with ChangedRpc(pair.first.url, pruned) as rpc:
        nodes = Nodes([rpc, pair.first] if several else [rpc])
        indexer = pair.indexer(any_database, policy, nodes)
        if several:
            assert indexer.run().block == pair.fork + 1
            return
        for _ in range(3):
            with pytest.raises(
                NodeBehindError, match=f"none there, below its own head {pair.fork + 1}"
            ):
                indexer.run()
    assert dump(any_database) == before
    assert reorganizations(any_database) == []


def test_one_whose_chain_ends_below_what_was_final(pair: Pair, any_database: Database) -> None:
    """As that of a node that is being filled: only another block there is a rewrite."""
    policy = Policy(confirmations=0, behind_seconds=0.0)
    indexer = pair.indexer(any_database, policy, Nodes([pair.first]))
    indexer.run()
    before, seen = dump(any_database), position(any_database)
    pair.first.call("anvil_rollback", 2)
    for _ in range(3):
        with pytest.raises(NodeBehindError) as caught:
            indexer.run()
    assert caught.value.detail == (
        f"The index has seen block {pair.fork} as {seen}, which was final, or is too far back to "
        f"be undone, and the node has no block above {pair.fork - 2}. It lags, or its chain was "
        "replaced: then run `termin index --rebuild`."
    )
    assert mine(pair.first, 10, 2) == seen
    indexer.run()
    assert dump(any_database) == before
    pair.first.call("anvil_rollback", 2)
    other = mine(pair.first, 11, 2)
    with pytest.raises(IndexMismatchError, match=f"as {seen}, the node has {other}: that block"):
        indexer.run()
    assert dump(any_database) == before


def test_one_that_keeps_no_old_blocks_hides_no_fork(pair: Pair, database: Database) -> None:
    """Where it tells nothing of a block between, it is not known how far one has to go back."""
    policy = Policy(confirmations=1_000, behind_seconds=0.0)
    for _ in range(3):
        pair.indexer(database, policy, Nodes([pair.first])).run()
        mine(pair.first, 5)
    before, head = dump(database), pair.fork + 2

    def hidden(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == hex(head):
            return forged(result, extraData="0x99")
        if method == "eth_getBlockByNumber" and params[0] == hex(head - 1):
            return None
        return result

    with ChangedRpc(pair.first.url, hidden) as rpc:
        indexer = pair.indexer(database, policy, Nodes([rpc]))
        with pytest.raises(NodeBehindError) as caught:
            indexer.run()
    assert caught.value.detail == (
        f"The node has no block {head - 1}, below its own head {head + 1}: it keeps no old blocks, "
        "or lags."
    )
    assert dump(database) == before
    assert reorganizations(database) == []


# --- one that stands still, or hangs ---


@pytest.fixture
def stood(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """The first node says for ever what it said at first of its newest block, once told to."""
    said: dict[str, Any] = {}

    def still(method: str, params: Sequence[Any], result: Any) -> Any:
        return said["head"] if said and params and params[0] == "latest" else result

    def stand() -> None:
        said["head"] = pair.first.call("eth_getBlockByNumber", "latest", False)

    monkeypatch.setattr(fitting, "LOOK_SECONDS", 0.05)
    with ChangedRpc(pair.first.url, still) as first:
        monkeypatch.setattr(pair, "first", first)
        yield stand


def test_one_that_stands_still(
    pair: Pair, any_database: Database, stood: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    policy = Policy(confirmations=1_000, agree_seconds=60.0, behind_seconds=0.5)
    stood()
    for rpc in (pair.first, pair.second):
        mine(rpc, 10, 4)
    head = str(pair.second.call("eth_getBlockByNumber", "latest", False)["hash"])
    with following(pair.indexer(any_database, policy)) as raised:
        wait_until(lambda: position(any_database) == head)
    assert raised == []
    assert reorganizations(any_database) == []
    stands = (
        rf"The node has stood at block {pair.fork} for \d\d? seconds, while {pair.second.url} has"
    )
    assert any(re.search(f"{stands} later", line) for line in caplog.messages)


def test_one_that_stands_still_on_another_fork(
    pair: Pair, any_database: Database, stood: Callable[[], None]
) -> None:
    policy = Policy(confirmations=1_000, agree_seconds=0.5, behind_seconds=60.0)
    here = mine(pair.first, 20)
    stood()
    indexer = pair.indexer(any_database, policy, Nodes([pair.first]))
    indexer.run()
    there = mine(pair.second, 30)
    mine(pair.second, 10, 3)
    with following(pair.indexer(any_database, policy)) as raised:
        wait_until(lambda: raised)
    assert isinstance(raised[0], NodesDisagreeError)
    assert f"Block {pair.fork + 1} is {here} at" in raised[0].detail
    assert f"and {there} at" in raised[0].detail
    assert position(any_database) == here


def test_newest_blocks_that_are_others(
    pair: Pair, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "LOOK_SECONDS", 0.05)
    looks = [0]
    look = Nodes.who_passed

    def counted(nodes: Nodes, *place: Any, **patience: Any) -> str | None:
        looks[0] += 1
        return look(nodes, *place, **patience)

    monkeypatch.setattr(Nodes, "who_passed", counted)
    here = mine(pair.first, 20)
    pair.indexer(any_database, PATIENT, Nodes([pair.first])).run()
    mine(pair.second, 30)
    policy = Policy(confirmations=1_000, agree_seconds=0.1, behind_seconds=0.1)
    with following(pair.indexer(any_database, policy)) as raised:
        wait_until(lambda: looks[0] > 10 or raised)
        assert raised == []
        assert position(any_database) == here


def test_one_that_hangs(
    pair: Pair, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes_module, "FIRST_REST_SECONDS", 60.0)
    monkeypatch.setattr(folding, "EVENTS_PER_FOLD", 1)
    monkeypatch.setattr(scanner, "FIRST_RANGE", 1)
    asked, over = [0], threading.Event()

    def hang(*_: object) -> None:
        """As long as a node is waited for, and longer than a lock is."""
        asked[0] += 1
        over.wait(LOCK_SECONDS + 0.5)
        raise TimeoutError

    waited = list[str]()

    def write() -> None:
        while not over.wait(0.05):
            try:
                with any_database.transaction():
                    pass
            except DatabaseUnavailableError as error:
                waited.append(error.code)

    with ChangedRpc(pair.second.url, hang) as second:
        monkeypatch.setattr(pair, "second", second)
        indexer = pair.indexer(any_database, PATIENT)
        writer = threading.Thread(target=write)
        writer.start()
        try:
            indexer.run()
        finally:
            over.set()
            writer.join()
    assert waited == []
    assert asked == [1]
    newest = pair.first.call("eth_getBlockByNumber", "latest", False)
    assert position(any_database) == newest["hash"]
