"""Milestones."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from backend.api.schemas.base import ContractReference, Money, Party, Schema, Source


class Milestone(Schema):
    """A milestone as it stands."""

    contract: ContractReference
    """Its contract."""
    number: int
    """Its index in the contract, from 0, as on the chain."""
    title: str | None
    """From its document; null while that is missing."""
    source_id: str | None
    """Id of the payment or milestone in the file that it was loaded from."""
    source_date: str | None
    """Date in that file, as published."""
    amount: Money
    """What it pays before deductions, as amended; where the rest was given up after a part was
    accepted, that part."""
    original_amount: Money
    """The same as first agreed."""
    accepted: Money
    """What of it is accepted."""
    cancelled: Money
    """What of it was given up."""
    owed: Money
    """What its payee can claim for it."""
    payee: Party
    """Who is paid."""
    status: Literal[
        "scheduled",
        "submitted",
        "inspected",
        "rejected",
        "partly-accepted",
        "disputed",
        "paid",
        "owed",
        "cancelled",
    ]
    """`partly-accepted`: a part is paid, the rest can be submitted again or disputed; `owed`:
    accepted, the payment waits as a claim of the payee."""
    due_at: datetime | None
    """When it is due, as amended."""
    original_due_at: datetime | None
    """When it was due as first agreed."""
    deadline_at: datetime | None
    """When it is due, holds and suspensions added; null where no submission is awaited."""
    days_late: int
    """By how many begun days it is late or, once submitted, its latest submission was; 0 when it
    is not, or is done."""
    waits_for: Literal["treasury", "supplier", "inspector", "committee", "arbiter", "payee"] | None
    """Who must act next."""
    amendment: int | None
    """The amendment that added it; null for the original schedule."""
    attempt: int
    """How often it was submitted."""
    approvals: int
    """Votes for the latest submission."""
    quorum: int
    """Votes that acceptance needs."""
    disapprovals: int
    """Votes against the latest submission."""
    rejections: int
    """How often it was rejected."""
    scheduled_at: datetime
    """When it was agreed."""
    submitted_at: datetime | None
    """When it was submitted last."""
    evidence: str | None
    """SHA-256 of the evidence."""
    attested_at: datetime | None
    """When an inspector attested it last."""
    attested_by: Party | None
    """The inspector."""
    seen_at: datetime | None
    """When it was seen on site, by the inspector's word."""
    report: str | None
    """SHA-256 of the inspector's report."""
    rejected_at: datetime | None
    """When it was rejected last."""
    reject_reason: str | None
    """Coded reason of the last rejection."""
    reject_document: str | None
    """SHA-256 of the reasons in prose."""
    part_accepted_at: datetime | None
    """When a part was accepted last."""
    part_reason: str | None
    """Coded reason why only a part was."""
    part_document: str | None
    """SHA-256 of the reasons in prose."""
    accepted_at: datetime | None
    """When it was accepted in full, or what was not accepted was given up."""
    paid_at: datetime | None
    """When it was paid."""
    cancelled_at: datetime | None
    """When it was cancelled."""
    document: str | None
    """SHA-256 of the document that names it."""
    source: Source
    """The event that made it."""
    changed: Source
    """The event that changed it last."""
