"""nodes of one chain
├── the first that does not rest is asked
├── one that failed
│   ├── rests longer each time, within bounds, with jitter
│   ├── rests for as long as it says
│   ├── is asked again after its rest, first whether it is there
│   └── is fresh again once it worked, or has done well for long
├── when all rest, the one that is back first is asked
└── are held against each other
    ├── the same block everywhere is fine
    ├── another block at the same height is told with both nodes and both hashes
    ├── what is not final may differ for a while
    ├── one that has no such block is held against at its head
    ├── one that is away, rests or refuses is not held against; the first of them rests
    └── one whose chain went on while that of another stood still is told after a while
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from support.faults import ChangedRpc
from support.node import anvil, free_port
from support.vocabulary import SUPPLIER
from support.world import deploy

from backend.chain import nodes as nodes_module
from backend.chain import patience
from backend.chain.nodes import Nodes, NodesDisagreeError, NodesPartedError
from backend.chain.rpc import Call, NodeBusyError, NodeRefusedError, NodeUnreachableError, Rpc

START = 1_704_067_200
AT_ONCE: dict[str, Any] = {"final": 1_000, "patience": 0.0}
AWAY = NodeUnreachableError("gone")


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(nodes_module, "time", found)
    return found


class Quick(Rpc):
    """A node that answers what is small, until it hangs; `asked` counts how often it was."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.hangs, self.asked = False, 0

    def glance(self, calls: Sequence[Call], seconds: float | None = None) -> list[Any]:
        """Whatever is asked for."""
        assert seconds == 3.0
        self.asked += 1
        if self.hangs:
            raise AWAY
        return ["0x1"] * len(calls)


@pytest.fixture
def three() -> list[Quick]:
    """Nodes that are asked nothing but whether they are there."""
    return [Quick(f"http://127.0.0.1:{port}") for port in (1, 2, 3)]


def rest_of(nodes: Nodes, rpc: Rpc, clock: Clock) -> float:
    """Seconds for which a node rests."""
    return nodes._find(rpc).rests_until - clock.now


def test_nodes_keep_the_order_of_their_addresses() -> None:
    with Nodes.at(["http://a:1", "http://b:2", "http://c:3"]) as nodes:
        assert len(nodes) == 3
        assert [each.rpc.url for each in nodes._endpoints] == [
            "http://a:1",
            "http://b:2",
            "http://c:3",
        ]


def test_the_first_that_does_not_rest_is_asked(three: list[Quick], clock: Clock) -> None:
    nodes = Nodes(three)
    for rpc in three:
        assert nodes.best() is rpc
        assert nodes.can_take_over()
        nodes.failed(rpc, AWAY)
    assert not nodes.can_take_over()


def test_when_all_rest_the_one_that_is_back_first_is_asked(
    three: list[Quick], clock: Clock
) -> None:
    nodes = Nodes(three)
    for rpc, seconds in zip(three, (9.0, 7.0, 8.0), strict=True):
        nodes.failed(rpc, NodeBusyError("later", seconds))
    assert nodes.best() is three[1]
    clock.now += 8.5
    assert nodes.can_take_over()
    assert nodes.best() is three[1]
    clock.now += 0.6
    assert nodes.best() is three[0]


def test_a_rest_is_longer_each_time_with_jitter(three: list[Quick], clock: Clock) -> None:
    seen: dict[int, set[float]] = {count: set() for count in range(1, 10)}
    for _ in range(50):
        nodes = Nodes(three)
        for rests in seen.values():
            nodes.failed(three[0], AWAY)
            rests.add(rest_of(nodes, three[0], clock))
    for count, rests in seen.items():
        longest = min(0.5 * 2**count, 300.0)
        assert longest / 2 - 1e-6 <= min(rests) <= max(rests) <= longest + 1e-6
        assert max(rests) - min(rests) > longest / 10


def test_a_node_that_is_away_for_days_rests_no_longer(three: list[Quick], clock: Clock) -> None:
    nodes = Nodes(three)
    for _ in range(5_000):
        nodes.failed(three[0], AWAY)
    assert 150.0 <= rest_of(nodes, three[0], clock) <= 300.0


def test_a_node_rests_for_as_long_as_it_says(three: list[Quick], clock: Clock) -> None:
    nodes = Nodes(three)
    nodes.failed(three[0], NodeBusyError("later", 120.0))
    assert rest_of(nodes, three[0], clock) == pytest.approx(120.0)
    nodes.failed(three[1], NodeBusyError("later", 0.0))
    assert 0.5 <= rest_of(nodes, three[1], clock) <= 1.0


