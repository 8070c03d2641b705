"""The read model as it stood at an earlier block, made anew from the index's own events."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from backend.chain.decoding import decode
from backend.chain.events import Event, Origin
from backend.core.documents import DocumentStore
from backend.db import bulk
from backend.db.base import Base
from backend.db.models import Block, Cursor, EventRow
from backend.db.session import Database
from backend.projections.cache import Cache
from backend.projections.documents import refresh_documents
from backend.projections.registry import project
from backend.projections.rows import Rows

EVENTS_AT_A_TIME = 2_000

_BLOCKS: Table = Block.__table__  # type: ignore[assignment]
_ORIGIN = (
    EventRow.block,
    EventRow.block_hash,
    EventRow.block_timestamp,
    EventRow.transaction,
    EventRow.transaction_index,
    EventRow.log_index,
    EventRow.address,
    EventRow.topics,
    EventRow.data,
)
"""The columns in the order of the fields of `Origin`."""


def count_events(source: Session, block: int, limit: int) -> int:
    """How many events there are up to a block; at most `limit` are counted."""
    some = select(EventRow.block).where(EventRow.block <= block).limit(limit)
    return source.scalar(select(func.count()).select_from(some.subquery())) or 0


def replay(source: Session, target: Database, store: DocumentStore, block: int) -> None:
    """Fill `target`, an empty database, with what the events of `source` up to `block` lead to.

    It gets no cursor: see `stand`.
    """
    # It lives for a while only: no later version will ever have to bring it forward.
    Base.metadata.create_all(target.engine)
    cache = Cache(empty=True)
    for events in _batches(source, block):
        with target.reading() as session:
            rows = Rows(session, store, cache)
            project(rows, events)
            changes = rows.changes()
        with target.transaction() as session:
            changes.write(session.connection())
    blocks = select(*_BLOCKS.columns).where(Block.number <= block)
    with target.transaction() as session:
        for some in source.execute(blocks).partitions(EVENTS_AT_A_TIME):
            bulk.insert(session.connection(), _BLOCKS, [tuple(row) for row in some])


def stand(target: Database, store: DocumentStore, cursor: Cursor) -> None:
    """Let `target` stand where a cursor says, with the documents that there are now."""
    with target.transaction() as session:
        session.merge(cursor)
        session.flush()
        refresh_documents(session, store)


def _batches(source: Session, block: int) -> Iterator[list[Event]]:
    """The events in their order, some thousand at a time; those of a block stay together."""
    order = (EventRow.block, EventRow.log_index)
    statement = select(EventRow.contract, *_ORIGIN).where(EventRow.block <= block).order_by(*order)
    batch: list[Event] = []
    options = {"yield_per": EVENTS_AT_A_TIME}
    for contract, *values in source.execute(statement, execution_options=options):
        origin = Origin(*values)
        if len(batch) >= EVENTS_AT_A_TIME and batch[-1].origin.block != origin.block:
            yield batch
            batch = []
        if (event := decode(contract, origin)) is not None:
            batch.append(event)
    if batch:
        yield batch
