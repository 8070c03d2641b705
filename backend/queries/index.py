"""How far the index is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.db.models import Cursor
from backend.queries.errors import IndexEmptyError
from backend.queries.values import when


@dataclass(frozen=True, slots=True)
class IndexState:
    """The last block whose events are in the tables, and what else decides what is served.

    `time` is the time of that block; `documents_revision` counts documents that came or went.
    """

    chain_id: int
    genesis_hash: str
    factory: str
    block: int
    block_hash: str
    time: datetime
    projection_version: int
    documents_revision: int


def index_state(session: Session) -> IndexState:
    """Where the index stands; raises `IndexEmptyError`."""
    return state_of(session.get(Cursor, 1))


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
        projection_version=row.projection_version,
        documents_revision=row.documents_revision,
    )
