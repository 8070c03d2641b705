"""a log that names one of our events and has not its shape
├── and that a node alone has is not believed: another node is asked
└── and that a settlement token emits is left out, which is said; the rest goes on
    └── and verification leaves it out as well
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from support.faults import ChangedRpc
from support.rows import dump
from support.story import Story
from support.world import ADMIN, SUPPLIER, World, deploy

from backend.chain.abi import abi
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.db.models import EventRow, Participant
from backend.db.session import Database
from backend.indexer import ChainInconsistentError, Indexer, Policy, index_once
from backend.verification.verifying import verify

ALL_FINAL = Policy(confirmations=0)
ISSUED = abi("SettlementToken").topic("Issued").removeprefix("0x")
TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


def code(topic: str, topics: int, size: int) -> str:
    """A contract that emits a log of so many topics, all but the first zero, and so many bytes."""
    return f"0x{'5f' * (topics - 1)}7f{topic}61{size:04x}5fa{topics}00"


CODES = {
    "nothing": code(ISSUED, 1, 0),
    "none indexed": code(ISSUED, 1, 96),
    "too little": code(ISSUED, 3, 31),
    "too much": code(ISSUED, 3, 64),
    "a transfer with none indexed": code(TRANSFER, 1, 96),
    "a transfer of what is no amount": code(TRANSFER, 4, 0),
}


@pytest.mark.parametrize("data", ["0x", "0x" + "ff" * 32])
def test_what_a_node_alone_has_is_not_believed(
    story: Story, told: Database, any_database: Database, data: str
) -> None:
    lies = [1]

    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        place = next((i for i, log in enumerate(result) if log["blockNumber"] == "0x1e"), None)
        if place is None or not lies[0]:
            return result
        lies[0] -= 1
        return [*result[:place], result[place] | {"data": data}, *result[place + 1 :]]

    with ChangedRpc(story.rpc.url, change) as first, Rpc(story.rpc.url) as second:
        indexer = Indexer(
            any_database, Nodes([first]), story.world.deployment, story.store, ALL_FINAL
        )
        indexer.prepare()
        with pytest.raises(ChainInconsistentError, match=r"^Block 30 has \d+ logs by its receipts"):
            indexer.run()
        lies[0] = 1
        both = Nodes([first, second])
        Indexer(any_database, both, story.world.deployment, story.store, ALL_FINAL).run()
    assert lies == [0]
    assert {**dump(any_database), "cursor": ""} == {**dump(told), "cursor": ""}


def emitting(rpc: Rpc, code: str) -> tuple[World, str]:
    """A world in which an admitted token has emitted an odd log, and somebody registers then."""
    world = deploy(rpc)
    token = world.admit("MXN", 2)
    rpc.call("anvil_setCode", token, code)
    world.send(ADMIN, token, b"")
    world.register(SUPPLIER)
    return world, token


@pytest.mark.parametrize("name", CODES)
def test_what_a_token_emits_is_left_out(
    own_rpc: Rpc,
    any_database: Database,
    store: DocumentStore,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    world, token = emitting(own_rpc, CODES[name])
    topic = TRANSFER if "transfer" in name else ISSUED
    logs = own_rpc.call("eth_getLogs", {"fromBlock": "0x0", "address": token})
    assert logs[-1]["topics"][0] == f"0x{topic}"
    index_once(any_database, own_rpc, world.deployment, store)
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Participant)) == 1
        assert session.scalars(select(EventRow).where(EventRow.address == token)).all() == []
    said = [line for line in caplog.messages if line.endswith("It is left out.")]
    assert len(said) == (topic == ISSUED)
    with any_database.reading() as session:
        done, differences = verify(own_rpc, world.deployment, session)
        assert list(differences) == []
        assert done.rows["tokens"] == 1
