"""Rows as the tables must have them, field by column; what only the working-out needs besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from backend.db.base import LAST_MOMENT

ZERO = "0x" + "0" * 64
STATUSES = ("none", "signed", "active", "closed", "completed", "terminated")
MILESTONE_STATUSES = (
    "none",
    "scheduled",
    "submitted",
    "inspected",
    "rejected",
    "paid",
    "owed",
    "cancelled",
    "disputed",
    "partly-accepted",
)
BASES = (
    "none",
    "acceptance",
    "partial-acceptance",
    "silence",
    "settlement",
    "ruling",
    "default-ruling",
    "advance",
    "retention-release",
    "damages-returned",
    "interest",
)
PARTS = ("net", "tax", "direct-payment")
TAX_BASES = ("gross", "received")
GROUNDS = ("none", "convenience", "by-agreement", "default", "lapse")
DONE = ("paid", "owed")
AWAITED = ("scheduled", "rejected", "partly-accepted")
"""Of a milestone that the supplier is to submit."""


def document(digest: str) -> str | None:
    """A hash, None for none."""
    return None if digest == ZERO else digest


def moment(given: int) -> int | None:
    """Unix seconds as the tables hold them, None where no date is given."""
    return min(given, LAST_MOMENT) or None


@dataclass(slots=True)
class Total:
    """The money of an agreement, in minor units, by the columns of `agreements`."""

    original_value: int
    value: int
    scheduled: int = 0
    funded: int = 0
    accepted: int = 0
    paid: int = 0
    owed: int = 0
    refunded: int = 0
    cancelled: int = 0
    released: int = 0
    advance_paid: int = 0
    advance_outstanding: int = 0
    retained: int = 0
    damages: int = 0
    damages_carried: int = 0
    taxes: int = 0
    direct: int = 0
    interest_accrued: int = 0
    interest_paid: int = 0
    interest_owed: int = 0

    @property
    def held(self) -> int:
        """What the agreement holds: what came in and did not leave."""
        return self.funded - self.paid - self.refunded


@dataclass(slots=True)
class Assessment:
    """A part that was late: its gross, what it was assessed with, when it was submitted."""

    gross: int
    amount: int
    submitted_at: int


@dataclass(slots=True)
class Milestone:
    """A row of `milestones`; dates as agreed, zero for none, stand in `due` and `original_due`."""

    agreement: str
    number: int
    amount: int
    original_amount: int
    due: int
    original_due: int
    agreed_at: int
    payee: str
    document: str | None
    scheduled_at: int
    made_block: int
    made_log_index: int
    made_transaction: str
    amendment: int | None = None
    accepted: int = 0
    cancelled: int = 0
    owed: int = 0
    late_after: int | None = None
    late_days: int = 0
    status: str = "scheduled"
    attempt: int = 0
    rejections: int = 0
    submitted_at: int | None = None
    evidence: str | None = None
    attested_at: int | None = None
    attested_by: str | None = None
    seen_at: int | None = None
    report: str | None = None
    rejected_at: int | None = None
    reject_reason: str | None = None
    reject_document: str | None = None
    part_accepted_at: int | None = None
    part_reason: str | None = None
    part_document: str | None = None
    accepted_at: int | None = None
    paid_at: int | None = None
    cancelled_at: int | None = None
    review_span: int = 0
    approved_by: set[str] = field(default_factory=set)
    disapproved_by: set[str] = field(default_factory=set)
    assessments: list[Assessment] = field(default_factory=list)

    @property
    def rest(self) -> int:
        """What of it is not accepted."""
        return self.amount - self.accepted

    @property
    def due_at(self) -> int | None:
        """The column."""
        return moment(self.due)

    @property
    def original_due_at(self) -> int | None:
        """The column."""
        return moment(self.original_due)

    @property
    def approvals(self) -> int:
        """Votes for the latest attempt."""
        return len(self.approved_by)

    @property
    def disapprovals(self) -> int:
        """Votes against the latest attempt."""
        return len(self.disapproved_by)

    def become(self, status: str, at: int) -> None:
        """Another status, with the moments that go with it."""
        self.status = status
        self.paid_at = at if status == "paid" else None
        self.cancelled_at = at if status == "cancelled" else None

    def accept(self, at: int) -> None:
        """All that is left of it is accepted, which may be nothing."""
        self.accepted_at = at
        self.become("owed" if self.owed else "paid", at)

    def give_up(self, at: int) -> None:
        """No more comes of it than is accepted: nothing, if nothing is."""
        if self.accepted:
            self.accept(at)
        else:
            self.become("cancelled", at)


@dataclass(slots=True)
class Payment:
    """A row of `payments`; `number` is None where only one agreement is looked at."""

    number: int | None
    agreement: str
    milestone: int | None
    payee: str
    account: str | None
    token: str
    basis: str
    attempt: int
    gross: int
    advance: int
    retention: int
    damages: int
    taxes: int
    direct: int
    net: int
    late_days: int
    carried: int
    status: str
    made_at: int
    paid_at: int | None
    dated_at: int
    made_block: int
    made_log_index: int
    made_transaction: str
    interest_days: int = 0
    interest: int = 0
    claimed: bool = False
    deductions: int = 0

    def claim(self, account: str, at: int) -> None:
        """Its net was pulled."""
        self.status, self.claimed, self.account = "paid", True, account
        self.paid_at = self.dated_at = at


@dataclass(slots=True)
class Deduction:
    """A row of `deductions`."""

    payment: int | None
    position: int
    agreement: str
    milestone: int | None
    token: str
    part: str
    term: int
    recipient: str
    account: str | None
    amount: int
    status: str
    paid_at: int | None
    made_block: int
    made_log_index: int
    made_transaction: str
    claimed: bool = False

    def claim(self, account: str, at: int) -> None:
        """It was pulled."""
        self.status, self.claimed, self.account, self.paid_at = "paid", True, account, at


@dataclass(slots=True)
class Claim:
    """A row of `claims`."""

    agreement: str
    milestone: int
    payee: str
    since: int
    made_block: int
    made_log_index: int
    made_transaction: str
    owed: int = 0
    paid: int = 0
    paid_at: int | None = None


@dataclass(slots=True)
class InterestPayment:
    """A row of `interest_payments`."""

    agreement: str
    made_block: int
    made_log_index: int
    made_transaction: str
    by: str
    account: str
    amount: int
    paid_at: int


Row = dict[str, Any]
