"""Reads block ranges from a node, and believes nothing that the node's own headers do not bear out.

Each header must have the hash that it claims, and follow the one before; the logs must be of that
block, without a gap in their numbers, and give the filter that stands in its header. What a filter
cannot show, the receipts of the last block of a range do: their root must be the header's. Blocks
that are not final, and the newest ones in any case, are held against their receipts one by one.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from msgspec import ValidationError, convert

from backend.chain.headers import BlockMismatchError, Header, RawBlock, RawHeader, header_of
from backend.chain.logs import Log
from backend.chain.receipts import Receipt
from backend.chain.rpc import (
    LARGEST_ANSWER,
    METHOD_NOT_FOUND,
    NodeBusyError,
    NodeRefusedError,
    NodeUnreachableError,
    Rpc,
)
from backend.core.secrets import place_of
from backend.indexer.ahead import one_ahead
from backend.indexer.bearing import require_block, require_following, require_logs
from backend.indexer.errors import ChainInconsistentError

logger = logging.getLogger(__name__)

LARGEST_RANGE = 5_000
FIRST_RANGE = 20
LOGS_PER_SCAN = 2_000
LOGS_BYTES = 4 * 1024 * 1024
"""What a node may answer for more than one block: a busy time may follow a quiet one."""
PROVEN_BLOCKS = 64
"""So many blocks up to the head are held against their receipts, final or not: whoever follows the
chain believes nothing."""
_HEADERS_PER_REQUEST = 500
_RECEIPTS_PER_REQUEST = 8
_SLOWLY = 10
"""By a tenth at a time ranges become as long again as before a node did not answer."""


@dataclass(frozen=True, slots=True)
class Tip:
    """What the node says of itself: its chain, its head, and the block that was asked for.

    `expected` is None where the node has no block of that number; `final` is the number of the
    block that it calls finalized, None where it calls none so.
    """

    chain_id: int
    genesis_hash: str
    head: Header
    expected: Header | None
    final: int | None


@dataclass(frozen=True, slots=True)
class Scan:
    """All headers of a range, and all logs of each of its blocks, in order."""

    headers: list[Header]
    logs: dict[int, list[Log]]

    @property
    def last(self) -> Header:
        """The last block of the range."""
        return self.headers[-1]


class Scanner:
    """Keeps the size of ranges such that each brings about `LOGS_PER_SCAN` logs.

    Where a node did not answer, ranges are half as long for a while: it may have been too much.
    A node that has no receipts to tell is asked for them once.
    """

    def __init__(self) -> None:
        self._size = FIRST_RANGE
        self._largest = LARGEST_RANGE
        self._without_receipts: set[str] = set()

    def tip(self, rpc: Rpc, expected: int) -> Tip:
        """Where the node stands, and its block number `expected`."""
        calls = [_block(0), _block("latest"), _block(expected), _block("finalized")]
        chain_id, *blocks = rpc.glance([("eth_chainId", []), *calls])
        genesis, head, found, final = map(_raw, blocks)
        if not isinstance(chain_id, str) or genesis is None or head is None:
            raise ChainInconsistentError("The node has no chain id, or no first or latest block.")
        return Tip(
            _chain_id(chain_id),
            genesis.hash,
            _proven(head),
            _proven(found, expected) if found else None,
            _proven(final).number if final else None,
        )

    def hashes(self, rpc: Rpc, numbers: Sequence[int]) -> list[str | None]:
        """For each block number the hash that the node has there, None where it has no block."""
        blocks = rpc.batch_as(RawHeader | None, [_block(number) for number in numbers])
        found = zip(numbers, blocks, strict=True)
        return [_proven(block, number).hash if block else None for number, block in found]

    def has_code(self, rpc: Rpc, address: str) -> bool:
        """Whether a contract stands at `address`."""
        return len(rpc.call_as(str, "eth_getCode", address, "latest") or "") > 2

    def scan(self, rpc: Rpc, first: int, head: int, final: int, parent_hash: str | None) -> Scan:
        """Read from block `first` on, not beyond `head`.

        Blocks after `final` are held against their receipts, and the last `PROVEN_BLOCKS` are.
        `parent_hash` is the hash that the block before `first` must have, None if it does not
        matter. Raises `ChainInconsistentError` when the answers are not of one chain, or not all of
        it.
        """
        try:
            return self._scan(rpc, first, head, final, parent_hash)
        except NodeBusyError:
            raise
        except NodeUnreachableError:
            # Who is between gives up on what takes a node long, and so does `Rpc`.
            self._size = self._largest = max(1, self._size // 2)
            raise

    def prove(self, rpc: Rpc, header: Header, logs: Sequence[Log]) -> None:
        """Hold a block's logs against its receipts, if the node has any.

        Raises `ChainInconsistentError`.
        """
        self._check_receipts(rpc, Scan([header], {header.number: list(logs)}), header.number)

    def _scan(self, rpc: Rpc, first: int, head: int, final: int, parent_hash: str | None) -> Scan:
        while True:
            last = min(head, first + self._size - 1)
            try:
                scan = self._range(rpc, first, last, parent_hash)
            except NodeRefusedError:
                # Nodes limit ranges and answers, each by another message.
                if last == first:
                    raise
                self._size = max(1, (last - first + 1) // 2)
                continue
            self._check_receipts(rpc, scan, min(final, head - PROVEN_BLOCKS))
            self._adapt(sum(map(len, scan.logs.values())), last - first + 1)
            return scan

    def _range(self, rpc: Rpc, first: int, last: int, parent_hash: str | None) -> Scan:
        headers = self._headers(rpc, first, last)
        require_following(headers, parent_hash)
        span = {"fromBlock": hex(first), "toBlock": hex(last)}
        most = LOGS_BYTES if first < last else LARGEST_ANSWER
        found = rpc.call_within(most, list[Log], "eth_getLogs", span) or []
        by_block: dict[int, list[Log]] = defaultdict(list)
        try:
            for log in found:
                by_block[int(log.block_number, 16)].append(log)
            if outside := [number for number in by_block if not first <= number <= last]:
                raise ChainInconsistentError(
                    f"Logs of block {outside[0]} from outside of blocks {first} to {last}."
                )
            for header in headers:
                require_logs(header, by_block.get(header.number, []))
        except ValueError as error:
            raise ChainInconsistentError(f"A log is malformed: {error}") from error
        return Scan(headers, by_block)

    def _headers(self, rpc: Rpc, first: int, last: int) -> list[Header]:
        headers: list[Header] = []
        for start in range(first, last + 1, _HEADERS_PER_REQUEST):
            numbers = range(start, min(last + 1, start + _HEADERS_PER_REQUEST))
            blocks = rpc.batch_as(RawHeader | None, [_block(number) for number in numbers])
            headers += [_proven(block) for block in blocks if block is not None]
        if [header.number for header in headers] != list(range(first, last + 1)):
            raise ChainInconsistentError("The node lacks blocks below its own head.")
        return headers

    def _check_receipts(self, rpc: Rpc, scan: Scan, final: int) -> None:
        full = [header for header in scan.headers if header.number in scan.logs]
        wanted = [each for each in full if each.number > final or each is full[-1]]
        if rpc.url in self._without_receipts:
            return
        starts = range(0, len(wanted), _RECEIPTS_PER_REQUEST)
        parts = [wanted[start : start + _RECEIPTS_PER_REQUEST] for start in starts]
        try:
            answers = one_ahead(partial(_receipts, rpc, part) for part in parts)
            for part, (blocks, receipts) in zip(parts, answers, strict=True):
                for header, raw, told in zip(part, blocks, receipts, strict=True):
                    require_block(header, raw, told, scan.logs[header.number])
        except NodeRefusedError as error:
            if error.code != METHOD_NOT_FOUND:
                raise
            place = place_of(rpc.url)
            logger.warning("%s has no eth_getBlockReceipts: filters alone are checked.", place)
            self._without_receipts.add(rpc.url)

    def _adapt(self, logs: int, blocks: int) -> None:
        self._largest = min(LARGEST_RANGE, self._largest + 1 + self._largest // _SLOWLY)
        if blocks == self._size or logs > LOGS_PER_SCAN:
            # A quiet time says little of what follows.
            wanted = min(2 * blocks, blocks * LOGS_PER_SCAN // max(1, logs))
            self._size = max(1, min(self._largest, wanted))


def _receipts(rpc: Rpc, headers: Sequence[Header]) -> tuple[list[Any], list[Any]]:
    """Blocks as the node has them now, and the receipts of each."""
    numbers = [hex(header.number) for header in headers]
    calls = [("eth_getBlockByNumber", [number, False]) for number in numbers]
    calls += [("eth_getBlockReceipts", [number]) for number in numbers]
    found = rpc.batch_as(RawBlock | list[Receipt] | None, calls)
    return found[: len(headers)], found[len(headers) :]


def _block(number: int | str) -> tuple[str, list[Any]]:
    return "eth_getBlockByNumber", [hex(number) if isinstance(number, int) else number, False]


def _chain_id(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError as error:
        raise ChainInconsistentError(f"The node's chain id is malformed: {error}") from error


def _raw(block: Any) -> RawHeader | None:
    if not isinstance(block, dict):
        return None
    try:
        return convert(block, RawHeader)
    except ValidationError as error:
        raise ChainInconsistentError(f"The node's block is malformed: {error!r}") from error


def _proven(raw: RawHeader, asked: int | None = None) -> Header:
    """The header, which has the hash that it claims, and is of the block that was asked for."""
    try:
        header = header_of(raw)
    except BlockMismatchError as error:
        raise ChainInconsistentError(error.detail) from error
    if asked not in (None, header.number):
        raise ChainInconsistentError(f"The node gives block {header.number} for block {asked}.")
    return header
