"""Disputes, and what stops an agreement for a time."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Made, Provenance
from backend.db.types import Money


class Dispute(Provenance, Base, kw_only=True):
    """A dispute over a milestone, of which there is one at most.

    `side` of who opened it is "supplier" or "committee". `status` is "open", "settled", "ruled",
    "defaulted" (nobody ruled in time) or "dropped" (the agreement ended). `disputed` is the amount
    in dispute, `amount` what of it the supplier gets and `rest` what it does not.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement", "milestone"], ["milestones.agreement", "milestones.number"]
        ),
    )

    agreement: Mapped[str] = mapped_column(String(42), primary_key=True)
    milestone: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(12), default="open")
    side: Mapped[str] = mapped_column(String(12))
    opened_by: Mapped[str] = mapped_column(String(66))
    opened_at: Mapped[int]
    disputed: Mapped[int] = mapped_column(Money())
    reason: Mapped[str] = mapped_column(String(66))
    document: Mapped[str | None] = mapped_column(String(66))
    offers: Mapped[int] = mapped_column(Integer, default=0)
    ended_at: Mapped[int | None] = mapped_column(default=None)
    ruled_by: Mapped[str | None] = mapped_column(String(66), default=None)
    amount: Mapped[int | None] = mapped_column(Money(), default=None)
    rest: Mapped[int | None] = mapped_column(Money(), default=None)
    ruling_reason: Mapped[str | None] = mapped_column(String(66), default=None)
    ruling_document: Mapped[str | None] = mapped_column(String(66), default=None)


class SettlementOffer(Made, Base, kw_only=True):
    """What a side offered; `position` counts the offers of a dispute from 0.

    `by` completed the committee's quorum where `side` is "committee".
    """

    __tablename__ = "settlement_offers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement", "milestone"], ["disputes.agreement", "disputes.milestone"]
        ),
    )

    agreement: Mapped[str] = mapped_column(String(42), primary_key=True)
    milestone: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    side: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(66))
    amount: Mapped[int] = mapped_column(Money())
    offered_at: Mapped[int]


class Stop(Provenance, Base, kw_only=True):
    """An auditor's hold or a suspension; `number` counts those of an agreement, from 1.

    `kind` is "hold" or "suspension". It lasts from `placed_at` to `until`, which an early end
    brings forward: `ended_at` is then the same moment. `planned_until` is what was set last. A
    suspension is decided by the committee, so that `by` and `ended_by` are None.
    """

    __tablename__ = "stops"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    by: Mapped[str | None] = mapped_column(String(66))
    placed_at: Mapped[int]
    planned_until: Mapped[int]
    until: Mapped[int]
    reason: Mapped[str] = mapped_column(String(66))
    document: Mapped[str | None] = mapped_column(String(66))
    extended_at: Mapped[int | None] = mapped_column(default=None)
    extended_by: Mapped[str | None] = mapped_column(String(66), default=None)
    extension_reason: Mapped[str | None] = mapped_column(String(66), default=None)
    extension_document: Mapped[str | None] = mapped_column(String(66), default=None)
    ended_at: Mapped[int | None] = mapped_column(default=None)
    ended_by: Mapped[str | None] = mapped_column(String(66), default=None)
