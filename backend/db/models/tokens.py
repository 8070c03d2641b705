"""Settlement tokens, and so currencies."""

from __future__ import annotations

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, Provenance
from backend.db.types import Money


class Token(Provenance, Base, kw_only=True):
    """The token of one currency; `issued` and `redeemed` count from its admission on.

    Codes that differ on the chain may be one text here: `currency` is as long as any, and not
    unique.
    """

    __tablename__ = "tokens"

    address: Mapped[str] = mapped_column(String(42), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    currency: Mapped[str] = mapped_column(String)
    decimals: Mapped[int] = mapped_column(Integer)
    # What was redeemed may be issued again: sums of fewer than 2**64 amounts below 2**256.
    issued: Mapped[int] = mapped_column(Money(320), default=0)
    redeemed: Mapped[int] = mapped_column(Money(320), default=0)
