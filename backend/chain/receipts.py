"""Whether a node tells all logs of a block: receipts against the root in the block's header.

A block's hash follows from its header (Ethereum Yellow Paper, 4.3), and the header names the root
of the trie of all receipts of the block (4.3.1, appendix D). So whoever trusts the hash need not
trust the node that gives the logs. The trie does not hold a log's place: block and index follow
from the order, the transaction from the list that the node gives with the header.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NotRequired, TypedDict

from backend.chain.hashing import keccak
from backend.chain.headers import MALFORMED, BlockMismatchError, quantity, require_header, unhexed
from backend.chain.rlp import Item, integer, rlp


class ReceiptLog(TypedDict):
    """A log as a receipt has it."""

    address: str
    topics: list[str]
    data: str
    blockHash: str
    blockNumber: str
    transactionHash: str
    transactionIndex: str
    logIndex: str


class Receipt(TypedDict):
    """What is needed of a receipt of `eth_getBlockReceipts`.

    Whoever asks for this shape keeps nothing else that a node may tell, however much that is.
    """

    transactionHash: str
    cumulativeGasUsed: str
    logsBloom: str
    logs: list[ReceiptLog]
    type: NotRequired[str | None]
    status: NotRequired[str | None]
    root: NotRequired[str | None]


_PLACE = ("blockHash", "blockNumber", "transactionHash", "transactionIndex", "logIndex")


def require_receipts(header: Mapping[str, Any], receipts: Sequence[Mapping[str, Any]]) -> None:
    """Check that `receipts` are all receipts of the block and complete.

    `header` is the answer of `eth_getBlockByNumber` without transactions, `receipts` that of
    `eth_getBlockReceipts`. Raises `BlockMismatchError`.
    """
    number = require_header(header)
    try:
        _require_places(number, header, receipts)
        root = "0x" + trie_root([encode_receipt(each) for each in receipts]).hex()
    except MALFORMED as error:
        found = f"malformed ({type(error).__name__}: {error})"
        raise BlockMismatchError(number, "a receipt", found, "one as JSON-RPC says") from error
    _require(number, "the root of its receipts", root, header["receiptsRoot"])


def logs_of(receipts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All logs of a block in their order, as `eth_getLogs` gives them."""
    return [log for receipt in receipts for log in receipt["logs"]]


def encode_receipt(receipt: Mapping[str, Any]) -> bytes:
    """A receipt as it stands in the trie (EIP-2718: the type comes first, unless it is 0)."""
    kind = int(receipt.get("type") or "0x0", 16)
    # Before Byzantium (EIP-658) a receipt had the state's root where it now has the outcome.
    status = receipt.get("status")
    outcome = unhexed(receipt["root"]) if status is None else quantity(status)
    body = rlp(
        [
            outcome,
            quantity(receipt["cumulativeGasUsed"]),
            unhexed(receipt["logsBloom"]),
            [
                [unhexed(log["address"]), [unhexed(t) for t in log["topics"]], unhexed(log["data"])]
                for log in receipt["logs"]
            ],
        ]
    )
    return bytes([kind]) + body if kind else body


def trie_root(values: Sequence[bytes]) -> bytes:
    """Root of the Merkle-Patricia trie in which each value stands under the RLP of its index."""
    pairs = sorted((_key(index), value) for index, value in enumerate(values))
    return keccak(rlp(_node(pairs, 0) if pairs else b""))


def _node(pairs: Sequence[tuple[bytes, bytes]], depth: int) -> Item:
    """The node for sorted keys that agree in their first `depth` nibbles.

    No key is the beginning of another: RLP says its own length. So no branch has a value.
    """
    first, last = pairs[0][0], pairs[-1][0]
    if len(pairs) == 1:
        return [_path(first[depth:], leaf=True), pairs[0][1]]
    shared = depth
    while first[shared] == last[shared]:
        shared += 1
    if shared > depth:
        return [_path(first[depth:shared], leaf=False), _reference(_node(pairs, shared))]
    branch: list[Item] = [b""] * 17
    for nibble, below in groupby(pairs, key=lambda pair: pair[0][depth]):
        branch[nibble] = _reference(_node(list(below), depth + 1))
    return branch


def _reference(node: Item) -> Item:
    encoded = rlp(node)
    return node if len(encoded) < 32 else keccak(encoded)


@lru_cache(maxsize=4096)
def _key(index: int) -> bytes:
    """Where a value stands in the trie, as nibbles."""
    return bytes(half for byte in rlp(integer(index)) for half in (byte >> 4, byte & 15))


def _path(nibbles: bytes, *, leaf: bool) -> bytes:
    """Hex-prefix encoding (Yellow Paper, appendix C)."""
    flag = 2 if leaf else 0
    padded = bytes([flag + 1]) + nibbles if len(nibbles) % 2 else bytes([flag, 0]) + nibbles
    return bytes(padded[i] << 4 | padded[i + 1] for i in range(0, len(padded), 2))


def _require_places(
    number: int, header: Mapping[str, Any], receipts: Sequence[Mapping[str, Any]]
) -> None:
    """Whether each receipt and log says the place that it has; the trie does not hold these."""
    named = [receipt.get("transactionHash") for receipt in receipts]
    _require(number, "the list of its receipts' transactions", named, header["transactions"])
    index = 0
    for position, receipt in enumerate(receipts):
        place_of_all = [header["hash"], header["number"], receipt["transactionHash"]]
        for log in receipt["logs"]:
            found = [log.get(name) for name in _PLACE]
            place = [*place_of_all, hex(position), hex(index)]
            _require(number, f"the place of log {index}", found, place)
            index += 1


def _require(number: int, what: str, found: object, expected: object) -> None:
    if found != expected:
        raise BlockMismatchError(number, what, found, expected)
