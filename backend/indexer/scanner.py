"""Reads block ranges from the node: logs in order, and the time of each block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.chain.decoding import Log, topics
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.indexer.errors import ChainInconsistentError

LARGEST_RANGE = 10_000
FIRST_RANGE = 100
LOGS_PER_BATCH = 4_000
_HEADERS_PER_REQUEST = 500


@dataclass(frozen=True, slots=True)
class Header:
    """A block, as far as the index needs it."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int


@dataclass(frozen=True, slots=True)
class Tip:
    """What the node says of itself: its chain, its head, and the block that was asked for.

    `expected` is None where the node has no block of that number.
    """

    chain_id: int
    genesis: Header
    head: Header
    expected: Header | None


@dataclass(frozen=True, slots=True)
class Scan:
    """All logs of a range with their blocks' times; `last` is the range's last block."""

    logs: list[Log]
    timestamps: dict[int, int]
    last: Header


class Scanner:
    """Keeps the size of ranges such that each brings about `LOGS_PER_BATCH` logs."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self._topics = topics()
        self._size = FIRST_RANGE

    def tip(self, expected: int) -> Tip:
        """Where the node stands, and its block number `expected`."""
        chain_id, *blocks = self._rpc.batch(
            [("eth_chainId", []), _block(0), _block("latest"), _block(expected)]
        )
        genesis, head, found = (_header(block) for block in blocks)
        if genesis is None or head is None:
            raise ChainInconsistentError("The node has no first or no latest block.")
        return Tip(int(chain_id, 16), genesis, head, found)

    def has_code(self, address: str) -> bool:
        """Whether a contract stands at `address`."""
        return len(self._rpc.call("eth_getCode", address, "latest")) > 2

    def scan(self, first: int, head: int, parent_hash: str | None) -> Scan:
        """Read from block `first` on, not beyond `head`.

        `parent_hash` is the hash that the block before `first` must have, None if it does not
        matter. Raises `ChainInconsistentError` when the answers are not of one chain.
        """
        while True:
            last = min(head, first + self._size - 1)
            try:
                scan = self._range(first, last, parent_hash)
            except NodeRefusedError:
                # Nodes limit ranges and answers, each by another message.
                if last == first:
                    raise
                self._size = max(1, (last - first + 1) // 2)
                continue
            self._adapt(len(scan.logs), last - first + 1)
            return scan

    def _range(self, first: int, last: int, parent_hash: str | None) -> Scan:
        start, before = self._headers([first, last])
        if parent_hash is not None and start.parent_hash != parent_hash:
            raise ChainInconsistentError(f"Block {first} does not follow {parent_hash}.")
        span = {"fromBlock": hex(first), "toBlock": hex(last), "topics": [self._topics]}
        logs = sorted(self._rpc.call("eth_getLogs", span), key=_place)
        if logs and not first <= _place(logs[0])[0] <= _place(logs[-1])[0] <= last:
            raise ChainInconsistentError(f"Logs from outside of blocks {first} to {last}.")
        timestamps = self._timestamps(logs)
        # Read again: the logs belong to the chain that ends in this block only if it still stands.
        (after,) = self._headers([last])
        if after != before:
            raise ChainInconsistentError(f"Block {last} changed while it was read.")
        return Scan(logs, timestamps, after)

    def _timestamps(self, logs: list[Log]) -> dict[int, int]:
        times: dict[int, int] = {}
        unknown: dict[int, str] = {}
        for log in logs:
            number = int(log["blockNumber"], 16)
            if "blockTimestamp" in log:
                times[number] = int(log["blockTimestamp"], 16)
            else:
                unknown[number] = log["blockHash"]
        for header in self._headers(sorted(unknown)):
            if header.hash != unknown[header.number]:
                raise ChainInconsistentError(f"Block {header.number} has two hashes.")
            times[header.number] = header.timestamp
        return times

    def _headers(self, numbers: list[int]) -> list[Header]:
        blocks: list[Any] = []
        for start in range(0, len(numbers), _HEADERS_PER_REQUEST):
            chunk = numbers[start : start + _HEADERS_PER_REQUEST]
            blocks += self._rpc.batch([_block(number) for number in chunk])
        headers = [header for header in map(_header, blocks) if header is not None]
        if [header.number for header in headers] != numbers:
            raise ChainInconsistentError("The node lacks blocks below its own head.")
        return headers

    def _adapt(self, logs: int, blocks: int) -> None:
        if logs > LOGS_PER_BATCH:
            self._size = max(1, blocks * LOGS_PER_BATCH // logs)
        elif blocks == self._size:
            self._size = min(LARGEST_RANGE, self._size * 2)


def _block(number: int | str) -> tuple[str, list[Any]]:
    return "eth_getBlockByNumber", [hex(number) if isinstance(number, int) else number, False]


def _header(block: Any) -> Header | None:
    if block is None:
        return None
    return Header(
        number=int(block["number"], 16),
        hash=block["hash"],
        parent_hash=block["parentHash"],
        timestamp=int(block["timestamp"], 16),
    )


def _place(log: Log) -> tuple[int, int]:
    return int(log["blockNumber"], 16), int(log["logIndex"], 16)
