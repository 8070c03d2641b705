"""How far the index has come, and on which chain."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base


class Cursor(Base, kw_only=True):
    """One row. `block` is the last block whose events are all in the tables.

    `final_block` is the last one that the chain will not give up any more, as far as is known.
    `documents_revision` counts the documents that came or went, and the indexes that took another's
    place: they change what is served while the chain stands still.
    """

    __tablename__ = "cursor"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, default=1)
    chain_id: Mapped[int]
    genesis_hash: Mapped[str] = mapped_column(String(66))
    factory: Mapped[str] = mapped_column(String(42))
    block: Mapped[int]
    block_hash: Mapped[str] = mapped_column(String(66))
    block_timestamp: Mapped[int]
    final_block: Mapped[int]
    projection_version: Mapped[int] = mapped_column(Integer)
    documents_revision: Mapped[int] = mapped_column(default=0)
