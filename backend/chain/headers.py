"""Headers of blocks: a block's hash follows from its header (Ethereum Yellow Paper, 4.3).

So whoever trusts a hash need not trust the node that gives the header, and each header names the
hash of the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, to_builtins

from backend.chain.hashing import keccak
from backend.chain.rlp import Item, integer, parts, rlp, wrapped
from backend.core.errors import AppError

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
_QUANTITIES = {"baseFeePerGas", "blobGasUsed", "excessBlobGas"}

MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)
"""What comes of taking for a header or a receipt what is none; a number may be below zero."""


class BlockMismatchError(AppError):
    """A node's block contradicts itself: it changes, hides or adds something.

    `block` is the number, `found` what follows from the node's answer, `expected` what must stand.
    """

    status = 502
    title = "The node contradicts itself"

    def __init__(self, block: int, what: str, found: object, expected: object) -> None:
        self.block, self.what, self.found, self.expected = block, what, found, expected
        super().__init__(f"Block {block}: {what} is {found}, expected {expected}")


class RawHeader(Struct, frozen=True, gc=False, rename="camel"):
    """A block as `eth_getBlockByNumber` returns it, without its transactions."""

    number: str
    hash: str
    parent_hash: str
    timestamp: str
    logs_bloom: str
    receipts_root: str
    sha3_uncles: str
    miner: str
    state_root: str
    transactions_root: str
    difficulty: str
    gas_limit: str
    gas_used: str
    extra_data: str
    mix_hash: str
    nonce: str
    base_fee_per_gas: str | None = None
    withdrawals_root: str | None = None
    blob_gas_used: str | None = None
    excess_blob_gas: str | None = None
    parent_beacon_block_root: str | None = None
    requests_hash: str | None = None


class RawBlock(RawHeader, frozen=True, gc=False, kw_only=True, rename="camel"):
    """The same with the hashes of its transactions."""

    transactions: list[str]


class Header(Struct, frozen=True, gc=False):
    """A block; `bloom` is the filter over the addresses and topics of all its logs."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int
    bloom: int
    receipts_root: str


def header_of(raw: RawHeader) -> Header:
    """The header, which has the hash that it claims; raises `BlockMismatchError`."""
    return Header(
        require_header(to_builtins(raw)),
        raw.hash,
        raw.parent_hash,
        int(raw.timestamp, 16),
        int(raw.logs_bloom, 16),
        raw.receipts_root,
    )


def require_header(header: Mapping[str, Any]) -> int:
    """Check that the header has the hash that it claims, and return the block's number.

    Raises `BlockMismatchError`.
    """
    try:
        number = int(header["number"], 16)
        found = header_hash(header)
    except MALFORMED as error:
        raise BlockMismatchError(
            -1, "the header", f"malformed ({type(error).__name__}: {error})", "one as JSON-RPC says"
        ) from error
    if found != header["hash"]:
        raise BlockMismatchError(number, "the hash of its header", found, header["hash"])
    return number


def header_hash(header: Mapping[str, Any]) -> str:
    """The hash of a block, "0x…", from the fields of its header.

    That of a block of QBFT leaves out round and seals, which the validators add to it later.
    """
    extra = unhexed(header["extraData"])
    if header["mixHash"] == _QBFT and int(header["number"], 16) > 0:
        extra = _unsealed(extra)
    fields: list[Item] = [unhexed(header[name]) for name in (*_HASHED, "logsBloom")]
    fields += [quantity(header[name]) for name in _NUMBERS]
    fields += [extra, unhexed(header["mixHash"]), unhexed(header["nonce"])]
    fields += [_added(name, header[name]) for name in _ADDED if header.get(name) is not None]
    return "0x" + keccak(rlp(fields)).hex()


def unhexed(data: str) -> bytes:
    """The bytes of "0x…"; raises ValueError."""
    if data[:2] != "0x":
        raise ValueError(f"{data!r:.80} is not hexadecimal")
    return bytes.fromhex(data[2:])


def quantity(data: str) -> bytes:
    """A number as it stands in what is hashed; raises ValueError."""
    return integer(int(data, 16))


def _added(name: str, value: str) -> bytes:
    return quantity(value) if name in _QUANTITIES else unhexed(value)


def _unsealed(extra: bytes) -> bytes:
    """Extra data of QBFT: vanity, validators, vote, round 0, no seals."""
    vanity, validators, vote, _, _ = parts(extra)
    return wrapped(vanity + validators + vote + rlp(b"") + rlp([]))
