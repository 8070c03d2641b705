"""Whether a node tells all logs of a block: receipts against the root in the block's header.

A block's hash follows from its header (Ethereum Yellow Paper, 4.3), and the header names the root
of the trie of all receipts of the block (4.3.1, appendix D). So whoever trusts the hash need not
trust the node that gives the logs. The trie does not hold a log's place: block and index follow
from the order, the transaction from the list that the node gives with the header.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from backend.chain.hashing import keccak
from backend.core.errors import AppError

Item = bytes | Sequence["Item"]
"""What RLP encodes: bytes, or a list of such."""

# The mixHash of every block of Besu's QBFT.
_QBFT = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"

_HASHED = ("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot")
_NUMBERS = ("difficulty", "number", "gasLimit", "gasUsed", "timestamp")
# In the order in which forks have added them; a header has all up to some place.
_ADDED = (
    "baseFeePerGas",
    "withdrawalsRoot",
    "blobGasUsed",
    "excessBlobGas",
    "parentBeaconBlockRoot",
    "requestsHash",
)
_PLACE = ("blockHash", "blockNumber", "transactionHash", "transactionIndex", "logIndex")
_QUANTITIES = {"baseFeePerGas", "blobGasUsed", "excessBlobGas"}


class ReceiptsMismatchError(AppError):
    """A node's block contradicts itself: it changes, hides or adds something.

    `block` is the number, `found` what follows from the node's answer, `expected` what must stand.
    """

    status = 502
    title = "The node contradicts itself"

    def __init__(self, block: int, what: str, found: object, expected: object) -> None:
        self.block, self.what, self.found, self.expected = block, what, found, expected
        super().__init__(f"Block {block}: {what} is {found}, expected {expected}")


def require_receipts(header: Mapping[str, Any], receipts: Sequence[Mapping[str, Any]]) -> None:
    """Check that `receipts` are all receipts of the block and complete.

    `header` is the answer of `eth_getBlockByNumber` without transactions, `receipts` that of
    `eth_getBlockReceipts`. Raises `ReceiptsMismatchError`.
    """
    number = require_header(header)
    try:
        _require_places(number, header, receipts)
        root = "0x" + trie_root([encode_receipt(each) for each in receipts]).hex()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found = f"malformed ({type(error).__name__}: {error})"
        raise ReceiptsMismatchError(number, "a receipt", found, "one as JSON-RPC says") from error
    _require(number, "the root of its receipts", root, header["receiptsRoot"])


def require_header(header: Mapping[str, Any]) -> int:
    """Check that the header has the hash that it claims, and return the block's number.

    Raises `ReceiptsMismatchError`.
    """
    try:
        number = int(header["number"], 16)
        found = header_hash(header)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ReceiptsMismatchError(
            -1, "the header", f"malformed ({type(error).__name__}: {error})", "one as JSON-RPC says"
        ) from error
    _require(number, "the hash of its header", found, header["hash"])
    return number


def logs_of(receipts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All logs of a block in their order, as `eth_getLogs` gives them."""
    return [log for receipt in receipts for log in receipt["logs"]]


def header_hash(header: Mapping[str, Any]) -> str:
    """The hash of a block, "0x…", from the fields of its header.

    That of a block of QBFT leaves out round and seals, which the validators add to it later.
    """
    extra = _bytes(header["extraData"])
    if header["mixHash"] == _QBFT and int(header["number"], 16) > 0:
        extra = _unsealed(extra)
    fields: list[Item] = [_bytes(header[name]) for name in (*_HASHED, "logsBloom")]
    fields += [_quantity(header[name]) for name in _NUMBERS]
    fields += [extra, _bytes(header["mixHash"]), _bytes(header["nonce"])]
    fields += [_added(name, header[name]) for name in _ADDED if header.get(name) is not None]
    return "0x" + keccak(rlp(fields)).hex()