def test_a_node_is_asked_again_after_its_rest(three: list[Quick], clock: Clock) -> None:
    nodes = Nodes(three)
    nodes.failed(three[0], AWAY)
    assert nodes.best() is three[1]
    clock.now += 1.0
    assert nodes.best() is three[0]
    nodes.failed(three[0], AWAY)
    assert rest_of(nodes, three[0], clock) >= 1.0 - 1e-6


def test_a_node_that_failed_is_asked_whether_it_is_there(three: list[Quick], clock: Clock) -> None:
    nodes = Nodes(three)
    nodes.failed(three[0], AWAY)
    three[0].hangs = True
    clock.now += 1.0
    assert nodes.best() is three[1]
    assert rest_of(nodes, three[0], clock) >= 1.0 - 1e-6
    assert nodes.best() is three[1]
    assert [each.asked for each in three] == [1, 0, 0]
    three[0].hangs = False
    clock.now += 2.0
    assert nodes.best() is three[0]
    alone = Nodes(three[:1])
    alone.failed(three[0], AWAY)
    assert alone.best() is three[0]
    assert three[0].asked == 2


def test_failures_of_long_ago_are_forgotten(three: list[Quick], clock: Clock) -> None:
    nodes = Nodes(three)
    for _ in range(6):
        nodes.failed(three[0], AWAY)
    clock.now += rest_of(nodes, three[0], clock) + 299.0
    nodes.failed(three[0], AWAY)
    assert rest_of(nodes, three[0], clock) >= 32.0
    clock.now += rest_of(nodes, three[0], clock) + 301.0
    nodes.failed(three[0], AWAY)
    assert rest_of(nodes, three[0], clock) <= 1.0


def test_a_node_that_worked_is_fresh_again(three: list[Quick], clock: Clock) -> None:
    nodes = Nodes(three)
    for _ in range(6):
        nodes.failed(three[0], AWAY)
    nodes.worked(three[0])
    assert nodes.best() is three[0]
    nodes.failed(three[0], AWAY)
    assert rest_of(nodes, three[0], clock) <= 1.0


def test_what_fails_is_told_where_there_are_several(
    three: list[Quick], caplog: pytest.LogCaptureFixture
) -> None:
    Nodes(three[:1]).failed(three[0], AWAY)
    assert caplog.messages == []
    Nodes(three).failed(three[0], NodeBusyError("later", 40.0))
    assert caplog.messages == ["http://127.0.0.1:1 rests for 40.0 s: later"]


# --- held against each other ---


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Rpc, Rpc]]:
    """Two nodes with the same deployment that part with block 20."""
    with anvil() as here, anvil() as there, Rpc(here) as first, Rpc(there) as second:
        for rpc, name in ((first, "one"), (second, "two")):
            world = deploy(rpc, START)
            for number in range(int(rpc.call("eth_blockNumber"), 16) + 1, 20):
                # The nodes' own clocks would go on meanwhile.
                rpc.call("evm_mine", {"timestamp": START + number})
            world.now = START + 10_000
            world.register(SUPPLIER, identifier=name)
        yield first, second


def hash_at(rpc: Rpc, number: int) -> str:
    """The hash of a block."""
    found: str = rpc.call("eth_getBlockByNumber", hex(number), False)["hash"]
    return found


def test_the_same_block_is_fine(pair: tuple[Rpc, Rpc]) -> None:
    nodes = Nodes(pair)
    for number in range(20):
        nodes.require_agreement(pair[0], number, hash_at(pair[0], number), **AT_ONCE)


def test_another_block_is_told_with_both_nodes_and_hashes(pair: tuple[Rpc, Rpc]) -> None:
    first, second = pair
    here, there = hash_at(first, 20), hash_at(second, 20)
    with pytest.raises(NodesDisagreeError) as caught:
        Nodes(pair).require_agreement(first, 20, here, **AT_ONCE)
    assert caught.value.detail == (
        f"Block 20 is {here} at {first.url} and {there} at {second.url}. "
        "Find out which is right, and name only nodes that are with --rpc-url."
    )
    assert caught.value.status == 503
    with pytest.raises(NodesDisagreeError, match=f"{there} at {second.url} and {here}"):
        Nodes(pair).require_agreement(second, 20, there, **AT_ONCE)


def test_a_node_that_has_no_such_block_is_held_against_at_its_head(pair: tuple[Rpc, Rpc]) -> None:
    with pytest.raises(NodesDisagreeError, match=f"Block 20 is {hash_at(pair[0], 20)} at"):
        Nodes(pair).require_agreement(pair[0], 21, "0x" + "12" * 32, **AT_ONCE)


def test_who_has_a_block(pair: tuple[Rpc, Rpc]) -> None:
    first, second = pair
    nodes = Nodes(pair)
    assert nodes.who_has(first, 19, hash_at(first, 19)) == second.url
    assert nodes.who_has(first, 20, hash_at(second, 20)) == second.url
    assert nodes.who_has(first, 20, hash_at(first, 20)) is None
    assert nodes.who_has(first, 21, hash_at(first, 20)) is None


