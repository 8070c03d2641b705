"""Amendments, proposed and signed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance
from backend.db.types import Money


class Amendment(Provenance, Base, kw_only=True):
    """A change of an agreement; `number` counts proposals, from 1.

    `status` is "proposed", "signed" or "replaced" (by a later proposal). `ends_at` is the new end
    of the work, None where it stays; `milestones` is how many are added.
    """

    __tablename__ = "amendments"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(12), default="proposed")
    increase: Mapped[int] = mapped_column(Money())
    ends_at: Mapped[int | None]
    milestones: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(66))
    document: Mapped[str | None] = mapped_column(String(66))
    proposed_by: Mapped[str] = mapped_column(String(66))
    proposed_at: Mapped[int]
    signed_by: Mapped[str | None] = mapped_column(String(66), default=None)
    signed_at: Mapped[int | None] = mapped_column(default=None)
    previous_value: Mapped[int | None] = mapped_column(Money(), default=None)
    value: Mapped[int | None] = mapped_column(Money(), default=None)
