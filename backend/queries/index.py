"""How far the index is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Batch, Cursor
from backend.queries.errors import IndexEmptyError
from backend.queries.values import when


@dataclass(frozen=True, slots=True)
class IndexState:
    """The last block whose events are in the tables, and what else decides what is served.

    `time` is the time of that block, and `age` the seconds from then to the moment of the question,
    0 where the chain's clock is ahead or nobody asks; `final_block` is the last one that the chain
    will not give up any more; `documents_revision` counts documents that came or went, and indexes
    that took the place of another.
    """

    chain_id: int
    genesis_hash: str
    factory: str
    block: int
    block_hash: str
    time: datetime
    age: int
    final_block: int
    projection_version: int
    documents_revision: int

    def at(self, now: datetime) -> IndexState:
        """The same, with its age at a moment."""
        return replace(self, age=max(0, int((now - self.time).total_seconds())))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the index stands on the chain; `settled` and its hash are the last block that it cannot
    take back any more."""

    state: IndexState
    settled: int | None
    settled_hash: str | None

    @property
    def blocks(self) -> list[int]:
        """The blocks that the chain must have as the index has them."""
        found = [self.state.block]
        if self.settled is not None and self.settled != self.state.block:
            found.append(self.settled)
        return found


def index_state(session: Session, now: datetime | None = None) -> IndexState:
    """Where the index stands; raises `IndexEmptyError`."""
    state = state_of(session.get(Cursor, 1))
    return state.at(now) if now else state


def state_of(row: Cursor | None) -> IndexState:
    """Where the index stands by its cursor; raises `IndexEmptyError` if there is none."""
    if row is None:
        raise IndexEmptyError("No block has been indexed yet. Run `termin index` first.")
    return IndexState(
        chain_id=row.chain_id,
        genesis_hash=row.genesis_hash,
        factory=row.factory,
        block=row.block,
        block_hash=row.block_hash,
        time=when(row.block_timestamp),
        age=0,
        final_block=row.final_block,
        projection_version=row.projection_version,
        documents_revision=row.documents_revision,
    )


def final_block(session: Session) -> int:
    """The last block that the chain will not give up any more; -1 while nothing is indexed."""
    row = session.get(Cursor, 1)
    return row.final_block if row else -1


def place_of(session: Session, now: datetime) -> Place:
    """Where the index stands, and what of it is settled; raises `IndexEmptyError`."""
    oldest = session.scalar(select(Batch).order_by(Batch.block).limit(1))
    settled = (oldest.block, oldest.block_hash) if oldest else (None, None)
    return Place(index_state(session, now), *settled)
