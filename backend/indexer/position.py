"""Where an index stands, and how sure it is of its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.chain.deployment import Deployment
from backend.chain.headers import Header
from backend.db.models import Batch, Cursor, Undo
from backend.indexer.scanner import Tip
from backend.projections import PROJECTION_VERSION

REORG_BLOCKS = 256
BEHIND_SECONDS = 10.0
AGREE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Policy:
    """What is believed of a chain.

    `confirmations` are the blocks on top of one after which it is final; None: the node says which
    are. What is not final can be taken back as far as `reorg_blocks` below the index's head.
    A chain whose head is below that is waited for during `behind_seconds` before it is believed;
    nodes that differ in blocks that are not final have `agree_seconds` to agree.
    """

    confirmations: int | None = None
    reorg_blocks: int = REORG_BLOCKS
    behind_seconds: float = BEHIND_SECONDS
    agree_seconds: float = AGREE_SECONDS

    def final(self, tip: Tip) -> int:
        """The last block that the chain will not give up any more."""
        if self.confirmations is not None:
            return tip.head.number - self.confirmations
        return tip.final if tip.final is not None else tip.head.number - self.reorg_blocks

    def settled(self, tip: Tip) -> int:
        """The last block that cannot be taken back any more."""
        return max(self.final(tip), tip.head.number - self.reorg_blocks)


@dataclass(frozen=True, slots=True)
class Position:
    """The cursor, as far as what is in memory depends on it."""

    block: int
    hash: str
    documents_revision: int


def position_of(cursor: Cursor | None) -> Position | None:
    """Where the cursor stands; None before the first block."""
    if cursor is None:
        return None
    return Position(cursor.block, cursor.block_hash, cursor.documents_revision)


def block_row(header: Header, logs: int) -> tuple[Any, ...]:
    """The row of a block that holds `logs` logs, in the order of the columns."""
    return (
        header.number,
        header.hash,
        header.parent_hash,
        header.receipts_root,
        header.timestamp,
        logs,
    )


def move(
    session: Session,
    cursor: Cursor | None,
    deployment: Deployment,
    points: Sequence[Header],
    final: int,
) -> None:
    """Let the index stand at the last of `points`, all of which it can go back to.

    Those up to `final` are final.
    """
    last = points[-1]
    if cursor is None:
        cursor = Cursor(
            chain_id=deployment.chain_id,
            genesis_hash=deployment.genesis_hash,
            factory=deployment.factory,
            block=last.number,
            block_hash=last.hash,
            block_timestamp=last.timestamp,
            final_block=0,
            projection_version=PROJECTION_VERSION,
        )
        session.add(cursor)
    cursor.block = last.number
    cursor.block_hash = last.hash
    cursor.block_timestamp = last.timestamp
    cursor.final_block = max(0, min(final, last.number))
    session.add_all(
        Batch(block=each.number, block_hash=each.hash, block_timestamp=each.timestamp)
        for each in points
    )
    session.flush()


def forget_settled(session: Session, settled: int) -> None:
    """Give up what is needed to take blocks back that need not be taken back any more."""
    oldest = session.scalar(select(func.max(Batch.block)).where(Batch.block <= settled))
    if oldest is not None:
        session.execute(delete(Batch).where(Batch.block < oldest))
        session.execute(delete(Undo).where(Undo.block <= oldest))
