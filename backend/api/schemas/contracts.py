"""Contracts, their amendments and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from backend.api.schemas.base import ContractReference, Money, Party, Schema, Source


class Contract(ContractReference):
    """A contract with its money and counts."""

    status: Literal["signed", "active", "closed"]
    """`signed`: not funded yet; `closed`: nothing more can be accepted."""
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
    """Sum of the accepted milestones."""
    paid: Money
    """What reached payees."""
    owed: Money
    """What waits as claims of payees."""
    refunded: Money
    """What went back to the treasury."""
    milestones: int
    """How many milestones."""
    milestones_accepted: int
    """How many were accepted."""
    milestones_cancelled: int
    """How many were cancelled."""
    payments: int
    """How many payments were made."""
    amendments: int
    """How many amendments were signed."""
    next_due_at: datetime | None
    """When the first milestone that is neither accepted nor cancelled is due."""
    late: bool
    """Whether that has passed."""
    days_late: int
    """How many days have begun since; 0 when it is not late."""
    source: Source
    """The event that created it."""
    changed: Source
    """The event that changed it last."""


class Amendment(Schema):
    """A change of a contract that both sides sign."""

    number: int
    """Its number in the contract, from 1."""
    status: Literal["proposed", "signed", "replaced"]
    """`replaced`: a later proposal took its place before it was signed."""
    increase: Money
    """What it adds to the value."""
    ends_at: datetime | None
    """New end of the work; null where it stays."""
    milestones: int
    """How many milestones it adds."""
    reason: str | None
    """Coded reason."""
    document: str | None
    """SHA-256 of the reasons in prose."""
    proposed_by: Party
    """Member of the committee."""
    proposed_at: datetime
    """When it was proposed."""
    signed_by: Party | None
    """The supplier."""
    signed_at: datetime | None
    """When it was signed."""
    previous_value: Money | None
    """Value of the contract before."""
    value: Money | None
    """Value of the contract after."""
    source: Source
    """The event that proposed it."""
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
    source: Source
    """Where it stands."""