def test_nodes_that_differ_in_what_is_not_final_have_a_while(
    pair: tuple[Rpc, Rpc], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "time", clock)
    nodes, here = Nodes(pair), hash_at(pair[0], 20)

    def holds(final: int = 19) -> None:
        nodes.require_agreement(pair[0], 20, here, final=final, patience=10.0)

    for seconds in (0.0, 5.0, 4.9):
        clock.now += seconds
        with pytest.raises(NodesPartedError, match=f"Block 20 is {here} at .* may agree soon"):
            holds()
    with pytest.raises(NodesDisagreeError, match="Find out which is right"):
        holds(final=20)
    clock.now += 0.1
    with pytest.raises(NodesDisagreeError, match="Find out which is right"):
        holds()
    # Whoever was not seen to differ for a minute has as long again.
    clock.now += 60.1
    with pytest.raises(NodesPartedError):
        holds()
    nodes.require_agreement(pair[0], 19, hash_at(pair[0], 19), final=0, patience=10.0)
    clock.now += 10.0
    with pytest.raises(NodesPartedError):
        holds()


def test_a_node_that_rests_is_not_held_against(pair: tuple[Rpc, Rpc]) -> None:
    nodes = Nodes(pair)
    nodes.failed(pair[1], NodeBusyError("later", 60.0))
    nodes.require_agreement(pair[0], 20, hash_at(pair[0], 20), **AT_ONCE)


@pytest.mark.alone
def test_a_node_that_is_away_is_not_held_against(pair: tuple[Rpc, Rpc]) -> None:
    with Rpc(f"http://127.0.0.1:{free_port()}") as away:
        start, nodes = time.monotonic(), Nodes([pair[0], away])
        nodes.require_agreement(pair[0], 20, hash_at(pair[0], 20), **AT_ONCE)
        assert nodes._find(away).rests_until > start
    assert time.monotonic() - start < 5


def test_a_node_that_refuses_is_not_held_against(pair: tuple[Rpc, Rpc]) -> None:
    def refuses(method: str, _: Sequence[Any], __: Any) -> Any:
        raise NodeRefusedError(method, {"code": -32000, "message": "no"})

    with ChangedRpc(pair[1].url, refuses) as refusing:
        Nodes([pair[0], refusing]).require_agreement(pair[0], 20, hash_at(pair[0], 20), **AT_ONCE)


def test_who_passed(pair: tuple[Rpc, Rpc], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "time", clock)
    nodes, other = Nodes(pair), pair[1].url
    head = int(pair[1].call("eth_blockNumber"), 16)

    def passed(seconds: float, standing: int) -> str | None:
        clock.now += seconds
        here = hash_at(pair[1], standing)
        return nodes.who_passed(pair[0], standing, here, final=0, agree=60.0, behind=10.0)

    assert passed(0.0, head - 1) is None
    assert passed(9.9, head - 1) is None
    assert passed(0.1, head - 1) == other
    # Whoever goes on, if only by a block, does not stand still.
    assert passed(1.0, head - 2) is None
    assert passed(9.9, head - 2) is None
    assert passed(0.0, head) is None
    assert passed(0.1, head - 2) is None
    assert passed(10.0, head - 2) == other
    assert passed(60.0, head) is None


def test_who_passed_from_another_block(
    pair: tuple[Rpc, Rpc], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "time", clock)
    nodes = Nodes(pair)
    head = int(pair[1].call("eth_blockNumber"), 16)

    def pass_(seconds: float, standing: int) -> None:
        clock.now += seconds
        nodes.who_passed(pair[0], standing, "0x77", final=0, agree=10.0, behind=60.0)

    # The last blocks of two may be others until the next one comes, however long that takes.
    for seconds in (0.0, 100.0):
        pass_(seconds, head)
    for seconds in (0.0, 9.9):
        with pytest.raises(NodesPartedError, match=f"Block {head - 1} is 0x77 at .* and 0x"):
            pass_(seconds, head - 1)
    with pytest.raises(NodesDisagreeError, match="Find out which is right"):
        pass_(0.1, head - 1)


@pytest.mark.parametrize("answer", [7, "x", [], {}, {"hash": None}])
def test_a_node_that_talks_nonsense_is_not_held_against(pair: tuple[Rpc, Rpc], answer: Any) -> None:
    with ChangedRpc(pair[1].url, lambda *_: answer) as odd:
        Nodes([pair[0], odd]).require_agreement(pair[0], 20, hash_at(pair[0], 20), **AT_ONCE)
