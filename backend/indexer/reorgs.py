"""Blocks that the chain gave up: where it left the index's way, and how the rows follow it back."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from backend.chain.rpc import Rpc
from backend.db import bulk
from backend.db.base import Base
from backend.db.models import (
    Batch,
    Block,
    Cursor,
    Document,
    EventRow,
    Reorganization,
    Retraction,
    Undo,
)
from backend.indexer.errors import IndexMismatchError, NodeBehindError
from backend.indexer.scanner import Scanner
from backend.projections.documents import describe_again, note_changes


def find_fork(session: Session, scanner: Scanner, rpc: Rpc, head: int) -> Batch:
    """The last of the index's blocks that the node, whose head is block `head`, has as well.

    Raises `IndexMismatchError` where the chain has another block instead of one that was final, or
    further back than can be undone; `NodeBehindError` where the node merely lacks blocks.
    """
    batches = session.scalars(select(Batch).order_by(Batch.block.desc())).all()
    found = scanner.hashes(rpc, [batch.block for batch in batches])
    for batch, block_hash in zip(batches, found, strict=True):
        if batch.block_hash == block_hash:
            return batch
        if block_hash is None and batch.block <= head:
            raise NodeBehindError(
                f"The node has no block {batch.block}, below its own head {head}: it keeps no old "
                "blocks, or lags."
            )
    oldest, there = batches[-1], found[-1]
    seen = f"The index has seen block {oldest.block} as {oldest.block_hash}"
    why = "was final, or is too far back to be undone"
    if there is None:
        raise NodeBehindError(
            f"{seen}, which {why}, and the node has no block above {head}. It lags, or its chain "
            "was replaced: then run `termin index --rebuild`."
        )
    raise IndexMismatchError(f"{seen}, the node has {there}: that block {why}.")


def take_back(session: Session, cursor: Cursor, fork: Batch) -> None:
    """Bring all rows to what they were at block `fork`, and publish what is retracted."""
    _retract(session, cursor, fork)
    before = _before(session, fork.block)
    restored = _restore(session, before)
    # Should the chain come back to them, they may have been brought or removed meanwhile.
    note_changes(session, _unnamed(before))
    for model, column in ((EventRow, EventRow.block), (Block, Block.number), (Undo, Undo.block)):
        session.execute(delete(model).where(column > fork.block))
    session.execute(delete(Batch).where(Batch.block > fork.block))
    for table, keys in restored.items():
        describe_again(session, table, keys)
    cursor.block = fork.block
    cursor.block_hash = fork.block_hash
    cursor.block_timestamp = fork.block_timestamp
    cursor.final_block = min(cursor.final_block, fork.block)
    session.flush()


def _retract(session: Session, cursor: Cursor, fork: Batch) -> None:
    number = (session.scalar(select(func.max(Reorganization.number))) or 0) + 1
    session.add(
        Reorganization(
            number=number,
            fork_block=fork.block,
            fork_hash=fork.block_hash,
            block=cursor.block,
            block_hash=cursor.block_hash,
            noticed_at=int(time.time()),
        )
    )
    session.flush()
    names = [column.name for column in _table(EventRow).columns]
    gone = select(literal(number), *(getattr(EventRow, name) for name in names))
    session.execute(
        insert(Retraction).from_select(
            ["reorganization", *names], gone.where(EventRow.block > fork.block)
        )
    )


def _before(session: Session, block: int) -> dict[str, dict[str, list[Any] | None]]:
    """Table → key → what the row was before all that came after `block`; None: it was not."""
    found: dict[str, dict[str, list[Any] | None]] = defaultdict(dict)
    order = (Undo.block.desc(), Undo.position.desc())
    for row in session.scalars(select(Undo).where(Undo.block > block).order_by(*order)):
        # The oldest counts; and what came last goes first, as nothing may refer to what is gone.
        found[row.table].pop(row.key, None)
        found[row.table][row.key] = json.loads(row.before) if row.before else None
    return found


def _unnamed(before: dict[str, dict[str, list[Any] | None]]) -> list[str]:
    """The documents that the chain does not name any more."""
    documents = before.get(Document.__tablename__, {})
    return [json.loads(key)[0] for key, row in documents.items() if row is None]


def _restore(
    session: Session, before: dict[str, dict[str, list[Any] | None]]
) -> dict[str, list[list[Any]]]:
    """Write the rows back; returns the keys of those that stay, by table."""
    connection = session.connection()
    tables = [table for table in Base.metadata.sorted_tables if table.name in before]
    for table in reversed(tables):
        gone = [json.loads(key) for key, row in before[table.name].items() if row is None]
        bulk.delete(connection, table, gone)
    stay = {}
    for table in tables:
        rows = {key: row for key, row in before[table.name].items() if row is not None}
        keys = [json.loads(key) for key in rows]
        earlier = sorted(rows.values(), key=itemgetter(*_key_places(table)))
        now = sorted(bulk.fetch(connection, table, keys), key=itemgetter(*_key_places(table)))
        bulk.update(connection, table, list(zip(now, earlier, strict=True)))
        stay[table.name] = keys
    return stay


def _key_places(table: Table) -> list[int]:
    return [list(table.columns).index(column) for column in table.primary_key]


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
