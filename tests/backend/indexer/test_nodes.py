"""an index whose node
├── refuses long ranges, or leaves out what need not be there: the rows are the same
└── contradicts itself: nothing is written
an index of several nodes
├── goes on with the next where one fails
└── stops where they disagree, and writes nothing
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from support.faults import Change, ChangedRpc, bare_logs, forged, limited
from support.indexes import run
from support.rows import dump
from support.story import Story

from backend.chain.nodes import Nodes, NodesDisagreeError
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.db.models import Cursor
from backend.db.session import Database
from backend.indexer import (
    ChainInconsistentError,
    Indexer,
)
from backend.indexer import scanner as scanner_module


@pytest.mark.parametrize("change", [limited(1), limited(7), bare_logs], ids=["1", "7", "bare"])
def test_other_nodes_give_the_same_rows(
    story: Story, told: Database, database: Database, change: Change
) -> None:
    with ChangedRpc(story.rpc.url, change) as rpc:
        run(story, database, rpc)
    assert dump(database) == dump(told)


def test_a_node_that_refuses_one_block_is_not_asked_for_less(
    story: Story, database: Database
) -> None:
    with (
        ChangedRpc(story.rpc.url, limited(0)) as rpc,
        pytest.raises(NodeRefusedError, match="range too large"),
    ):
        run(story, database, rpc)


def wrong_bloom(method: str, params: Sequence[Any], result: Any) -> Any:
    """A node whose latest block has a filter that its logs do not give."""
    if method == "eth_getBlockByNumber" and result and int(result["number"], 16) == 40:
        return result | {"logsBloom": "0x" + "00" * 256}
    return result


def test_a_node_that_contradicts_itself_is_not_believed(
    story: Story, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 100)
    with (
        ChangedRpc(story.rpc.url, wrong_bloom) as rpc,
        pytest.raises(ChainInconsistentError, match="Block 40: the hash of its header is 0x"),
    ):
        run(story, database, rpc)
    with database.reading() as session:
        assert session.get(Cursor, 1) is None
    run(story, database)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("transactionIndex", "zz"),
        ("transactionIndex", "0xffffffffff"),
        ("transactionIndex", "-0x1"),
        ("transactionHash", "a\0b"),
        ("transactionHash", "0x" + "ab" * 33),
        ("transactionHash", "0x" + "zz" * 32),
        ("data", "0xabc"),
        ("data", "0x" + "zz" * 32),
    ],
)
def test_a_log_that_is_malformed_is_not_believed(
    story: Story, database: Database, name: str, value: str
) -> None:
    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        return [log | {name: value} if log["blockNumber"] == "0x1e" else log for log in result]

    with (
        ChangedRpc(story.rpc.url, change) as rpc,
        pytest.raises(ChainInconsistentError, match="A log of block 30 is malformed: "),
    ):
        run(story, database, rpc)
    run(story, database)


def test_goes_on_with_the_next_node_where_one_fails(
    story: Story, told: Database, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    asked = [0]

    def fails(method: str, _: Sequence[Any], result: Any) -> Any:
        asked[0] += 1
        return wrong_bloom(method, _, result)

    with ChangedRpc(story.rpc.url, fails) as first, Rpc(story.rpc.url) as second:
        indexer = Indexer(database, Nodes([first, second]), story.world.deployment, story.store)
        indexer.prepare()
        assert indexer.run().events == 148
        assert asked[0] > 0
    assert dump(database) == dump(told)
    assert len(caplog.messages) == 1
    assert re.match(rf"{story.rpc.url} rests for \d\.\d s: Block 40: ", caplog.messages[0])


def test_a_node_whose_blocks_have_not_their_hashes_is_no_other_chain(
    story: Story, told: Database, any_database: Database
) -> None:
    def lying(method: str, _: Sequence[Any], result: Any) -> Any:
        return result | {"hash": "0x" + "99" * 32} if method == "eth_getBlockByNumber" else result

    with Rpc(story.rpc.url) as first, ChangedRpc(story.rpc.url, lying) as second:
        indexer = Indexer(any_database, Nodes([first, second]), story.world.deployment, story.store)
        indexer.prepare()
        assert indexer.run().events == 148
    assert dump(any_database) == dump(told)


def test_stops_where_nodes_disagree(story: Story, any_database: Database) -> None:
    def other(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber":
            return forged(result, extraData="0x99")
        return result

    with Rpc(story.rpc.url) as first, ChangedRpc(story.rpc.url, other) as second:
        indexer = Indexer(any_database, Nodes([first, second]), story.world.deployment, story.store)
        indexer.prepare()
        with pytest.raises(NodesDisagreeError, match=r"Block \d+ is 0x.* and 0x"):
            indexer.run()
    with any_database.reading() as session:
        assert session.get(Cursor, 1) is None
