"""Payments, one for each that left an agreement."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base
from backend.db.types import Money


class Payment(Base, kw_only=True):
    """Money that reached a payee; `number` counts payments in the order of the chain, from 1.

    `claimed` is false when acceptance paid, true when the payee pulled what was owed. The event
    that made the row stands at `block`, `transaction`, `log_index`; nothing changes it later.
    """

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement", "milestone"], ["milestones.agreement", "milestones.number"]
        ),
        Index(None, "paid_at", "number"),
        Index(None, "amount", "number"),
        Index(None, "agreement", "milestone"),
        Index(None, "payee", "number"),
        Index(None, "token"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agreement: Mapped[str] = mapped_column(String(42))
    milestone: Mapped[int]
    payee: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    account: Mapped[str] = mapped_column(String(42))
    token: Mapped[str] = mapped_column(String(42), ForeignKey("tokens.address"))
    amount: Mapped[int] = mapped_column(Money())
    claimed: Mapped[bool]
    paid_at: Mapped[int]
    block: Mapped[int]
    transaction: Mapped[str] = mapped_column(String(66))
    log_index: Mapped[int] = mapped_column(Integer)
