"""Logs of blocks, each proven: headers link to the last block's hash, receipts to their header."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import to_builtins

from backend.chain.hashing import keccak
from backend.chain.headers import RawBlock, require_header
from backend.chain.receipts import Receipt, logs_of, require_receipts
from backend.chain.rpc import NodeRefusedError, Rpc
from backend.verification.errors import NotComparableError

HEADERS_PER_BATCH = 200
RECEIPTS_PER_BATCH = 50
METHOD_UNKNOWN = -32601

Header = Mapping[str, Any]
Wanted = Callable[[int], bool]
"""Whether a block is to be read, by the bloom filter of its logs."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block whose logs are complete, in their order."""

    number: int
    hash: str
    timestamp: int
    logs: list[dict[str, Any]]


def bloom_bits(address: str) -> int:
    """The bits that a contract's logs set in a block's bloom filter (Yellow Paper, 4.3.1)."""
    digest = keccak(bytes.fromhex(address[2:]))
    places = (int.from_bytes(digest[i : i + 2], "big") & 2047 for i in (0, 2, 4))
    return sum(1 << place for place in set(places))


class ProvenChain:
    """Reads blocks from `first` to `last`, whose hash must be `last_hash`."""

    def __init__(self, rpc: Rpc, first: int, last: int, last_hash: str) -> None:
        self._rpc = rpc
        self._first, self._last, self._last_hash = first, last, last_hash
        self._whole_blocks = True
        self.headers = 0
        self.receipts = 0

    def blocks(self, wanted: Wanted) -> Iterator[Block]:
        """The blocks that have logs and are `wanted`, which is asked in the order of the chain.

        Raises `BlockMismatchError` and `NotComparableError`.
        """
        before = None
        for start in range(self._first, self._last + 1, HEADERS_PER_BATCH):
            numbers = range(start, min(start + HEADERS_PER_BATCH, self._last + 1))
            headers = self._headers(numbers)
            for number, header in zip(numbers, headers, strict=True):
                self._require_next(number, header, before)
                before = header
            yield from self._read(headers, wanted)
        if before is not None and before["hash"] != self._last_hash:
            raise NotComparableError(
                f"Block {self._last} is {before['hash']}, expected {self._last_hash}."
            )

    def _headers(self, numbers: Sequence[int]) -> list[Any]:
        """Those that the node has, None for others."""
        calls = [("eth_getBlockByNumber", [hex(number), False]) for number in numbers]
        blocks = self._rpc.batch_as(RawBlock | None, calls)
        return [to_builtins(block) for block in blocks]

    def _require_next(self, number: int, header: Header | None, before: Header | None) -> None:
        if header is None:
            raise NotComparableError(f"The node has no block {number}.")
        found = require_header(header)
        if found != number:
            raise NotComparableError(f"The node gives block {found} for block {number}.")
        if before is not None and header["parentHash"] != before["hash"]:
            raise NotComparableError(
                f"Block {number} follows {header['parentHash']}, expected {before['hash']}."
            )
        self.headers += 1

    def _read(self, headers: Sequence[Header], wanted: Wanted) -> Iterator[Block]:
        # A filter without bits is that of a block without logs; asked again one by one below, for
        # what is wanted grows with what is read.
        filled = [header for header in headers if int(header["logsBloom"], 16)]
        for start in range(0, len(filled), RECEIPTS_PER_BATCH):
            part = filled[start : start + RECEIPTS_PER_BATCH]
            if any(wanted(int(header["logsBloom"], 16)) for header in part):
                yield from self._read_part(part, wanted)

    def _read_part(self, part: Sequence[Header], wanted: Wanted) -> Iterator[Block]:
        for header, receipts in zip(part, self._receipts(part), strict=True):
            if not wanted(int(header["logsBloom"], 16)):
                continue
            if receipts is None:
                raise NotComparableError(f"The node has no receipts of block {header['number']}.")
            require_receipts(header, receipts)
            self.receipts += len(receipts)
            yield Block(
                int(header["number"], 16),
                header["hash"],
                int(header["timestamp"], 16),
                logs_of(receipts),
            )

    def _receipts(self, headers: Sequence[Header]) -> list[Any]:
        if not self._whole_blocks:
            return [self._one_by_one(header) for header in headers]
        try:
            calls = [("eth_getBlockReceipts", [header["number"]]) for header in headers]
            return self._rpc.batch_as(list[Receipt] | None, calls)
        except NodeRefusedError as error:
            if error.code == METHOD_UNKNOWN:
                self._whole_blocks = False
                return self._receipts(headers)
            if len(headers) == 1:
                raise
        # Nodes limit the size of their answers.
        half = len(headers) // 2
        return self._receipts(headers[:half]) + self._receipts(headers[half:])

    def _one_by_one(self, header: Header) -> list[Any]:
        hashes = header["transactions"]
        calls = [("eth_getTransactionReceipt", [each]) for each in hashes]
        return self._rpc.batch_as(Receipt | None, calls)
