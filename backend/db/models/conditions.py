"""The conditions of agreements, fixed at signature."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Made
from backend.db.types import Money


class Conditions(Made, Base, kw_only=True):
    """Rates in basis points, but `damages_rate` and `interest_rate`: millionths a day.

    Zero switches a rule off. Days are calendar days, but `review_days`: working days.
    """

    __tablename__ = "conditions"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    advance_rate: Mapped[int] = mapped_column(Integer)
    recovery_rate: Mapped[int] = mapped_column(Integer)
    retention_rate: Mapped[int] = mapped_column(Integer)
    security_rate: Mapped[int] = mapped_column(Integer)
    damages_rate: Mapped[int]
    damages_cap: Mapped[int] = mapped_column(Integer)
    interest_rate: Mapped[int]
    amendment_cap: Mapped[int] = mapped_column(Integer)
    default_share: Mapped[int] = mapped_column(Integer)
    review_days: Mapped[int] = mapped_column(Integer)
    payment_days: Mapped[int] = mapped_column(Integer)
    dispute_days: Mapped[int] = mapped_column(Integer)
    ruling_days: Mapped[int] = mapped_column(Integer)
    hold_days: Mapped[int] = mapped_column(Integer)
    suspension_days: Mapped[int] = mapped_column(Integer)
    cure_days: Mapped[int] = mapped_column(Integer)
    defects_days: Mapped[int] = mapped_column(Integer)
    lapse_days: Mapped[int] = mapped_column(Integer)
    taxes: Mapped[int] = mapped_column(Integer)
    direct_payments: Mapped[int] = mapped_column(Integer)


class Tax(Made, Base, kw_only=True):
    """A tax of numerator / denominator of its base, "gross" or "received".

    `position` is its place in the agreement's table, from 0: the order in which taxes are withheld.
    """

    __tablename__ = "taxes"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recipient: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    numerator: Mapped[int] = mapped_column(Integer)
    denominator: Mapped[int] = mapped_column(Integer)
    base: Mapped[str] = mapped_column(String(12))


class DirectPayment(Made, Base, kw_only=True):
    """What a milestone pays straight to a subcontractor, and what of it went out or is owed.

    `position` is its place in the agreement's table, from 0.
    """

    __tablename__ = "direct_payments"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    milestone: Mapped[int]
    recipient: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    amount: Mapped[int] = mapped_column(Money())
    paid: Mapped[int] = mapped_column(Money(), default=0)
