"""Guarantees of banks and sureties."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance
from backend.db.types import Money


class Guarantee(Provenance, Base, kw_only=True):
    """A guarantee as recorded; `number` counts those of an agreement, from 1.

    `kind` is "performance", "advance" or "retention". `replaced_at` is when a later one of its kind
    took its place; `called` is what the guarantor was called upon to pay.
    """

    __tablename__ = "guarantees"

    agreement: Mapped[str] = mapped_column(
        String(42), ForeignKey("agreements.address"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    amount: Mapped[int] = mapped_column(Money())
    expires_at: Mapped[int]
    document: Mapped[str | None] = mapped_column(String(66))
    recorded_at: Mapped[int]
    replaced_at: Mapped[int | None] = mapped_column(default=None)
    called_at: Mapped[int | None] = mapped_column(default=None)
    called: Mapped[int | None] = mapped_column(Money(), default=None)
    call_reason: Mapped[str | None] = mapped_column(String(66), default=None)
