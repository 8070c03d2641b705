"""Logs as a node tells them, parsed into checked shapes."""

from __future__ import annotations

from binascii import unhexlify

from msgspec import Struct

from backend.chain.events import Origin
from backend.chain.hashing import checksum_address
from backend.chain.headers import Header
from backend.core.kept import kept

_LIMIT = 2**31
"""No block holds so many."""


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
    """Where a log stands; raises ValueError for what is no log."""
    return Origin(
        header.number,
        header.hash,
        header.timestamp,
        # The events of a transaction are many, and what is kept of them names it.
        _hash(log.transaction_hash),
        _number(log.transaction_index),
        _number(log.log_index),
        checksummed(log.address),
        unhexlify("".join([topic[2:] for topic in log.topics])),
        unhexlify(log.data[2:]),
    )


def _small(text: str) -> int:
    value = int(text, 16)
    if not 0 <= value < _LIMIT:
        raise ValueError(f"{text!r:.80} is no place in a block")
    return value


def _of_32_bytes(text: str) -> str:
    if len(text) != 66 or text[:2] != "0x":
        raise ValueError(f"{text!r:.80} is no hash")
    unhexlify(text[2:])
    return text


_number = kept(_small, 1024)

_hash = kept(_of_32_bytes, 1024)

checksummed = kept(checksum_address, 4096)
"""An address in mixed case (EIP-55)."""
