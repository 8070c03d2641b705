"""Payments with every part of them, and what could not be paid out yet."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance
from backend.db.types import Money

NO_MILESTONE = -1
"""The `milestone` of a claim that belongs to none; it is part of a key and cannot be NULL."""


class Payment(Provenance, Base, kw_only=True):
    """A payment as it was worked out; `number` counts in the order of the chain, from 1.

    `gross = advance + retention + damages + taxes + direct + net`. The net is the payee's: `status`
    is "owed" while it waits as a claim, then "paid"; `claimed` says that it was pulled. `basis` is
    what the payment rests on, e.g. "partial-acceptance". `milestone` is None for what belongs to
    none. `late_days` is how late the part was; `carried` are all the delay damages that were
    carried forward after it; `interest` is what the buyer owes besides, for `interest_days` full
    days. `dated_at` is when the net went out or, while it is owed, when it was worked out. The
    event that changed the row is the one that paid the net.
    """

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement", "milestone"], ["milestones.agreement", "milestones.number"]
        ),
        Index(None, "dated_at", "number"),
        Index(None, "gross", "number"),
        Index(None, "net", "number"),
        Index(None, "agreement", "milestone"),
        Index(None, "payee", "number"),
        Index(None, "token"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agreement: Mapped[str] = mapped_column(String(42), ForeignKey("agreements.address"))
    milestone: Mapped[int | None]
    payee: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    account: Mapped[str | None] = mapped_column(String(42))
    token: Mapped[str] = mapped_column(String(42), ForeignKey("tokens.address"))
    basis: Mapped[str] = mapped_column(String(20))
    attempt: Mapped[int] = mapped_column(Integer)
    gross: Mapped[int] = mapped_column(Money())
    advance: Mapped[int] = mapped_column(Money())
    retention: Mapped[int] = mapped_column(Money())
    damages: Mapped[int] = mapped_column(Money())
    taxes: Mapped[int] = mapped_column(Money())
    direct: Mapped[int] = mapped_column(Money())
    net: Mapped[int] = mapped_column(Money())
    late_days: Mapped[int]
    carried: Mapped[int] = mapped_column(Money())
    interest_days: Mapped[int] = mapped_column(default=0)
    interest: Mapped[int] = mapped_column(Money(), default=0)
    status: Mapped[str] = mapped_column(String(12))
    claimed: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[int]
    paid_at: Mapped[int | None]
    dated_at: Mapped[int]


class Deduction(Provenance, Base, kw_only=True):
    """What of a payment went, or is owed, to a collector or a subcontractor.

    `part` is "tax" or "direct-payment"; `term` is the place in the agreement's table of taxes or of
    direct payments. `position` counts the deductions of a payment from 0. `status`, `claimed` and
    `paid_at` as with `Payment`.
    """

    __tablename__ = "deductions"
    __table_args__ = (
        Index(None, "agreement", "milestone"),
        Index(None, "recipient", "payment"),
        Index(None, "paid_at"),
    )

    payment: Mapped[int] = mapped_column(
        ForeignKey("payments.number"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    agreement: Mapped[str] = mapped_column(String(42), ForeignKey("agreements.address"))
    milestone: Mapped[int | None]
    token: Mapped[str] = mapped_column(String(42), ForeignKey("tokens.address"))
    part: Mapped[str] = mapped_column(String(20))
    term: Mapped[int | None] = mapped_column(Integer)
    recipient: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    account: Mapped[str | None] = mapped_column(String(42))
    amount: Mapped[int] = mapped_column(Money())
    status: Mapped[str] = mapped_column(String(12))
    claimed: Mapped[bool] = mapped_column(default=False)
    paid_at: Mapped[int | None]


class Claim(Provenance, Base, kw_only=True):
    """What a payee can pull for a milestone, `NO_MILESTONE` for what belongs to none.

    `owed` is what waits now, `paid` what was pulled so far; `since` is when the first of what waits
    was owed, or last was.
    """

    __tablename__ = "claims"
    __table_args__ = (Index(None, "payee"),)

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    milestone: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payee: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"), primary_key=True)
    owed: Mapped[int] = mapped_column(Money(), default=0)
    paid: Mapped[int] = mapped_column(Money(), default=0)
    since: Mapped[int]
    paid_at: Mapped[int | None] = mapped_column(default=None)


class InterestPayment(Base, kw_only=True):
    """Interest that the treasury paid straight to the supplier, beside the agreement's money."""

    __tablename__ = "interest_payments"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    made_block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_log_index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    made_transaction: Mapped[str] = mapped_column(String(66))
    by: Mapped[str] = mapped_column(String(66))
    account: Mapped[str] = mapped_column(String(42))
    amount: Mapped[int] = mapped_column(Money())
    paid_at: Mapped[int]
