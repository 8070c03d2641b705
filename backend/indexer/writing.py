"""Stores batches, each in one transaction, while the next one is being folded."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from backend.chain.deployment import Deployment
from backend.chain.logs import Header
from backend.core import metrics
from backend.db import bulk
from backend.db.models import Block, Cursor
from backend.db.session import Database
from backend.indexer.ahead import Ahead
from backend.indexer.position import Position, forget_settled, move, position_of
from backend.projections.rows import Changes


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be stored: `start` is where the index must stand before it, None at the start.

    `last` is the block where the index stands afterwards, `blocks` are rows of the table of that
    name, `events` is how many there are. Blocks up to `final` are final, those up to `settled`
    cannot be taken back.
    """

    last: Header
    blocks: list[tuple[Any, ...]]
    events: int
    changes: Changes
    start: Position | None
    final: int
    settled: int


class Writer:
    """One batch at a time, in order. `events` counts what is stored."""

    def __init__(self, database: Database, deployment: Deployment) -> None:
        self.events = 0
        self._database = database
        self._deployment = deployment
        self._under_way: Ahead[bool] | None = None
        self._never = threading.Event()

    def put(self, writing: Writing) -> bool:
        """Begin to store a batch once the one before is stored; see `settle`."""
        if not self.settle():
            return False
        self._under_way = Ahead(lambda: self._store(writing))
        return True

    def has_stored(self) -> bool:
        """Whether all that was put is stored already."""
        return self._under_way is None or bool(self._under_way.so_far())

    def settle(self) -> bool:
        """Wait until all is stored; False where somebody else has moved the index meanwhile.

        Raises what storing raised.
        """
        under_way, self._under_way = self._under_way, None
        return under_way is None or bool(under_way.result(self._never))

    def _store(self, writing: Writing) -> bool:
        with self._database.transaction() as session:
            cursor = session.get(Cursor, 1)
            if position_of(cursor) != writing.start:
                return False
            connection = session.connection()
            writing.changes.write(connection)
            bulk.insert(connection, _BLOCKS, writing.blocks)
            move(session, cursor, self._deployment, writing.last, writing.final)
            forget_settled(session, writing.settled)
        self.events += writing.events
        metrics.committed(writing.events)
        return True


_BLOCKS: Table = Block.__table__  # type: ignore[assignment]
