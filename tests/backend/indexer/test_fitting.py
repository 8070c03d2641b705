"""an index that does not fit the chain
├── stops and says what to do
└── waits where the node has not come to the deployment yet
"""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import update
from support.indexes import run
from support.node import anvil
from support.story import Story

from backend.chain.deployment import Deployment
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.db.models import Cursor
from backend.db.session import Database
from backend.indexer import (
    Indexer,
    IndexMismatchError,
    index_once,
    run_forever,
)
from backend.indexer.errors import NodeBehindError


def test_another_chain_id(story: Story, database: Database) -> None:
    with anvil(chain_id=7) as url, Rpc(url) as rpc, pytest.raises(IndexMismatchError) as caught:
        run(story, database, rpc)
    assert "The node is on chain 7" in caught.value.detail
    assert "Point --rpc-url at the right node." in caught.value.detail
    assert caught.value.status == 503


def test_an_empty_chain_of_the_same_kind(story: Story, database: Database, own_rpc: Rpc) -> None:
    begun = story.world.deployment.start_block
    with pytest.raises(NodeBehindError) as caught:
        run(story, database, own_rpc)
    assert caught.value.detail == (
        f"The node's last block is 0, the deployment began with block {begun}: the node is being "
        "filled, or its chain was begun anew."
    )
    own_rpc.call("anvil_mine", hex(begun))
    with pytest.raises(IndexMismatchError, match=r"no contract at .* Run `termin deploy`"):
        run(story, database, own_rpc)


def test_another_deployment(story: Story, indexed: Database, own_rpc: Rpc) -> None:
    other = replace(story.world.deployment, factory="0x" + "12" * 20)
    with pytest.raises(IndexMismatchError, match="The index is of factory 0x"):
        index_once(indexed, story.rpc, other, story.store)


def test_a_deployment_file_that_is_mixed_up(story: Story, database: Database) -> None:
    right = story.world.deployment
    wrong = replace(right, registry=right.budget, budget=right.registry)
    with pytest.raises(IndexMismatchError, match="Correct the deployment file"):
        index_once(database, story.rpc, wrong, story.store)


def test_other_projections(story: Story, indexed: Database) -> None:
    with indexed.transaction() as session:
        session.execute(update(Cursor).values(projection_version=0))
    with pytest.raises(IndexMismatchError, match="built by version 0 of the projections"):
        run(story, indexed)


def test_stops_for_good_when_the_chain_does_not_fit(story: Story, indexed: Database) -> None:
    other: Deployment = replace(story.world.deployment, chain_id=1)
    indexer = Indexer(indexed, Nodes([story.rpc]), other, story.store)
    with pytest.raises(IndexMismatchError):
        run_forever(indexer, threading.Event())
