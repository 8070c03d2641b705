"""The history: every event of the contracts, in order."""

from __future__ import annotations

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base


class EventRow(Base, kw_only=True):
    """One event. `arguments` is canonical JSON by the names of the ABI, integers as strings.

    `agreement`, `milestone` and `participant` say what the event is about, where it is about one.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "agreement", "block", "log_index"),
        Index(None, "participant", "block", "log_index"),
    )

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log_index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    block_hash: Mapped[str] = mapped_column(String(66))
    block_timestamp: Mapped[int]
    transaction: Mapped[str] = mapped_column(String(66))
    transaction_index: Mapped[int] = mapped_column(Integer)
    address: Mapped[str] = mapped_column(String(42))
    contract: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[str] = mapped_column(Text)
    agreement: Mapped[str | None] = mapped_column(String(42))
    milestone: Mapped[int | None]
    participant: Mapped[str | None] = mapped_column(String(66))
