"""Contracts and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from backend.api.schemas.base import ContractReference, Money, Party, Schema, Source


class Contract(ContractReference):
    """A contract with its money and counts."""

    status: Literal["signed", "active", "completed", "terminated", "closed"]
    """`signed`: the supplier's signature or the money is missing; `completed`: all work is
    accepted, the defects liability period runs; `terminated`: ended before that, open matters are
    being settled; `closed`: the final account is drawn."""
    buyer: Party
    """Who buys."""
    supplier: Party
    """Who delivers."""
    date: datetime
    """When it was signed or, where that is not known, created."""
    signed_at: datetime | None
    """When the legal contract was signed."""
    starts_at: datetime | None
    """When the work starts."""
    ends_at: datetime | None
    """When the work ends, as amended."""
    created_at: datetime
    """When the agreement came onto the chain."""
    changed_at: datetime
    """When the last thing happened to it."""
    closed_at: datetime | None
    """When it was closed."""
    original_value: Money
    """Value as signed."""
    value: Money
    """Value as amended."""
    scheduled: Money
    """Sum of the milestones that are not cancelled."""
    funded: Money
    """What the treasury brought in."""
    accepted: Money
    """Sum of the accepted amounts."""
    paid: Money
    """All that left to payees, collectors of taxes and subcontractors; without interest."""
    owed: Money
    """What waits as claims of these."""
    refunded: Money
    """What went back to the treasury."""
    milestones: int
    """How many milestones."""
    milestones_accepted: int
    """How many were accepted."""
    milestones_cancelled: int
    """How many were cancelled."""
    payments: int
    """How many payments were made; what is owed is not among them."""
    amendments: int
    """How many amendments took effect."""
    next_due_at: datetime | None
    """When the first milestone that is to be submitted is due, holds and suspensions added."""
    late: bool
    """Whether that has passed."""
    days_late: int
    """How many days have begun since; 0 when it is not late."""
    source: Source
    """The event that created it."""
    changed: Source
    """The event that changed it last."""


class HistoryEntry(Schema):
    """One event."""

    event: str
    """Name of the event."""
    contract: str
    """Kind of the contract that emitted it."""
    at: datetime
    """Time of the block."""
    milestone: int | None
    """Index of the milestone that it is about."""
    arguments: dict[str, Any]
    """Its parameters by name: integers as decimal strings (amounts in minor units, moments in Unix
    seconds), hashes and addresses in hexadecimal."""
    block_hash: str
    """Hash of its block."""
    final: bool
    """Whether the chain will not give it up any more."""
    source: Source
    """Where it stands."""


class PlacedEntry(HistoryEntry):
    """An event out of its contract's history."""

    address: str
    """Address of the contract that emitted it."""
