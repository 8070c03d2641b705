"""What all events have: where on the chain they stand, and their log as it stands there."""

from __future__ import annotations

from msgspec import Struct

ZERO_BYTES32 = "0x" + "0" * 64
ZERO_ADDRESS = "0x" + "0" * 40
NO_MILESTONE = 2**256 - 1
"""The `milestone` of what belongs to none: the advance, retention, interest, damages returned."""


class Origin(Struct, frozen=True, gc=False):
    """Where an event stands; `address` is the contract that emitted it.

    `topics` are the log's topics one after the other, 32 bytes each, `data` is its data.
    """

    block: int
    block_hash: str
    timestamp: int
    transaction: str
    transaction_index: int
    log_index: int
    address: str
    topics: bytes = b""
    data: bytes = b""


class Event(Struct, frozen=True, gc=False):
    """What all events have."""

    origin: Origin
