"""The history: every event of the contracts, in order."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from backend.db.base import Base, only_where


class _Logged(MappedAsDataclass, kw_only=True):
    """A log as it stands on the chain, and what it is about.

    `topics` are the topics one after the other, 32 bytes each. `agreement`, `milestone` and
    `participant` say what the event is about, where it is about one.
    """

    block_hash: Mapped[str] = mapped_column(String(66))
    block_timestamp: Mapped[int]
    transaction: Mapped[str] = mapped_column(String(66))
    transaction_index: Mapped[int] = mapped_column(Integer)
    address: Mapped[str] = mapped_column(String(42))
    contract: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    topics: Mapped[bytes] = mapped_column(LargeBinary)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    agreement: Mapped[str | None] = mapped_column(String(42))
    milestone: Mapped[int | None]
    participant: Mapped[str | None] = mapped_column(String(66))


class EventRow(_Logged, Base, kw_only=True):
    """One event of the contracts."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "agreement", "block", "log_index"),
        Index(None, "participant", "block", "log_index", **only_where("participant IS NOT NULL")),
    )

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log_index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class Retraction(_Logged, Base, kw_only=True):
    """An event that was published, and that the chain gave up in a reorganisation."""

    __tablename__ = "retractions"

    reorganization: Mapped[int] = mapped_column(
        Integer, ForeignKey("reorganizations.number"), primary_key=True, autoincrement=False
    )
    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log_index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
