"""scan
├── of a range
│   ├── gives all headers and all logs of each block, in order
│   ├── is as long as the logs allow, and grows while they are few
│   ├── that the node refuses, or whose answer is too large, is halved until it fits
│   ├── that the node does not answer is half as long next time, and grows again slowly
│   └── of one block that is refused is not asked for less
├── of blocks that are not final holds each against its receipts, of final ones the last and
│   the newest
├── by a node that has no receipts goes on with filters, and says so once
├── is refused, with the block, where
│   ├── a header is missing, malformed, has not the hash that it claims, or does not follow
│   ├── logs are of other blocks, removed, malformed, or have a gap in their numbers
│   ├── logs are not those of the block's filter
│   └── logs are not those of the block's receipts
└── tip
    ├── says chain, head, the block that is asked for, and what is final
    └── is refused where there is no chain, or a malformed one
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from support.faults import Change, ChangedRpc, forged, limited
from support.story import Story

from backend.chain import rpc as rpc_module
from backend.chain.headers import header_hash
from backend.chain.rpc import NodeBusyError, NodeRefusedError, NodeUnreachableError, Rpc
from backend.indexer import ChainInconsistentError
from backend.indexer import scanner as scanner_module
from backend.indexer.scanner import Scan, Scanner

FIRST, LAST = 30, 129
"""More than one range; the last of them holds logs."""
NEVER, ALWAYS = 10**9, 0
"""Final blocks: nothing is held against its receipts but the last block, or everything is."""

LogChange = Callable[[list[dict[str, Any]]], Any]


def head_of(rpc: Rpc) -> int:
    """Number of the newest block."""
    return int(rpc.call("eth_blockNumber"), 16)


def block_of(rpc: Rpc, number: int) -> dict[str, Any]:
    """A block as the node tells it."""
    found: dict[str, Any] = rpc.call("eth_getBlockByNumber", hex(number), False)
    return found


def logs_between(rpc: Rpc, first: int, last: int) -> list[dict[str, Any]]:
    """Logs as the node tells them."""
    found: list[dict[str, Any]] = rpc.call(
        "eth_getLogs", {"fromBlock": hex(first), "toBlock": hex(last)}
    )
    return found


@pytest.fixture(autouse=True)
def wide_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first range is as wide as the tests' chains, and what is final is not new."""
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 100)
    monkeypatch.setattr(scanner_module, "PROVEN_BLOCKS", 0)


@pytest.fixture(scope="module")
def place(story: Story) -> int:
    """The last block of at least two logs that also has one after it."""
    for number in range(head_of(story.rpc) - 1, 0, -1):
        logs = logs_between(story.rpc, number, number)
        if len(logs) >= 3 and logs_between(story.rpc, number + 1, number + 1):
            return number
    raise AssertionError


def scan_through(
    story: Story, change: Change, first: int, last: int, *, final: int = NEVER
) -> Scan:
    """Scan as a node tells it that is not to be believed."""
    with ChangedRpc(story.rpc.url, change) as rpc:
        return Scanner().scan(rpc, first, last, final, None)


# --- of a range ---


def test_gives_all_headers_and_logs(story: Story) -> None:
    scan = Scanner().scan(story.rpc, 1, 90, ALWAYS, block_of(story.rpc, 0)["hash"])
    assert [header.number for header in scan.headers] == list(range(1, 91))
    for header in scan.headers:
        raw = block_of(story.rpc, header.number)
        assert (header.hash, header.parent_hash) == (raw["hash"], raw["parentHash"])
        assert header.timestamp == int(raw["timestamp"], 16)
        told = [log["logIndex"] for log in logs_between(story.rpc, header.number, header.number)]
        assert [log.log_index for log in scan.logs.get(header.number, [])] == told
    assert scan.last is scan.headers[-1]
    assert sum(map(len, scan.logs.values())) == len(logs_between(story.rpc, 1, 90)) > 90


def test_ranges_grow_while_logs_are_few(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 2)
    monkeypatch.setattr(scanner_module, "LARGEST_RANGE", 10)
    scanner, lengths, first = Scanner(), [], 1
    for _ in range(5):
        scan = scanner.scan(story.rpc, first, 100, NEVER, None)
        lengths.append(len(scan.headers))
        first = scan.last.number + 1
    assert lengths == [2, 4, 8, 10, 10]


