"""an index that follows the chain
├── until it is told to stop
├── waits for a node that is away, or as long as it says
└── takes in documents that come later
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from support.faults import ChangedRpc
from support.story import Story
from support.waiting import wait_until
from support.world import SUPPLIER, deploy

from backend.chain.nodes import Nodes
from backend.chain.rpc import NodeBusyError, NodeUnreachableError, Rpc
from backend.core.documents import DocumentStore
from backend.db.models import Cursor, EventRow
from backend.db.session import Database
from backend.indexer import (
    Indexer,
    following,
    index_once,
    run_forever,
)


def test_follows_the_chain_until_it_is_told_to_stop(
    own_rpc: Rpc, database: Database, store: DocumentStore
) -> None:
    world = deploy(own_rpc)
    stop, seen = threading.Event(), [0]
    with Rpc(own_rpc.url) as rpc:
        indexer = Indexer(database, Nodes([rpc]), world.deployment, store)
        thread = threading.Thread(
            target=run_forever, args=(indexer, stop, lambda p: seen.append(p.block))
        )
        thread.start()
        person = world.register(SUPPLIER)
        head = int(own_rpc.call("eth_blockNumber"), 16)
        wait_until(lambda: seen[-1] >= head)
        stop.set()
        thread.join(5)
        assert not thread.is_alive()
    with database.reading() as session:
        found = session.scalars(select(EventRow.participant)).all()
    assert person.hex in found


def test_waits_for_a_node_that_is_away(
    story: Story, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    away, stop, seen = [True], threading.Event(), [0]

    def change(_: str, __: Sequence[Any], result: Any) -> Any:
        if away[0]:
            raise NodeUnreachableError("gone")
        return result

    with ChangedRpc(story.rpc.url, change) as rpc:
        indexer = Indexer(database, Nodes([rpc]), story.world.deployment, story.store)
        thread = threading.Thread(
            target=run_forever, args=(indexer, stop, lambda p: seen.append(p.block))
        )
        thread.start()
        wait_until(lambda: len(caplog.messages) >= 2)
        away[0] = False
        wait_until(lambda: seen[-1] > 100)
        stop.set()
        thread.join(5)
    for message in caplog.messages[:2]:
        assert re.match(r"The chain cannot be reached: gone Trying again in 0\.\d s\.", message)


def test_waits_for_as_long_as_the_node_says(
    story: Story, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    stop, refusals = threading.Event(), []

    def busy(_: str, __: Sequence[Any], result: Any) -> Any:
        if not refusals:
            refusals.append(time.monotonic())
            raise NodeBusyError("later", 1.0)
        stop.set()
        return result

    with ChangedRpc(story.rpc.url, busy) as rpc:
        run_forever(Indexer(database, Nodes([rpc]), story.world.deployment, story.store), stop)
    assert time.monotonic() - refusals[0] >= 1.0
    assert caplog.messages == ["The node is busy: later Trying again in 1.0 s."]


def test_takes_in_documents_that_come_later(
    story: Story, database: Database, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "DOCUMENTS_SECONDS", 0)
    index_once(database, story.rpc, story.world.deployment, store)
    stop = threading.Event()
    indexer = Indexer(database, Nodes([story.rpc]), story.world.deployment, store)
    thread = threading.Thread(target=run_forever, args=(indexer, stop))
    thread.start()
    store.write(story.store.read(story.documents["Foundation"]) or b"")
    wait_until(lambda: _revision(database) == 1)
    stop.set()
    thread.join(5)


def _revision(database: Database) -> int:
    with database.reading() as session:
        return session.get_one(Cursor, 1).documents_revision
