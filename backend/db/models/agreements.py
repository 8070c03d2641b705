"""Agreements: what the public calls contracts."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Made, Provenance
from backend.db.types import Money, sorted_text


class Agreement(Provenance, Base, kw_only=True):
    """An agreement with its money, in minor units, and its counts.

    `number` counts agreements in the order in which the factory made them, from 1, and so never
    changes. `status` is "signed", "active", "completed", "terminated" or "closed". `dated_at` is
    when the contract was signed or, where that is not known, when its agreement was made. `title`
    comes from the document and is None while that is missing.

    `paid` is all that left to payees, collectors and subcontractors, `owed` what waits as their
    claims; what the agreement holds besides is `funded - paid - owed - refunded`, and while it goes
    on that is `funded - accepted - advance_outstanding + retained + damages`. `taxes` and `direct`
    are what of all payments went, or is owed, to collectors and to subcontractors. Interest is paid
    beside the agreement's money and is in no other sum. What is retained, withheld for damages,
    carried forward and outstanding of the advance is zero once the agreement is closed: then the
    final account tells.

    `stopped_from` and `stopped_until` are those of the latest hold or suspension, zero if there was
    none; the clocks stand still between them.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        Index("ix_agreements_ocid", "ocid", postgresql_using="hash"),
        Index("ix_agreements_contract_id", "contract_id", postgresql_using="hash"),
        # Lists in any order: what is not of a status or year is passed over in the index.
        Index(None, "made_block", "number", "status", "dated_at"),
        Index(None, "dated_at", "number", "status"),
        Index(None, "value", "number", "status", "dated_at"),
        Index(None, "paid", "number", "status", "dated_at"),
        Index(None, "title_key", "number", "status", "dated_at"),
        Index(None, "changed_block", "number", "status", "dated_at"),
        Index(None, "buyer"),
        Index(None, "supplier"),
        Index(None, "budget_line"),
        Index(None, "token"),
        Index(None, "document"),
    )

    address: Mapped[str] = mapped_column(String(42), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    ocid: Mapped[str] = mapped_column(Text)
    contract_id: Mapped[str] = mapped_column(Text)
    buyer: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    supplier: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    treasury: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    arbiter: Mapped[str | None] = mapped_column(String(66), ForeignKey("participants.id"))
    created_by: Mapped[str] = mapped_column(String(66))
    quorum: Mapped[int] = mapped_column(Integer)
    token: Mapped[str] = mapped_column(String(42), ForeignKey("tokens.address"))
    budget_line: Mapped[str] = mapped_column(String(66), ForeignKey("budget_lines.id"))
    document: Mapped[str | None] = mapped_column(String(66))
    title: Mapped[str | None] = mapped_column(Text, default=None)
    title_key: Mapped[str] = mapped_column(sorted_text())
    search: Mapped[str] = mapped_column(Text)

    status: Mapped[str] = mapped_column(String(12), default="signed")
    signed_at: Mapped[int | None]
    starts_at: Mapped[int | None]
    ends_at: Mapped[int | None]
    original_ends_at: Mapped[int | None]
    dated_at: Mapped[int]
    created_at: Mapped[int]
    changed_at: Mapped[int]
    activated_at: Mapped[int | None] = mapped_column(default=None)
    supplier_signed_at: Mapped[int | None] = mapped_column(default=None)
    completed_at: Mapped[int | None] = mapped_column(default=None)
    defects_end_at: Mapped[int | None] = mapped_column(default=None)
    terminated_at: Mapped[int | None] = mapped_column(default=None)
    termination_ground: Mapped[str | None] = mapped_column(String(20), default=None)
    termination_reason: Mapped[str | None] = mapped_column(String(66), default=None)
    termination_document: Mapped[str | None] = mapped_column(String(66), default=None)
    closed_at: Mapped[int | None] = mapped_column(default=None)
    stopped_from: Mapped[int] = mapped_column(default=0)
    stopped_until: Mapped[int] = mapped_column(default=0)

    original_value: Mapped[int] = mapped_column(Money())
    value: Mapped[int] = mapped_column(Money())
    scheduled: Mapped[int] = mapped_column(Money(), default=0)
    funded: Mapped[int] = mapped_column(Money(), default=0)
    accepted: Mapped[int] = mapped_column(Money(), default=0)
    paid: Mapped[int] = mapped_column(Money(), default=0)
    owed: Mapped[int] = mapped_column(Money(), default=0)
    refunded: Mapped[int] = mapped_column(Money(), default=0)
    cancelled: Mapped[int] = mapped_column(Money(), default=0)
    released: Mapped[int] = mapped_column(Money(), default=0)
    advance_paid: Mapped[int] = mapped_column(Money(), default=0)
    advance_outstanding: Mapped[int] = mapped_column(Money(), default=0)
    retained: Mapped[int] = mapped_column(Money(), default=0)
    damages: Mapped[int] = mapped_column(Money(), default=0)
    damages_carried: Mapped[int] = mapped_column(Money(), default=0)
    taxes: Mapped[int] = mapped_column(Money(), default=0)
    direct: Mapped[int] = mapped_column(Money(), default=0)
    interest_accrued: Mapped[int] = mapped_column(Money(), default=0)
    interest_paid: Mapped[int] = mapped_column(Money(), default=0)
    interest_owed: Mapped[int] = mapped_column(Money(), default=0)

    milestones: Mapped[int] = mapped_column(Integer, default=0)
    milestones_accepted: Mapped[int] = mapped_column(Integer, default=0)
    milestones_cancelled: Mapped[int] = mapped_column(Integer, default=0)
    payments: Mapped[int] = mapped_column(Integer, default=0)
    amendments: Mapped[int] = mapped_column(Integer, default=0)
    proposals: Mapped[int] = mapped_column(Integer, default=0)
    guarantees: Mapped[int] = mapped_column(Integer, default=0)
    stops: Mapped[int] = mapped_column(Integer, default=0)
    notices: Mapped[int] = mapped_column(Integer, default=0)


class AgreementOffice(Made, Base, kw_only=True):
    """A member of an agreement's committee or one of its inspectors.

    `duty` is "committee" or "inspector"; `position` is the place in the list, from 0.
    """

    __tablename__ = "agreement_offices"
    __table_args__ = (Index(None, "participant"),)

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    duty: Mapped[str] = mapped_column(String(12), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    participant: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
