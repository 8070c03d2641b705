"""Milestones and where they stand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance
from backend.db.types import Money

OPEN_STATUSES = ("scheduled", "submitted", "inspected", "rejected")
"""Of a milestone that is neither accepted nor cancelled."""

_OPEN = text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')")
_WHERE_OPEN: dict[str, Any] = {"sqlite_where": _OPEN, "postgresql_where": _OPEN}


class Milestone(Provenance, Base, kw_only=True):
    """A milestone; `number` is its index in the agreement, from 0, as on the chain.

    `status` is "scheduled", "submitted", "inspected", "rejected", "paid", "owed" or "cancelled".
    `attempt` counts submissions, `approvals` and `disapprovals` the votes on the latest one,
    `rejections` how often it was rejected. `amendment` is the amendment that added it, None for
    the original schedule. `title`, `source_id` and `source_date` come from the document:
    `source_id` names the payment or milestone in the file that it was loaded from.
    """

    __tablename__ = "milestones"
    __table_args__ = (
        Index("ix_milestones_open", "agreement", "due_at", **_WHERE_OPEN),
        Index("ix_milestones_due", "due_at", **_WHERE_OPEN),
        Index(None, "payee"),
        Index(None, "document"),
    )

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[int] = mapped_column(Money())
    due_at: Mapped[int | None]
    payee: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    document: Mapped[str | None] = mapped_column(String(66))
    amendment: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(Text, default=None)
    source_id: Mapped[str | None] = mapped_column(Text, default=None)
    source_date: Mapped[str | None] = mapped_column(Text, default=None)

    status: Mapped[str] = mapped_column(String(12), default="scheduled")
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
    accepted_at: Mapped[int | None] = mapped_column(default=None)
    paid_at: Mapped[int | None] = mapped_column(default=None)
    cancelled_at: Mapped[int | None] = mapped_column(default=None)
