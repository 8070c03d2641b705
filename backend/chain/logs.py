"""What a node says of blocks and logs, parsed into checked shapes."""

from __future__ import annotations

from binascii import unhexlify
from sys import intern

from msgspec import Struct

from backend.chain.events import Origin
from backend.chain.hashing import checksum_address
from backend.core.kept import kept


class Log(Struct, frozen=True, gc=False, rename="camel"):
    """A log as `eth_getLogs` returns it; numbers are "0x…"."""

    address: str
    topics: list[str]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    transaction_index: str
    log_index: str
    removed: bool = False


class RawHeader(Struct, frozen=True, gc=False, rename="camel"):
    """A block as `eth_getBlockByNumber` returns it, as far as the index needs it."""

    number: str
    hash: str
    parent_hash: str
    timestamp: str
    logs_bloom: str
    receipts_root: str


class Header(Struct, frozen=True, gc=False):
    """A block; `bloom` is the filter over the addresses and topics of all its logs."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int
    bloom: int
    receipts_root: str


def header_of(raw: RawHeader) -> Header:
    """The header; raises ValueError for what is not hexadecimal."""
    return Header(
        int(raw.number, 16),
        raw.hash,
        raw.parent_hash,
        int(raw.timestamp, 16),
        int(raw.logs_bloom, 16),
        raw.receipts_root,
    )


def origin_of(log: Log, header: Header) -> Origin:
    """Where a log stands; raises ValueError for what is not hexadecimal."""
    return Origin(
        header.number,
        header.hash,
        header.timestamp,
        # The events of a transaction are many, and what is kept of them names it.
        intern(log.transaction_hash),
        _number(log.transaction_index),
        _number(log.log_index),
        checksummed(log.address),
        unhexlify("".join([topic[2:] for topic in log.topics])),
        unhexlify(log.data[2:]),
    )


def _hexadecimal(text: str) -> int:
    return int(text, 16)


_number = kept(_hexadecimal, 1024)

checksummed = kept(checksum_address, 4096)
"""An address in mixed case (EIP-55)."""
