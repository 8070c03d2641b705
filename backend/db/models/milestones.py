"""Milestones and where they stand."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance, only_where
from backend.db.types import Money

OPEN_STATUSES = (
    "scheduled",
    "submitted",
    "inspected",
    "rejected",
    "partly-accepted",
    "disputed",
)
"""Of a milestone that is neither accepted in full nor given up."""

_WHERE_CAN_BE_LATE = only_where("late_after IS NOT NULL")


class Milestone(Provenance, Base, kw_only=True):
    """A milestone; `number` is its index in the agreement, from 0, as on the chain.

    `status` is one of `OPEN_STATUSES`, "paid", "owed" or "cancelled". `accepted` is what of it is
    accepted, `cancelled` what was given up, `owed` what its payee can claim for it. Where the rest
    was given up after a part was accepted, `amount` is that part, as on the chain. `attempt`
    counts submissions, `approvals` and `disapprovals` the votes on the latest one, `rejections` how
    often it was rejected. `amendment` is the amendment that added it, None for the original
    schedule. `title`, `source_id` and `source_date` come from the document: `source_id` names the
    payment or milestone in the file that it was loaded from.

    `due_at` is the date as amended, `agreed_at` when that was agreed. `late_after` is the moment
    after which it is late, with all the time for which the clocks stood still since `agreed_at`
    but that of the agreement's latest stop; None while no submission of it is awaited, or no date
    is agreed. `late_days` is by how many days its latest submission was late.
    """

    __tablename__ = "milestones"
    __table_args__ = (
        Index("ix_milestones_late", "agreement", "late_after", **_WHERE_CAN_BE_LATE),
        Index("ix_milestones_latest", "late_after", **_WHERE_CAN_BE_LATE),
        Index(None, "status", "changed_block"),
        Index(None, "payee"),
        Index(None, "document"),
    )

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[int] = mapped_column(Money())
    original_amount: Mapped[int] = mapped_column(Money())
    accepted: Mapped[int] = mapped_column(Money(), default=0)
    cancelled: Mapped[int] = mapped_column(Money(), default=0)
    owed: Mapped[int] = mapped_column(Money(), default=0)
    due_at: Mapped[int | None]
    original_due_at: Mapped[int | None]
    agreed_at: Mapped[int]
    late_after: Mapped[int | None] = mapped_column(default=None)
    late_days: Mapped[int] = mapped_column(Integer, default=0)
    payee: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    document: Mapped[str | None] = mapped_column(String(66))
    amendment: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(Text, default=None)
    source_id: Mapped[str | None] = mapped_column(Text, default=None)
    source_date: Mapped[str | None] = mapped_column(Text, default=None)

    status: Mapped[str] = mapped_column(String(16), default="scheduled")
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    approvals: Mapped[int] = mapped_column(Integer, default=0)
    disapprovals: Mapped[int] = mapped_column(Integer, default=0)
    rejections: Mapped[int] = mapped_column(Integer, default=0)
    scheduled_at: Mapped[int]
    submitted_at: Mapped[int | None] = mapped_column(default=None)
    evidence: Mapped[str | None] = mapped_column(String(66), default=None)
    attested_at: Mapped[int | None] = mapped_column(default=None)
    attested_by: Mapped[str | None] = mapped_column(String(66), default=None)
    seen_at: Mapped[int | None] = mapped_column(default=None)
    report: Mapped[str | None] = mapped_column(String(66), default=None)
    rejected_at: Mapped[int | None] = mapped_column(default=None)
    reject_reason: Mapped[str | None] = mapped_column(String(66), default=None)
    reject_document: Mapped[str | None] = mapped_column(String(66), default=None)
    part_accepted_at: Mapped[int | None] = mapped_column(default=None)
    part_reason: Mapped[str | None] = mapped_column(String(66), default=None)
    part_document: Mapped[str | None] = mapped_column(String(66), default=None)
    accepted_at: Mapped[int | None] = mapped_column(default=None)
    paid_at: Mapped[int | None] = mapped_column(default=None)
    cancelled_at: Mapped[int | None] = mapped_column(default=None)
