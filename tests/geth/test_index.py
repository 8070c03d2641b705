"""an index of a chain that go-ethereum keeps
├── is what the chain says, where the node limits nothing, and where it limits all
├── says what is final as the node does
├── follows the chain back, and is what a fresh index is
├── stops where a final block is rewritten
└── hears of blocks by subscription
"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.geth import Geth, geth
from support.vocabulary import SUPPLIER
from support.works_played import play
from support.world import World

from backend.chain.deployment import Deployment
from backend.chain.nodes import Nodes
from backend.core.documents import DocumentStore
from backend.db.models import Agreement, Cursor, Participant, Payment, Retraction
from backend.db.session import Database
from backend.indexer import Indexer, IndexMismatchError, index_once
from backend.indexer import heads as heads_module
from backend.indexer.heads import Listener
from backend.queries.digest import digest
from backend.verification.verifying import verify

LIMITS = {
    "--rpc.batch-request-limit": "10",
    "--rpc.batch-response-max-size": "20000",
    "--rpc.rangelimit": "7",
}


def value(database: Database) -> str:
    """The digest of an index."""
    with database.reading() as session:
        return digest(session).value


def cursor(database: Database) -> tuple[int, int]:
    """The last block, and the last one that is final."""
    with database.reading() as session:
        row = session.get_one(Cursor, 1)
        return row.block, row.final_block


def differences(database: Database, node: Geth, deployment: Deployment) -> list[object]:
    """What `termin verify` finds."""
    with database.reading() as session:
        done, found = verify(node.rpc, deployment, session)
        listed = list(found)
        assert done.views
        return listed


@pytest.mark.parametrize("limits", [{}, LIMITS], ids=["no limits", "limits"])
def test_it_is_what_the_chain_says(
    tmp_path: Path, database: Database, limits: dict[str, str]
) -> None:
    with geth(tmp_path, [each for pair in limits.items() for each in pair]) as node:
        works = play(node.rpc, DocumentStore(tmp_path / "documents"))
        made = works.world.deployment
        index_once(database, node.rpc, made, works.store)
        assert differences(database, node, made) == []
    with database.reading() as session:
        counted = [
            session.scalar(select(func.count()).select_from(model))
            for model in (Agreement, Payment)
        ]
    assert counted == [6, 20]


def test_what_is_final(node: Geth, world: World, database: Database) -> None:
    indexer = Indexer(database, Nodes([node.rpc]), world.deployment, DocumentStore(Path()))
    indexer.prepare()
    indexer.run()
    head, final = cursor(database)
    # It names none yet, so that only what cannot be taken back would be.
    assert (head, final) == (int(node.rpc.call("eth_blockNumber"), 16), 0)
    node.finalize(head - 3)
    world.register()
    indexer.run()
    assert cursor(database) == (head + 1, head - 3)


def test_it_follows_the_chain_back(
    node: Geth, world: World, database: Database, tmp_path: Path
) -> None:
    store = DocumentStore(tmp_path / "documents")
    index_once(database, node.rpc, world.deployment, store)
    before, _ = cursor(database)
    node.give_up(12)
    for number in range(15):
        world.register(SUPPLIER, identifier=f"other-{number}")
    index_once(database, node.rpc, world.deployment, store)
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    index_once(fresh, node.rpc, world.deployment, store)
    assert cursor(database) == cursor(fresh) == (before + 3, 0)
    assert value(database) == value(fresh)
    assert differences(database, node, world.deployment) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Participant)) == 8 + 15
        assert session.scalar(select(func.count()).select_from(Retraction)) == 12
    fresh.close()


def test_a_final_block_is_rewritten(node: Geth, world: World, database: Database) -> None:
    node.finalize(int(node.rpc.call("eth_blockNumber"), 16) - 5)
    store = DocumentStore(Path())
    index_once(database, node.rpc, world.deployment, store)
    before = cursor(database), value(database)
    node.give_up(8)
    for number in range(10):
        world.register(SUPPLIER, identifier=f"other-{number}")
    with pytest.raises(IndexMismatchError):
        index_once(database, node.rpc, world.deployment, store)
    assert (cursor(database), value(database)) == before


def test_it_hears_of_blocks(node: Geth, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads_module, "LISTENING_POLL_SECONDS", 600.0)
    with Listener(node.websocket) as heads:
        assert heads.listening.wait(20)
        # That it listens is news as well.
        heads.wait(threading.Event())
        world.register()
        waiting = threading.Thread(target=heads.wait, args=(threading.Event(),), daemon=True)
        waiting.start()
        waiting.join(20)
        assert not waiting.is_alive()
