"""a node that does wrong, through a real proxy
├── for each fault: it is said, the node is not asked in a hurry, and the index is right afterwards
├── whose batches come in another order, or late: nothing is said at all
├── of another chain: the index stops, and goes on when the node is the right one
├── that nobody listens at: the same as a fault
├── that never ends its answer: no more than the limit is read
└── whose websocket breaks: the index asks instead, and listens again
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from chaos.faults import FAULTS, HARMLESS, PASSING, STOPPING, endless
from chaos.proxy import Proxy, proxy
from chaos.scene import Scene, scene
from chaos.verdict import value_of
from sqlalchemy import select
from support.waiting import wait_until

from backend.chain import rpc as rpc_module
from backend.chain.nodes import Nodes
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.core.documents import DocumentStore
from backend.db.models import Cursor, Reorganization
from backend.db.session import Database
from backend.indexer import Indexer, IndexMismatchError, Listener, Policy, run_forever

UNTOLD = {
    "range_too_large",
    "range_too_wide",
    "range_not_allowed",
    # This chain never gave up a block.
    "blocks_of_another_fork",
    "logs_of_another_fork",
    *HARMLESS,
}
"""What is lived through without a word."""
LASTING = {"other_blocks": "that block was final, or is too far back to be undone"}
"""What is lived through once, and is another chain if it stays."""
FAULT_SECONDS = 1.2
MOST_REQUESTS = 60
"""In that time; who asks without a pause makes hundreds."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A chain with some acts on it, which grows with each test."""
    with scene(tmp_path_factory.mktemp("data")) as found:
        random = Random(7)
        for _ in range(12):
            found.act(random)
        yield found


@contextmanager
def following(
    stage: Scene, front: Proxy, database: Database, store: DocumentStore, timeout: float = 0.5
) -> Iterator[None]:
    """Follow through the proxy until the end; answers are waited for during `timeout` seconds."""
    stop = threading.Event()
    policy = Policy(1_000, behind_seconds=30.0)
    with Rpc(front.url, timeout=timeout) as rpc:
        indexer = Indexer(database, Nodes([rpc]), stage.world.deployment, store, policy)
        thread = threading.Thread(target=run_forever, args=(indexer, stop), daemon=True)
        thread.start()
        try:
            yield
            assert thread.is_alive()
        finally:
            stop.set()
            thread.join(10)
            assert not thread.is_alive()


def wait_for_head(stage: Scene, database: Database) -> None:
    """Wait until the index is at the head."""
    wanted, deadline = stage.head["hash"], time.monotonic() + 30
    while position(database) != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def retries(messages: list[str]) -> list[str]:
    """Those that say that something is tried again."""
    return [line for line in messages if "Trying again in" in line]


def position(database: Database) -> str | None:
    """Where the index stands."""
    try:
        with database.reading() as session:
            return session.scalar(select(Cursor.block_hash))
    except Exception:
        return None


def fresh(stage: Scene, folder: Path, store: DocumentStore) -> str:
    """The digest of an index that met no fault."""
    database = Database(f"sqlite:///{folder / 'fresh.db'}")
    with Rpc(stage.rpc.url) as rpc:
        indexer = Indexer(database, Nodes([rpc]), stage.world.deployment, store, Policy(1_000))
        indexer.prepare()
        indexer.run()
    found = value_of(database)
    database.close()
    return found


@pytest.mark.parametrize("name", [name for name in PASSING if name not in LASTING])
def test_the_index_lives_through(
    stage: Scene,
    database: Database,
    store: DocumentStore,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    database.migrate()
    # Where nothing may be said a busy machine must not look like a node that does not answer.
    timeout = 10.0 if name in UNTOLD else 0.5
    with proxy(stage.rpc.url) as front, following(stage, front, database, store, timeout):
        wait_for_head(stage, database)
        stage.act(Random(1))
        said = len(caplog.messages)
        front.always(FAULTS[name])
        stage.world.register()
        before, begun = front.requests, time.monotonic()
        time.sleep(FAULT_SECONDS)
        asked, seconds = front.requests - before, time.monotonic() - begun
        if name not in UNTOLD:
            # A busy machine may not have come to it yet.
            wait_until(lambda: retries(caplog.messages[said:]))
        front.calm()
        stage.world.register()
        wait_for_head(stage, database)
    assert value_of(database) == fresh(stage, tmp_path, store)
    assert bool(retries(caplog.messages)) == (name not in UNTOLD), (name, caplog.messages)
    assert asked < MOST_REQUESTS * seconds / FAULT_SECONDS
    with database.reading() as session:
        assert session.scalars(select(Reorganization)).all() == []


@pytest.mark.parametrize("name", [*STOPPING, *LASTING])
def test_the_index_stops_at(
    stage: Scene, any_database: Database, store: DocumentStore, tmp_path: Path, name: str
) -> None:
    with proxy(stage.rpc.url) as front, Rpc(front.url) as rpc:
        indexer = Indexer(any_database, Nodes([rpc]), stage.world.deployment, store, Policy(1_000))
        indexer.prepare()
        indexer.run()
        stage.world.register()
        front.always(FAULTS[name])
        with pytest.raises(IndexMismatchError, match=LASTING.get(name, "The node is on chain")):
            indexer.run()
        front.calm()
        indexer.run()
    assert value_of(any_database) == fresh(stage, tmp_path, store)


def test_nobody_listens(
    stage: Scene, any_database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    any_database.migrate()
    with proxy(stage.rpc.url) as front, following(stage, front, any_database, store):
        wait_for_head(stage, any_database)
        front.refuse()
        stage.world.register()
        time.sleep(0.5)
        front.listen()
        wait_for_head(stage, any_database)
    assert value_of(any_database) == fresh(stage, tmp_path, store)


def test_an_answer_without_an_end_is_read_to_the_limit(
    stage: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc_module, "LARGEST_ANSWER", 2**20)
    with proxy(stage.rpc.url) as front, Rpc(front.url) as rpc:
        front.always(endless)
        with pytest.raises(NodeRefusedError, match="the answer has more than 1048576 bytes"):
            rpc.call("eth_chainId")
        front.calm()
        # What lies in the buffers of both sides comes on top.
        assert front.sent < 2**20 + 16 * 2**20
        assert rpc.call("eth_chainId") == "0x7ea"


def test_a_websocket_that_breaks_is_made_anew(stage: Scene) -> None:
    with proxy(stage.rpc.url) as front, Listener(front.url.replace("http", "ws")) as heads:
        assert heads.listening.wait(10)
        assert front.sockets == 1
        front.drop_sockets()
        # It may be back before one can see that it was gone.
        deadline = time.monotonic() + 20
        while front.sockets < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert heads.listening.wait(10)
