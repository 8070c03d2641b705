"""Disputes, stops, decisions, and how contracts end."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from backend.api.schemas.base import Money, Party, Schema, Source


class Offer(Schema):
    """An offer to settle a dispute."""

    side: Literal["supplier", "committee"]
    """Whose offer."""
    by: Party
    """Who made it or, for the committee, completed the quorum."""
    amount: Money
    """What the supplier would get."""
    offered_at: datetime
    """When."""
    source: Source
    """The event that says so."""


class Dispute(Schema):
    """A dispute over one milestone; the rest of the contract goes on."""

    milestone: int
    """Index of the milestone."""
    status: Literal["open", "settled", "ruled", "defaulted", "dropped"]
    """`defaulted`: nobody ruled in time, the agreed share applies; `dropped`: the contract was
    closed."""
    side: Literal["supplier", "committee"]
    """Who opened it."""
    opened_by: Party
    """The supplier, or the member that completed the committee's quorum."""
    opened_at: datetime
    """When it was opened."""
    disputed: Money
    """What is in dispute."""
    reason: str | None
    """Coded reason."""
    document: str | None
    """SHA-256 of the reasons in prose."""
    offers: list[Offer]
    """In order; when the latest of both sides are equal, it is settled."""
    ended_at: datetime | None
    """When it ended."""
    ruled_by: Party | None
    """The arbiter; null if nobody ruled."""
    amount: Money | None
    """What the supplier gets."""
    rest: Money | None
    """What is given up."""
    ruling_reason: str | None
    """Coded reason of the ruling."""
    ruling_document: str | None
    """SHA-256 of the ruling."""
    source: Source
    """The event that opened it."""
    changed: Source
    """The event that changed it last."""


class Stop(Schema):
    """An auditor's hold, which stops payments, or a suspension; all clocks stand still."""

    kind: Literal["hold", "suspension"]
    """Which of them."""
    in_force: bool
    """Whether it lasts at the moment."""
    by: Party | None
    """The auditor; null for a suspension, which the committee decides on."""
    placed_at: datetime
    """When it began."""
    planned_until: datetime
    """When it was to end, as set last."""
    until: datetime
    """When it ends or ended."""
    reason: str | None
    """Coded reason."""
    document: str | None
    """SHA-256 of the order or declaration."""
    extended_at: datetime | None
    """When a hold was extended."""
    extended_by: Party | None
    """The auditor that extended it."""
    extension_reason: str | None
    """Coded reason of the extension."""
    extension_document: str | None
    """SHA-256 of the order that extended it."""
    ended_at: datetime | None
    """When it was ended before its time."""
    ended_by: Party | None
    """The auditor that lifted a hold."""
    source: Source
    """The event that placed it."""
    changed: Source
    """The event that changed it last."""


class Notice(Schema):
    """A notice of default."""

    noticed_at: datetime
    """When it was given."""
    curable_until: datetime
    """Until when the supplier may mend the default, as the clocks stood."""
    reason: str | None
    """Coded reason."""
    document: str | None
    """SHA-256 of the notice."""
    cured_at: datetime | None
    """When it was withdrawn."""
    cure_reason: str | None
    """Coded reason of that."""
    cure_document: str | None
    """SHA-256 of the letter."""
    source: Source
    """The event that says so."""
    changed: Source
    """The event that changed it last."""


class Vote(Schema):
    """A vote for a decision."""

    by: Party
    """Who voted."""
    voted_at: datetime
    """When."""
    source: Source
    """The event that says so."""


class Decision(Schema):
    """What members of the committee are for, and needs a quorum."""

    decision: str
    """Hash of the call."""
    act: str
    """Name of the function that is called."""
    approvals: int
    """How many are for it."""
    quorum: int
    """How many must be."""
    opened_at: datetime
    """When the first voted."""
    decided_at: datetime | None
    """When the quorum was complete."""
    votes: list[Vote]
    """In order."""
    source: Source
    """The event of the first vote."""
    changed: Source
    """The event of the last vote."""


class Termination(Schema):
    """Why a contract ended before its work was done."""

    ground: Literal["convenience", "by-agreement", "default", "lapse"]
    """`convenience`: by decision of the buyer; `lapse`: its last day passed and nobody ended it."""
    reason: str | None
    """Coded reason."""
    document: str | None
    """SHA-256 of the decision."""
    terminated_at: datetime
    """When."""


class FinalAccount(Schema):
    """What a contract came to."""

    drawn_at: datetime
    """When it was closed."""
    accepted: Money
    """Sum of all accepted amounts."""
    cancelled: Money
    """Sum of what was still scheduled and not accepted."""
    retention_released: Money
    """What of the retention went to the supplier with it."""
    retention_kept: Money
    """What of the retention the buyer kept: for damages, the advance, or default."""
    damages: Money
    """What the buyer kept for delay."""
    advance_unrecovered: Money
    """What of the advance neither work nor retention covered."""
    damages_unrecovered: Money
    """What of the damages neither work nor retention covered."""
    refunded: Money
    """All that went back to the treasury."""
    released: Money
    """What the budget line got back with it."""
    interest_owed: Money
    """What the buyer still owes for late payment."""
    source: Source
    """The event that says so."""
