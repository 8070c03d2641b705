"""How agreements end: notices of default, and the final account."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Made, Provenance
from backend.db.types import Money


class DefaultNotice(Provenance, Base, kw_only=True):
    """A notice of default; `number` counts those of an agreement, from 1."""

    __tablename__ = "default_notices"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    noticed_at: Mapped[int]
    curable_until: Mapped[int]
    reason: Mapped[str] = mapped_column(String(66))
    document: Mapped[str | None] = mapped_column(String(66))
    cured_at: Mapped[int | None] = mapped_column(default=None)
    cure_reason: Mapped[str | None] = mapped_column(String(66), default=None)
    cure_document: Mapped[str | None] = mapped_column(String(66), default=None)


class FinalAccount(Made, Base, kw_only=True):
    """What an agreement came to when it was closed; see the struct of the same name."""

    __tablename__ = "final_accounts"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    drawn_at: Mapped[int]
    accepted: Mapped[int] = mapped_column(Money())
    cancelled: Mapped[int] = mapped_column(Money())
    retention_released: Mapped[int] = mapped_column(Money())
    retention_kept: Mapped[int] = mapped_column(Money())
    damages: Mapped[int] = mapped_column(Money())
    advance_unrecovered: Mapped[int] = mapped_column(Money())
    damages_unrecovered: Mapped[int] = mapped_column(Money())
    refunded: Mapped[int] = mapped_column(Money())
    released: Mapped[int] = mapped_column(Money())
    interest_owed: Mapped[int] = mapped_column(Money())
