"""Logs as a node tells them, parsed into checked shapes."""

from __future__ import annotations

from binascii import unhexlify
from sys import intern

from msgspec import Struct

from backend.chain.events import Origin
from backend.chain.hashing import checksum_address
from backend.chain.headers import Header
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
