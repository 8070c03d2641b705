"""What a read model hands down to the one that takes its place: what no chain can tell again.

That is which reorganisations were seen, and which events were published that are no more. Whoever
follows the index by its changes sees the change of place as one more reorganisation, if anything
that was published is another one now, and as nothing at all otherwise.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Table,
    and_,
    column,
    delete,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
    union,
    update,
)

from backend.db.models import Batch, Block, Cursor, EventRow, Reorganization, Retraction

GENESIS = 0


class AheadError(Exception):
    """The first one has blocks that the second does not have yet; it stands at `block`."""

    def __init__(self, block: int, block_hash: str) -> None:
        super().__init__(f"the one that is served stands at block {block} {block_hash}")
        self.block, self.block_hash = block, block_hash


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both read models: tables of the first, which may be of another version, and the second's."""

    connection: Connection
    schema: str

    def old(self, model: Any) -> FromClause:
        """A table of the first, with those columns that both have."""
        there = {each["name"] for each in self._columns(model)}
        names = [each.name for each in _table(model).columns if each.name in there]
        return table(model.__tablename__, *map(column, names)).alias(f"old_{model.__tablename__}")

    def tells(self, model: Any, *names: str) -> bool:
        """Whether the first has these columns."""
        return set(names) <= {each["name"] for each in self._columns(model)}

    def new(self, model: Any) -> Any:
        """A table of the second."""
        names = [each.name for each in _table(model).columns]
        return table(model.__tablename__, *map(column, names), schema=self.schema)

    def _columns(self, model: Any) -> list[Any]:
        found = inspect(self.connection)
        there = found.has_table(model.__tablename__)
        return list(found.get_columns(model.__tablename__)) if there else []


def hand_down(connection: Connection, schema: str, gone: str | None) -> int:
    """Give the second one, in `schema`, what the first has seen, and what thereby is retracted.

    Returns how many blocks that takes back. Raises `AheadError` where the first stands at a later
    block than the second; unless that is the block of hash `gone`, which the chain gave up.
    """
    pair = _Pair(connection, schema)
    _require_level(pair, gone)
    # What the second one saw itself while it was made, nobody was ever shown.
    for model in (Retraction, Reorganization):
        connection.execute(delete(pair.new(model)))
    for model in (Reorganization, Retraction):
        if pair.tells(model, "block_hash"):
            _copy(pair, model)
    _outdate(pair)
    return _retract(pair) if _can_compare(pair) else 0


def _can_compare(pair: _Pair) -> bool:
    """Versions from before events were kept as they are logged tell too little."""
    whole = [each.name for each in _table(EventRow).columns if not each.nullable]
    return (
        pair.tells(Cursor, "block", "block_hash", "genesis_hash")
        and pair.tells(EventRow, *whole)
        and pair.tells(Block, "number", "hash")
        and pair.tells(Batch, "block", "block_hash")
    )


def _require_level(pair: _Pair, gone: str | None) -> None:
    if not pair.tells(Cursor, "block", "block_hash"):
        return
    old, new = pair.old(Cursor), pair.new(Cursor)
    stands = pair.connection.execute(select(old.c.block, old.c.block_hash)).one_or_none()
    reached = pair.connection.scalar(select(new.c.block)) or -1
    if stands is not None and stands.block > reached and stands.block_hash != gone:
        raise AheadError(stands.block, stands.block_hash)


def _copy(pair: _Pair, model: Any) -> None:
    # A column that one of these tables gets later needs a default in the database.
    old = pair.old(model)
    names = [each.name for each in old.c]
    pair.connection.execute(insert(pair.new(model)).from_select(names, select(old)))


def _outdate(pair: _Pair) -> None:
    """Let nothing that is kept of the first fit the second: not even of the same block, where
    other documents or other rows may have been. By these numbers caches, files and readers go."""
    old, new = pair.old(Cursor), pair.new(Cursor)
    last = 0
    if pair.tells(Cursor, "documents_revision"):
        last = pair.connection.scalar(select(old.c.documents_revision)) or 0
    own = pair.connection.scalar(select(new.c.documents_revision)) or 0
    pair.connection.execute(update(new).values(documents_revision=max(last, own) + 1))


def _retract(pair: _Pair) -> int:
    """Publish as a reorganisation what the first had and the second has not, or has elsewhere."""
    first = _first_difference(pair)
    if first is None:
        return 0
    connection, cursor = pair.connection, pair.old(Cursor)
    stands = connection.execute(select(cursor)).one()
    fork, fork_hash = _last_in_common(pair, first) or (GENESIS, stands.genesis_hash)
    new = pair.new(Reorganization)
    number = (connection.scalar(select(func.max(new.c.number))) or 0) + 1
    connection.execute(
        insert(new).values(
            number=number,
            fork_block=fork,
            fork_hash=fork_hash,
            block=stands.block,
            block_hash=stands.block_hash,
            noticed_at=int(time.time()),
        )
    )
    events = pair.old(EventRow)
    names = [each.name for each in events.c]
    lost = select(literal(number), events).where(events.c.block > fork)
    connection.execute(insert(pair.new(Retraction)).from_select(["reorganization", *names], lost))
    return int(stands.block - fork)


def _first_difference(pair: _Pair) -> int | None:
    """The first block up to the first one's cursor in which not both have the same events."""
    old, new, cursor = pair.old(EventRow), pair.new(EventRow), pair.old(Cursor)
    same = and_(
        old.c.block == new.c.block,
        old.c.log_index == new.c.log_index,
        old.c.block_hash == new.c.block_hash,
    )
    lost = select(func.min(old.c.block)).select_from(old.outerjoin(new, same))
    added = select(func.min(new.c.block)).select_from(new.outerjoin(old, same))
    reached = select(cursor.c.block).scalar_subquery()
    found = [
        pair.connection.scalar(lost.where(new.c.block.is_(None))),
        pair.connection.scalar(added.where(old.c.block.is_(None), new.c.block <= reached)),
    ]
    return min((each for each in found if each is not None), default=None)


def _last_in_common(pair: _Pair, before: int) -> tuple[int, str] | None:
    """Number and hash of the last block before another that both are known to have."""

    def known(blocks: Any, batches: Any) -> Any:
        return union(
            select(blocks.c.number, blocks.c.hash).where(blocks.c.number < before),
            select(batches.c.block, batches.c.block_hash).where(batches.c.block < before),
        ).subquery()

    here = known(pair.old(Block), pair.old(Batch))
    there = known(pair.new(Block), pair.new(Batch))
    same = and_(here.c.number == there.c.number, here.c.hash == there.c.hash)
    found = select(here.c.number, here.c.hash).join(there, same).order_by(here.c.number.desc())
    row = pair.connection.execute(found.limit(1)).one_or_none()
    return (row.number, row.hash) if row else None


def _table(model: Any) -> Table:
    found: Table = model.__table__
    return found
