"""What a contract is at a moment, as one hash that anyone can work out from the chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from backend.queries.history import HistoryEntry


@dataclass(frozen=True, slots=True)
class ContractState:
    """The contract after its first `events` events.

    `hash` is the SHA-256, in hex, of a text: a line with the agreement's address, and for each
    event that the agreement emitted a line with the hash of its block and its place there, in
    decimal. A block's hash covers all that its events say. `since` is when the last of them
    happened, None before the first.
    """

    hash: str
    events: int
    payments: int
    since: datetime | None


def states(agreement: str, history: Iterable[HistoryEntry]) -> list[ContractState]:
    """Every state that an agreement has been in, oldest first; `history` is all of its own."""
    total = hashlib.sha256(f"{agreement}\n".encode())
    found = [ContractState(total.hexdigest(), 0, 0, None)]
    for entry in history:
        if entry.contract == "Agreement":
            total.update(f"{entry.block_hash} {entry.source.log_index}\n".encode())
            last, paid = found[-1], entry.event == "PaymentMade"
            found.append(
                ContractState(total.hexdigest(), last.events + 1, last.payments + paid, entry.at)
            )
    return found