def test_ranges_shrink_where_logs_are_many(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", 10)
    scanner = Scanner()
    many = len(scanner.scan(story.rpc, 1, 90, NEVER, None).headers)
    logs = len(logs_between(story.rpc, 1, 90))
    assert many == 90
    assert len(scanner.scan(story.rpc, 1, 90, NEVER, None).headers) == 90 * 10 // logs


def test_ranges_do_not_swing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner, counts = Scanner(), []
    monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", 40)
    for _ in range(6):
        scan = scanner.scan(story.rpc, 30, 90, NEVER, None)
        counts.append(sum(map(len, scan.logs.values())))
    assert counts[0] > 80
    assert max(counts[2:]) < 50


def test_more_than_one_block_is_asked_for_only_within_limits(
    story: Story, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "LOGS_BYTES", 500)
    scan = Scanner().scan(story.rpc, place, place + 1, NEVER, None)
    assert [header.number for header in scan.headers] == [place]
    assert len(scan.logs[place]) >= 3


@pytest.mark.parametrize("blocks", [1, 2, 7, 50])
def test_a_range_that_the_node_refuses_is_halved(story: Story, blocks: int) -> None:
    spans: list[int] = []

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getLogs":
            spans.append(int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1)
        return limited(blocks)(method, params, result)

    scan = scan_through(story, change, 1, 100)
    sizes = [100, 50, 25, 12, 6, 3, 1]
    expected = next(size for size in sizes if size <= blocks)
    assert spans == sizes[: sizes.index(expected) + 1]
    assert [header.number for header in scan.headers] == list(range(1, expected + 1))


def test_a_range_that_is_not_answered_is_half_as_long_next_time(story: Story) -> None:
    spans: list[int] = []

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getLogs":
            spans.append(int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1)
            if spans[-1] > 30:
                raise TimeoutError
        return result

    scanner, first = Scanner(), 1
    with ChangedRpc(story.rpc.url, change) as rpc:
        while first <= 120:
            with suppress(NodeUnreachableError):
                first = scanner.scan(rpc, first, 120, NEVER, None).last.number + 1
    assert spans == [100, 50, 25, 28, 31, 15, 17, 19, 16]


def test_a_node_that_is_busy_is_asked_for_as_much_again(story: Story) -> None:
    spans: list[int] = []

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getLogs":
            spans.append(int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1)
            if len(spans) == 1:
                raise NodeBusyError("later", 1.0)
        return result

    scanner = Scanner()
    with ChangedRpc(story.rpc.url, change) as rpc:
        with pytest.raises(NodeBusyError):
            scanner.scan(rpc, 1, 120, NEVER, None)
        scanner.scan(rpc, 1, 120, NEVER, None)
    assert spans == [100, 100]


def test_headers_whose_answer_is_too_large_come_in_parts(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Scanner().scan(story.rpc, 1, 100, NEVER, None).headers
    monkeypatch.setattr(rpc_module, "LARGEST_ANSWER", 60_000)
    assert Scanner().scan(story.rpc, 1, 100, NEVER, None).headers == whole
    monkeypatch.setattr(rpc_module, "LARGEST_ANSWER", 200)
    with pytest.raises(NodeRefusedError, match="the answer has more than 200 bytes"):
        Scanner().scan(story.rpc, 1, 100, NEVER, None)


def test_one_block_that_is_refused_is_not_asked_for_less(story: Story) -> None:
    with pytest.raises(NodeRefusedError, match="range too large"):
        scan_through(story, limited(0), 1, 100)


# --- receipts ---


class Receipts:
    """A node of which it is counted whose receipts are asked for."""

    def __init__(self, error: dict[str, Any] | None = None) -> None:
        self.asked: list[int] = []
        self._error = error

    def __call__(self, method: str, params: Sequence[Any], result: Any) -> Any:
        """One answer."""
        if method == "eth_getBlockReceipts":
            self.asked.append(int(params[0], 16))
            if self._error is not None:
                raise NodeRefusedError(method, self._error)
        return result


@pytest.mark.parametrize("final", [ALWAYS, 60, NEVER])
def test_blocks_that_are_not_final_are_held_against_their_receipts(
    story: Story, final: int
) -> None:
    receipts = Receipts()
    scan = scan_through(story, receipts, 1, 80, final=final)
    full = [number for number in range(1, 81) if scan.logs.get(number)]
    assert receipts.asked == [each for each in full if each > final or each == full[-1]]


def test_the_newest_blocks_are_held_against_their_receipts_though_they_are_final(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "PROVEN_BLOCKS", 30)
    receipts = Receipts()
    with ChangedRpc(story.rpc.url, receipts) as rpc:
        scan = Scanner().scan(rpc, 1, 80, NEVER, None)
    assert receipts.asked == [number for number in sorted(scan.logs) if number > 50]
    assert len(receipts.asked) > 10


def test_one_block_is_held_against_its_receipts(story: Story, place: int) -> None:
    scan = Scanner().scan(story.rpc, place, place, NEVER, None)
    Scanner().prove(story.rpc, scan.last, scan.logs[place])
    with pytest.raises(ChainInconsistentError, match=rf"^Block {place} has \d+ logs by its"):
        Scanner().prove(story.rpc, scan.last, scan.logs[place][:-1])


def test_a_node_without_receipts_is_told_once(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    receipts = Receipts({"code": -32601, "message": "the method does not exist"})
    with ChangedRpc(story.rpc.url, receipts) as rpc:
        scanner = Scanner()
        for _ in range(3):
            scan = scanner.scan(rpc, 1, 80, ALWAYS, None)
            assert len(scan.headers) == 80
    assert receipts.asked == sorted(scan.logs)[:8]
    assert caplog.messages == [
        f"{story.rpc.url} has no eth_getBlockReceipts: filters alone are checked."
    ]


def test_another_node_is_asked_for_receipts_all_the_same(story: Story) -> None:
    without, other = Receipts({"code": -32601, "message": "the method does not exist"}), Receipts()
    scanner = Scanner()
    with ChangedRpc(story.rpc.url, without) as rpc:
        scanner.scan(rpc, 1, 40, ALWAYS, None)
    with ChangedRpc(f"{story.rpc.url}/", other) as rpc:
        scan = scanner.scan(rpc, 41, 80, ALWAYS, None)
    assert other.asked == sorted(scan.logs)


def test_a_node_that_refuses_receipts_otherwise_is_not_believed(story: Story) -> None:
    receipts = Receipts({"code": -32000, "message": "pruned"})
    with pytest.raises(NodeRefusedError, match="eth_getBlockReceipts: pruned"):
        scan_through(story, receipts, 1, 80, final=ALWAYS)


# --- headers that are refused ---


def in_block(at: int, **changes: Any) -> Change:
    """A node whose block says something else."""

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == hex(at):
            return result | changes
        return result

    return change


def missing(number: int) -> Change:
    """A node that lacks a block."""

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        lacks = method == "eth_getBlockByNumber" and params[0] == hex(number)
        return None if lacks else result

    return change


@pytest.mark.parametrize("number", [FIRST, 64, LAST])
@pytest.mark.parametrize("other", [{}, {"number": "0x7"}], ids=["missing", "other"])
def test_a_header_that_is_missing_or_of_another_block(
    story: Story, other: dict[str, Any], number: int
) -> None:
    changed = forged(block_of(story.rpc, number), **other)
    change = in_block(number, **changed) if other else missing(number)
    with pytest.raises(ChainInconsistentError, match="The node lacks blocks below its own head"):
        scan_through(story, change, FIRST, LAST)


@pytest.mark.parametrize("name", ["hash", "parentHash", "stateRoot", "timestamp", "logsBloom"])
@pytest.mark.parametrize("number", [FIRST, 64, LAST])
def test_a_header_that_has_not_the_hash_that_it_claims(
    story: Story, number: int, name: str
) -> None:
    block = block_of(story.rpc, number)
    other = block[name][:-1] + ("1" if block[name][-1] != "1" else "2")
    told = header_hash(block | {name: other})
    claimed = other if name == "hash" else block["hash"]
    with pytest.raises(ChainInconsistentError) as caught:
        scan_through(story, in_block(number, **{name: other}), FIRST, LAST)
    assert caught.value.detail == (
        f"Block {number}: the hash of its header is {told}, expected {claimed}"
    )


def test_the_hash_of_a_block_is_not_believed_either(story: Story) -> None:
    change = in_block(64, hash="0x" + "ab" * 32)
    with ChangedRpc(story.rpc.url, change) as rpc:
        assert Scanner().hashes(rpc, [63]) == [block_of(story.rpc, 63)["hash"]]
        for ask in (lambda: Scanner().hashes(rpc, [63, 64]), lambda: Scanner().tip(rpc, 64)):
            with pytest.raises(ChainInconsistentError, match="Block 64: the hash of its header"):
                ask()
    other = in_block(64, **block_of(story.rpc, 65))
    with ChangedRpc(story.rpc.url, other) as rpc:
        for ask in (lambda: Scanner().hashes(rpc, [63, 64]), lambda: Scanner().tip(rpc, 64)):
            with pytest.raises(ChainInconsistentError, match="gives block 65 for block 64"):
                ask()


def test_a_block_that_does_not_follow_the_one_before(story: Story) -> None:
    before, other = block_of(story.rpc, 63)["hash"], "0x" + "ab" * 32
    astray = forged(block_of(story.rpc, 64), parentHash=other)
    with pytest.raises(ChainInconsistentError) as caught:
        scan_through(story, in_block(64, **astray), FIRST, LAST)
    assert caught.value.detail == f"Block 64 does not follow {before}, but {other}."
    with pytest.raises(ChainInconsistentError, match=f"Block {FIRST} does not follow {other}"):
        Scanner().scan(story.rpc, FIRST, LAST, NEVER, other)


@pytest.mark.parametrize("name", ["number", "timestamp", "logsBloom"])
@pytest.mark.parametrize("value", ["0xzz", "", "x"])
def test_a_header_that_is_malformed(story: Story, name: str, value: str) -> None:
    with pytest.raises(ChainInconsistentError, match="malformed"):
        scan_through(story, in_block(64, **{name: value}), FIRST, LAST)


def test_a_header_whose_block_has_no_logs_but_whose_filter_has(story: Story, place: int) -> None:
    bloom = block_of(story.rpc, place)["logsBloom"]
    scan = Scanner().scan(story.rpc, 1, 90, NEVER, None)
    bare = next(number for number in range(1, 90) if number not in scan.logs)
    astray = forged(block_of(story.rpc, bare), logsBloom=bloom)
    with pytest.raises(ChainInconsistentError, match=f"Block {bare}: the 0 logs that the node to"):
        scan_through(story, in_block(bare, **astray), 1, bare)


# --- logs that are refused ---


def in_logs(number: int, change_logs: LogChange) -> Change:
    """A node that tells other logs of a block."""

    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        before = [log for log in result if int(log["blockNumber"], 16) < number]
        logs = [log for log in result if int(log["blockNumber"], 16) == number]
        after = [log for log in result if int(log["blockNumber"], 16) > number]
        return [*before, *change_logs(logs), *after]

    return change


def with_changes(at: int, **changes: Any) -> LogChange:
    """One log that says something else."""
    return lambda logs: [log | changes if i == at else log for i, log in enumerate(logs)]


LIES: dict[str, tuple[LogChange, str]] = {
    "first left out": (lambda logs: logs[1:], "log 0 expected, found 1"),
    "middle left out": (lambda logs: [logs[0], *logs[2:]], "log 1 expected, found 2"),
    "last left out": (lambda logs: logs[:-1], "the {less} logs that the node told are not"),
    "all left out": (lambda logs: [], "the 0 logs that the node told are not"),
    "another order": (lambda logs: logs[::-1], "log 0 expected, found {last}"),
    "twice": (lambda logs: [logs[0], *logs], "log 1 expected, found 0"),
    "other hash": (with_changes(1, blockHash="0x" + "98" * 32), "its log 1 is of 0x9898"),
    "removed": (with_changes(1, removed=True), "its log 1 is of {hash}"),
    "other address": (with_changes(1, address="0x" + "11" * 20), "logs that the node told are not"),
    "other topics": (with_changes(1, topics=["0x" + "11" * 32]), "logs that the node told are not"),
}


@pytest.mark.parametrize("final", [NEVER, ALWAYS])
@pytest.mark.parametrize("name", LIES)
def test_logs_that_are_not_those_of_the_block(
    story: Story, place: int, name: str, final: int
) -> None:
    change, said = LIES[name]
    logs = logs_between(story.rpc, place, place)
    said = said.format(less=len(logs) - 1, last=len(logs) - 1, hash=logs[0]["blockHash"])
    with pytest.raises(ChainInconsistentError) as caught:
        scan_through(story, in_logs(place, change), place - 20, place + 1, final=final)
    assert caught.value.detail.startswith(f"Block {place}")
    assert said in caught.value.detail


UNSEEN: dict[str, LogChange] = {
    "other data": with_changes(1, data="0x" + "11" * 32),
    "no data": with_changes(0, data="0x"),
    "topics in another order": lambda logs: [
        log | {"topics": log["topics"][::-1]} if len(log["topics"]) > 1 else log for log in logs
    ],
    "other transaction": with_changes(1, transactionHash="0x" + "11" * 32),
    "other place of the transaction": with_changes(1, transactionIndex="0x9"),
    "the last again": lambda logs: [*logs, logs[-1] | {"logIndex": hex(len(logs))}],
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_no_filter_shows_the_receipts_do(story: Story, place: int, name: str) -> None:
    lie = in_logs(place, UNSEEN[name])
    for last, final in ((place + 1, ALWAYS), (place, NEVER)):
        with pytest.raises(ChainInconsistentError, match=f"Block {place} has . logs by its rec"):
            scan_through(story, lie, place - 20, last, final=final)


@pytest.mark.parametrize("last", [40, 50])
def test_logs_of_blocks_that_nobody_asked_for(story: Story, last: int) -> None:
    outside = logs_between(story.rpc, 51, LAST)[0]

    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        return [*result, outside] if method == "eth_getLogs" else result

    number = int(outside["blockNumber"], 16)
    with pytest.raises(ChainInconsistentError) as caught:
        scan_through(story, change, FIRST, last)
    assert caught.value.detail == (
        f"Logs of block {number} from outside of blocks {FIRST} to {last}."
    )


MALFORMED = [
    ("blockNumber", "0xzz"),
    ("blockNumber", ""),
    ("logIndex", "zz"),
    ("address", "0x1"),
    ("address", "0x" + "zz" * 20),
    ("topics", ["0xabc"]),
    ("topics", ["0x" + "zz" * 32]),
]
"""What scanning reads of a log; the rest is read where the log is of one of our contracts."""


@pytest.mark.parametrize("final", [NEVER, ALWAYS])
@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_a_log_that_is_malformed(
    story: Story, place: int, name: str, value: Any, final: int
) -> None:
    lie = in_logs(place, with_changes(1, **{name: value}))
    with pytest.raises(ChainInconsistentError):
        scan_through(story, lie, place - 20, place + 1, final=final)


def in_receipts(other: Any) -> Change:
    """Receipts changed, or something else instead of them."""

    def change(method: str, _: Sequence[Any], result: Any) -> Any:
        if method != "eth_getBlockReceipts":
            return result
        return other(result) if callable(other) else other

    return change


RECEIPTS: dict[str, tuple[Any, str]] = {
    "none": (None, "The node tells no receipts of block {place}."),
    "one left out": (
        lambda receipts: receipts[:-1],
        "Block {place}: the list of its receipts' transactions is ",
    ),
    "a log left out": (
        lambda receipts: [each | {"logs": each["logs"][1:]} for each in receipts],
        "Block {place}: the place of log 0 is ",
    ),
}


@pytest.mark.parametrize("name", RECEIPTS)
def test_receipts_that_are_not_those_of_the_block(story: Story, place: int, name: str) -> None:
    other, said = RECEIPTS[name]
    with pytest.raises(ChainInconsistentError) as caught:
        scan_through(story, in_receipts(other), place, place, final=ALWAYS)
    assert caught.value.detail.startswith(said.format(place=place))


SHAPELESS: dict[str, tuple[Any, str]] = {
    "no list": ({"a": 1}, "required field `number` - at `$[1].result`"),
    "a number": (7, "got `int` - at `$[1].result`"),
    "numbers": ([7], "got `int` - at `$[1].result[0]`"),
    "nothing in them": ([None], "got `null` - at `$[1].result[0]`"),
    "empty ones": ([{}], "required field `transactionHash` - at `$[1].result[0]`"),
    "no logs": (
        lambda receipts: [each | {"logs": None} for each in receipts],
        "got `null` - at `$[1].result[0].logs`",
    ),
    "logs that are numbers": (
        lambda receipts: [each | {"logs": [1]} for each in receipts],
        "got `int` - at `$[1].result[0].logs[0]`",
    ),
}


@pytest.mark.parametrize("name", SHAPELESS)
def test_receipts_that_are_none(story: Story, place: int, name: str) -> None:
    other, said = SHAPELESS[name]
    with pytest.raises(NodeUnreachableError) as caught:
        scan_through(story, in_receipts(other), place, place, final=ALWAYS)
    assert said in caught.value.detail


def test_a_block_that_changes_between_two_questions(story: Story, place: int) -> None:
    asked = [0]

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == hex(place):
            asked[0] += 1
            return result | {"hash": "0x" + "99" * 32} if asked[0] == 2 else result
        return result

    with pytest.raises(ChainInconsistentError, match=f"Block {place} changed while it was read"):
        scan_through(story, change, place, place)


# --- tip ---


def test_tip(story: Story) -> None:
    head = head_of(story.rpc)
    tip = Scanner().tip(story.rpc, 17)
    assert (tip.chain_id, tip.head.number) == (2026, head)
    assert tip.genesis_hash == block_of(story.rpc, 0)["hash"]
    assert tip.head.hash == block_of(story.rpc, head)["hash"]
    assert tip.expected is not None
    assert tip.expected.hash == block_of(story.rpc, 17)["hash"]
    assert tip.final == int(
        story.rpc.call("eth_getBlockByNumber", "finalized", False)["number"], 16
    )
    assert Scanner().tip(story.rpc, head + 1).expected is None


def test_tip_of_a_node_that_calls_nothing_final(story: Story) -> None:
    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        if params and params[0] == "finalized":
            raise NodeRefusedError(method, {"code": -39001, "message": "unknown block"})
        return result

    with ChangedRpc(story.rpc.url, change) as rpc:
        assert Scanner().tip(rpc, 1).final is None


def answering(asked: str, answer: Any) -> Change:
    """A node that answers one question otherwise: of a method, or of a block."""

    def change(method: str, params: Sequence[Any], result: Any) -> Any:
        return answer if asked in (method, *params[:1]) else result

    return change


@pytest.mark.parametrize("asked", ["eth_chainId", "0x0", "latest"])
def test_tip_without_a_chain(story: Story, asked: str) -> None:
    with (
        ChangedRpc(story.rpc.url, answering(asked, None)) as rpc,
        pytest.raises(ChainInconsistentError, match="no chain id, or no first or latest block"),
    ):
        Scanner().tip(rpc, 1)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("eth_chainId", "zz"),
        ("eth_chainId", ""),
        ("latest", {}),
        ("latest", {"number": 7}),
        ("0x1", {"number": "0x1"}),
        ("finalized", {"number": "zz"}),
    ],
)
def test_tip_that_is_malformed(story: Story, asked: str, answer: Any) -> None:
    with (
        ChangedRpc(story.rpc.url, answering(asked, answer)) as rpc,
        pytest.raises(ChainInconsistentError, match="malformed"),
    ):
        Scanner().tip(rpc, 1)


def test_hashes(story: Story) -> None:
    head = head_of(story.rpc)
    found = Scanner().hashes(story.rpc, [head + 1, head, 3])
    assert found == [None, block_of(story.rpc, head)["hash"], block_of(story.rpc, 3)["hash"]]


def test_code(story: Story) -> None:
    assert Scanner().has_code(story.rpc, story.world.deployment.factory)
    assert not Scanner().has_code(story.rpc, "0x" + "12" * 20)
