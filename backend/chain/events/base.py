"""What all events have: where on the chain they stand."""

from __future__ import annotations

from dataclasses import dataclass

ZERO_BYTES32 = "0x" + "0" * 64
ZERO_ADDRESS = "0x" + "0" * 40
NO_MILESTONE = 2**256 - 1
"""The `milestone` of what belongs to none: the advance, retention, interest, damages returned."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event stands; `address` is the contract that emitted it."""

    block: int
    block_hash: str
    timestamp: int
    transaction: str
    transaction_index: int
    log_index: int
    address: str


@dataclass(frozen=True, slots=True)
class Event:
    """What all events have."""

    origin: Origin
