"""Blocks that hold events, and what is needed to take blocks back."""

from __future__ import annotations

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base


class Block(Base, kw_only=True):
    """Header of a block that holds events; `logs` counts all its logs, of whatever contract."""

    __tablename__ = "blocks"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(66))
    parent_hash: Mapped[str] = mapped_column(String(66))
    receipts_root: Mapped[str] = mapped_column(String(66))
    timestamp: Mapped[int]
    logs: Mapped[int] = mapped_column(Integer)


class Batch(Base, kw_only=True):
    """A block that the index can go back to, which takes back all that follow.

    The first row is the last block that cannot be taken back any more.
    """

    __tablename__ = "batches"

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    block_hash: Mapped[str] = mapped_column(String(66))
    block_timestamp: Mapped[int]


class Undo(Base, kw_only=True):
    """What a row was before a block; `before` is None where the block made it.

    `key` is the primary key and `before` the values in the order of the columns, as JSON arrays.
    """

    __tablename__ = "undo"

    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    table: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)


class Reorganization(Base, kw_only=True):
    """The chain gave up the blocks from `fork_block` + 1 to `block`; `number` counts from 1.

    `fork_hash` is of the last block that stayed, `block_hash` of the last that went;
    `noticed_at` is Unix seconds of this machine's clock.
    """

    __tablename__ = "reorganizations"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fork_block: Mapped[int]
    fork_hash: Mapped[str] = mapped_column(String(66))
    block: Mapped[int]
    block_hash: Mapped[str] = mapped_column(String(66))
    noticed_at: Mapped[int]