def encode_receipt(receipt: Mapping[str, Any]) -> bytes:
    """A receipt as it stands in the trie (EIP-2718: the type comes first, unless it is 0)."""
    kind = int(receipt.get("type") or "0x0", 16)
    # Before Byzantium (EIP-658) a receipt had the state's root where it now has the outcome.
    status = receipt.get("status")
    outcome = _bytes(receipt["root"]) if status is None else _quantity(status)
    body = rlp(
        [
            outcome,
            _quantity(receipt["cumulativeGasUsed"]),
            _bytes(receipt["logsBloom"]),
            [
                [_bytes(log["address"]), [_bytes(t) for t in log["topics"]], _bytes(log["data"])]
                for log in receipt["logs"]
            ],
        ]
    )
    return bytes([kind]) + body if kind else body


def trie_root(values: Sequence[bytes]) -> bytes:
    """Root of the Merkle-Patricia trie in which each value stands under the RLP of its index."""
    pairs = sorted((_nibbles(rlp(_integer(i))), value) for i, value in enumerate(values))
    return keccak(rlp(_node(pairs, 0) if pairs else b""))


def rlp(item: Item) -> bytes:
    """Recursive-length-prefix encoding (Yellow Paper, appendix B)."""
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < 0x80:
            return item
        return _prefix(len(item), 0x80) + item
    body = b"".join(map(rlp, item))
    return _prefix(len(body), 0xC0) + body


def _prefix(length: int, offset: int) -> bytes:
    if length < 56:
        return bytes([offset + length])
    size = _integer(length)
    return bytes([offset + 55 + len(size)]) + size


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


def _nibbles(key: bytes) -> bytes:
    return bytes(half for byte in key for half in (byte >> 4, byte & 15))


def _path(nibbles: bytes, *, leaf: bool) -> bytes:
    """Hex-prefix encoding (Yellow Paper, appendix C)."""
    flag = 2 if leaf else 0
    padded = bytes([flag + 1]) + nibbles if len(nibbles) % 2 else bytes([flag, 0]) + nibbles
    return bytes(padded[i] << 4 | padded[i + 1] for i in range(0, len(padded), 2))


def _unsealed(extra: bytes) -> bytes:
    """Extra data of QBFT: vanity, validators, vote, round 0, no seals."""
    vanity, validators, vote, _, _ = _parts(extra, *_span(extra, 0))
    body = vanity + validators + vote + rlp(b"") + rlp([])
    return _prefix(len(body), 0xC0) + body


def _parts(data: bytes, start: int, end: int) -> Iterator[bytes]:
    """The items of an encoded list, each still encoded."""
    while start < end:
        _, after = _span(data, start)
        yield data[start:after]
        start = after


def _span(data: bytes, at: int) -> tuple[int, int]:
    """Where the item at a place begins and ends, without its prefix."""
    mark = data[at]
    if mark < 0x80:
        return at, at + 1
    length, start = mark - (0xC0 if mark >= 0xC0 else 0x80), at + 1
    if length > 55:
        start += length - 55
        length = int.from_bytes(data[at + 1 : start], "big")
    return start, start + length


def _require_places(
    number: int, header: Mapping[str, Any], receipts: Sequence[Mapping[str, Any]]
) -> None:
    """Whether each receipt and log says the place that it has; the trie does not hold these."""
    listed = [t if isinstance(t, str) else t["hash"] for t in header["transactions"]]
    named = [receipt.get("transactionHash") for receipt in receipts]
    _require(number, "the list of its receipts' transactions", named, listed)
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
        raise ReceiptsMismatchError(number, what, found, expected)


def _bytes(data: str) -> bytes:
    if data[:2] != "0x":
        raise ValueError(f"{data!r:.80} is not hexadecimal")
    return bytes.fromhex(data[2:])


def _quantity(data: str) -> bytes:
    return _integer(int(data, 16))


def _added(name: str, value: str) -> bytes:
    return _quantity(value) if name in _QUANTITIES else _bytes(value)


def _integer(value: int) -> bytes:
    """Big-endian without leading zeros, which leaves nothing of 0."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")
