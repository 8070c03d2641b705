"""Appropriation lines of fiscal years."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance
from backend.db.types import Money


class BudgetLine(Provenance, Base, kw_only=True):
    """What a buyer may commit in one year, in minor units of the token's currency.

    The token need not be admitted: a line can be opened before its currency is.
    """

    __tablename__ = "budget_lines"
    __table_args__ = (
        Index(None, "buyer"),
        Index(None, "token"),
        Index(None, "made_block", "number"),
        Index(None, "fiscal_year", "number"),
        Index(None, "appropriated", "number"),
        Index(None, "committed", "number"),
    )

    id: Mapped[str] = mapped_column(String(66), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    buyer: Mapped[str] = mapped_column(String(66), ForeignKey("participants.id"))
    token: Mapped[str] = mapped_column(String(42))
    fiscal_year: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(Text)
    appropriated: Mapped[int] = mapped_column(Money())
    committed: Mapped[int] = mapped_column(Money(), default=0)
    document: Mapped[str | None] = mapped_column(String(66))
