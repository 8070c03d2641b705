"""Stores batches, each in one transaction, while they and the next one are being folded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Full, Queue
from typing import Any

from sqlalchemy import Table

from backend.chain.deployment import Deployment
from backend.chain.headers import Header
from backend.core import metrics
from backend.db import bulk
from backend.db.models import Block, Cursor
from backend.db.session import Database
from backend.indexer.ahead import Ahead
from backend.indexer.position import Position, forget_settled, move, position_of
from backend.projections.rows import Changes, History

PARTS_WAITING = 2
"""How many ranges' history waits for the database before folding does."""

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Writing:
    """What ends a transaction, with all that is left to be stored in it.

    `points` are the blocks that the index can go back to afterwards, the last of which is where it
    stands; `blocks` are rows of the table of that name, `events` is how many there are. Blocks up
    to `final` are final, those up to `settled` cannot be taken back.
    """

    points: list[Header]
    blocks: list[tuple[Any, ...]]
    events: int
    changes: Changes
    final: int
    settled: int


class Writer:
    """One batch at a time, in order. `events` counts what is stored."""

    def __init__(self, database: Database, deployment: Deployment) -> None:
        self.events = 0
        self._database = database
        self._deployment = deployment
        self._begun: _Transaction | None = None
        self._put: _Transaction | None = None

    def add(self, start: Position | None, history: History) -> bool:
        """Store history of the batch that is to be put next, which begins at `start`.

        That is where the index must stand, None before the first block: False where somebody else
        has moved it meanwhile. Raises what storing raised.
        """
        return self._of(start).give(history)

    def put(self, start: Position | None, writing: Writing) -> bool:
        """End a batch so, once the one before is stored; as `add`, and see `settle`."""
        begun = self._of(start)
        if self._put is not None and not self._put.result():
            return False
        self._begun, self._put = None, begun
        return begun.give(writing)

    def has_stored(self) -> bool:
        """Whether all that was put is stored already."""
        return self._put is None or self._put.has_stored()

    def settle(self) -> bool:
        """Wait until all that was put is stored, and give up what was only begun.

        False where somebody else has moved the index meanwhile; raises what storing raised.
        """
        begun, self._begun = self._begun, None
        put, self._put = self._put, None
        if begun is not None:
            begun.give_up()
        return put is None or put.result()

    def _of(self, start: Position | None) -> _Transaction:
        if self._begun is None:
            before = self._put
            self._begun = _Transaction(lambda parts: self._store(start, before, parts))
        return self._begun

    def _store(
        self, start: Position | None, before: _Transaction | None, parts: Queue[_Part]
    ) -> bool:
        if before is not None and not before.result():
            return False
        with self._database.transaction() as session:
            cursor = session.get(Cursor, 1)
            if position_of(cursor) != start:
                return False
            connection = session.connection()
            while isinstance(part := parts.get(), dict):
                for table in list(part):
                    # The next part may take its time, and this one is large.
                    bulk.insert(connection, table, part.pop(table))
            if part is None:
                session.rollback()
                return False
            part.changes.write(connection)
            bulk.insert(connection, _BLOCKS, part.blocks)
            move(session, cursor, self._deployment, part.points, part.final)
            forget_settled(session, part.settled)
        self.events += part.events
        metrics.committed(part.events)
        return True


_Part = History | Writing | None
"""History, and in the end what there is beside; None where there is no end to come."""


class _Transaction:
    """Stores parts in a thread of its own, as they come."""

    def __init__(self, store: Callable[[Queue[_Part]], bool]) -> None:
        self._parts: Queue[_Part] = Queue(PARTS_WAITING)
        self._storing = Ahead(lambda: store(self._parts))

    def give(self, part: _Part) -> bool:
        """Hand over a part; False, or what was raised, where it has ended without."""
        while not self._storing.has_ended:
            try:
                self._parts.put(part, timeout=_LOOK_SECONDS)
            except Full:
                continue
            return True
        return self.result()

    def give_up(self) -> None:
        """Let nothing of it be stored."""
        # Whatever it may raise, it has ended.
        with suppress(Exception):
            self.give(None)
            self.result()

    def has_stored(self) -> bool:
        """Whether all is stored already."""
        return bool(self._storing.so_far())

    def result(self) -> bool:
        """Wait until it has ended, and say whether all is stored; raises what storing raised."""
        return self._storing.wait()


_BLOCKS: Table = Block.__table__  # type: ignore[assignment]
