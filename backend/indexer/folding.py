"""Folds blocks into what one transaction stores, a range at a time."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy.orm import Session

from backend.chain.events import Event
from backend.chain.headers import Header
from backend.core.documents import DocumentStore
from backend.db.session import Database
from backend.indexer.position import block_row
from backend.projections.cache import Cache
from backend.projections.registry import project
from backend.projections.rows import Changes, History, Rows

EVENTS_PER_FOLD = 1_000
"""What events ask for is read at once: for a few of them that takes as long as for many."""


class Batch:
    """Blocks that come in one transaction: all can be taken back, one by one, or none.

    `last` is the latest of them, `blocks` are rows of the table of that name, `events` counts.
    """

    def __init__(
        self, database: Database, store: DocumentStore, cache: Cache, *, undoable: bool
    ) -> None:
        self.last: Header | None = None
        self.undoable = undoable
        self.blocks: list[tuple[Any, ...]] = []
        self.events = 0
        self.ranges = 0
        self._begun = time.monotonic()
        self._marked: list[Header] = []
        self._database, self._store, self._cache = database, store, cache
        self._rows: Rows | None = None
        self._waiting: list[Event] = []

    def add(self, header: Header, events: list[Event], logs: int) -> None:
        """Take in a block with its events; `logs` counts those of any contract."""
        self.last = header
        if events:
            self._waiting += events
            self.events += len(events)
            self.blocks.append(block_row(header, logs))
            if self.undoable:
                self._marked.append(header)

    @property
    def points(self) -> list[Header]:
        """The blocks that the index can go back to: those with events, and the last."""
        others = [header for header in self._marked if header is not self.last]
        return [*others, self.last] if self.last else others

    def end_range(self) -> None:
        """Note that a range is taken in whole, and fold what waits if it is worth asking for."""
        self.ranges += 1
        if len(self._waiting) >= EVENTS_PER_FOLD:
            self._fold()

    def take_history(self) -> History:
        """Hand over what is folded of the history: nothing that follows asks for it."""
        return self._rows.take_history() if self._rows is not None else {}

    @property
    def seconds(self) -> float:
        """For how long it has been growing."""
        return time.monotonic() - self._begun

    @property
    def size(self) -> int:
        """How many values the rows have that it has read or made so far."""
        return self._rows.size if self._rows is not None else 0

    def changes(self) -> Changes:
        """What all blocks together do to the tables, less what was taken; see `Rows.changes`."""
        self._fold()
        return self._rows.changes() if self._rows is not None else Changes()

    def _fold(self) -> None:
        if self._waiting:
            with self._database.reading() as session:
                project(self._rows_from(session), self._waiting, undoable=self.undoable)
            self._waiting = []

    def _rows_from(self, session: Session) -> Rows:
        if self._rows is None:
            self._rows = Rows(session, self._store, self._cache)
        self._rows.read_from(session)
        return self._rows
