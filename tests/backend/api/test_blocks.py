"""the header of a block in which nothing happened
├── is of a node that has the index's last block; no other is believed
├── is remembered once it is final
│   └── not over a rebuild, after which the chain may be another
├── all who ask at once are answered
└── where no node answers
    ├── that is believed for a second, for all blocks
    └── a few ask and a few wait for them, and who comes meanwhile waits for nobody
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from support.node import anvil
from support.waiting import wait_until

from backend.api import blocks
from backend.api.blocks import BlockHeaders, BlockNotKnownError, Mark
from backend.chain.rpc import Rpc
from backend.queries.index import IndexState

NOWHERE = "http://127.0.0.1:1"
SINCE = "0x" + "1" * 64


def mine(rpc: Rpc, count: int, after: int) -> None:
    """Some blocks, of which the first is some seconds later than the last."""
    rpc.call("evm_increaseTime", after)
    rpc.call("anvil_mine", hex(count))


def mark(rpc: Rpc, number: int) -> Mark:
    found = rpc.call("eth_getBlockByNumber", hex(number), False)
    return Mark(found["hash"], int(found["timestamp"], 16))


def standing(rpc: Rpc, **more: Any) -> IndexState:
    """An index that is at a node's last block, all of which is final."""
    head = int(rpc.call("eth_blockNumber"), 16)
    found = mark(rpc, head)
    state = IndexState(
        2026, "0x0", "0x0", head, found.hash, datetime.fromtimestamp(0, UTC), 0, head, 1, 0
    )
    return replace(state, **more)


class Silent(threading.Thread):
    """A node that lets everybody connect and says nothing."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.came: list[socket.socket] = []

    def run(self) -> None:
        while True:
            try:
                self.came.append(self._listener.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self.came:
            each.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    found = Silent()
    found.start()
    yield found
    found.close()
    found.join()


def test_is_of_a_node_that_has_the_last_block(own_rpc: Rpc) -> None:
    mine(own_rpc, 5, 10)
    with anvil() as url, Rpc(url) as other:
        mine(other, 50, 99_999)
        now = standing(own_rpc)
        with pytest.raises(BlockNotKnownError):
            BlockHeaders([url]).get(3, now, SINCE)
        assert BlockHeaders([url, own_rpc.url]).get(3, now, SINCE) == mark(own_rpc, 3)
    ahead = replace(now, block=now.block + 1)
    with pytest.raises(BlockNotKnownError):
        BlockHeaders([own_rpc.url]).get(3, ahead, SINCE)


def test_is_remembered_once_it_is_final_and_not_over_a_rebuild(own_rpc: Rpc) -> None:
    headers = BlockHeaders([own_rpc.url])
    snapshot = own_rpc.call("evm_snapshot")
    mine(own_rpc, 5, 10)
    now = standing(own_rpc, final_block=3)
    first = {number: headers.get(number, now, SINCE) for number in (3, 4)}
    own_rpc.call("evm_revert", snapshot)
    mine(own_rpc, 7, 777_777)
    assert headers.get(3, now, SINCE) == first[3]
    with pytest.raises(BlockNotKnownError):
        headers.get(4, now, SINCE)
    for changed in ({"documents_revision": 1}, {"genesis_hash": "0x1"}):
        again = BlockHeaders([own_rpc.url])
        again._kept = headers._kept.copy()
        assert again.get(3, standing(own_rpc, **changed), SINCE) == mark(own_rpc, 3) != first[3]
    again = BlockHeaders([own_rpc.url])
    again._kept = headers._kept.copy()
    assert again.get(3, standing(own_rpc), "0x" + "2" * 64) == mark(own_rpc, 3)


def test_that_none_answers_is_believed_for_a_second(
    own_rpc: Rpc, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine(own_rpc, 5, 10)
    now, headers, clock = standing(own_rpc), BlockHeaders([NOWHERE]), [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with pytest.raises(BlockNotKnownError, match="block 3, and no node"):
        headers.get(3, now, SINCE)
    headers._urls = [own_rpc.url]
    clock[0] += blocks.FAILED_SECONDS / 2
    with pytest.raises(BlockNotKnownError, match="block 2, and no node"):
        headers.get(2, now, SINCE)
    clock[0] += blocks.FAILED_SECONDS / 2
    assert headers.get(2, now, SINCE) == mark(own_rpc, 2)
    assert headers.get(3, now, SINCE) == mark(own_rpc, 3)


def test_who_comes_meanwhile_does_not_wait(
    own_rpc: Rpc, silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "FAILED_SECONDS", 30.0)
    held = blocks.ASKING + blocks.WAITING
    now, headers = standing(own_rpc), BlockHeaders([silent.url])

    def fails(number: int) -> bool:
        with pytest.raises(BlockNotKnownError):
            headers.get(number, now, SINCE)
        return True

    with ThreadPoolExecutor(held + 41) as threads:
        first = [threads.submit(fails, 0) for _ in range(held)]
        wait_until(lambda: len(silent.came) == blocks.ASKING and not headers._places._value)
        # They are done while the first still wait, and nobody else was sent to the node.
        assert all(threads.map(fails, range(200), timeout=20))
        assert not any(each.done() for each in first)
        assert len(silent.came) == blocks.ASKING
        silent.close()
        assert all(each.result(20) for each in first)


def test_all_who_ask_at_once_are_answered(own_rpc: Rpc) -> None:
    mine(own_rpc, 40, 10)
    now, headers = standing(own_rpc), BlockHeaders([own_rpc.url])
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda number: headers.get(number, now, SINCE), range(1, 9)))
    assert found == [mark(own_rpc, number) for number in range(1, 9)]
