"""A reader of the feed that is strict: whatever is told twice, or taken back wrongly, fails."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Document, EventRow, Retraction
from backend.db.session import Database
from backend.queries.feed import Step, steps
from backend.queries.feed_cursor import decode_cursor
from backend.queries.index import index_state

Place = tuple[int, int, str]


@dataclass
class Follower:
    """Keeps its log and its cursor, and nothing else.

    `known` has the state of documents as a reader knows it: asked for when the event came that
    named one first, and told since.
    """

    database: Database
    cursor: str | None = None
    log: list[Place] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def read(self, limit: int) -> bool:
        """One page; says whether there is more."""
        with self.database.reading() as session:
            after = decode_cursor(self.cursor) if self.cursor else None
            page = steps(session, index_state(session), after, limit)
            assert len(page.steps) <= limit
            for step in page.steps:
                self._take(step)
                self._ask(session, step)
        self.cursor = page.next.encode()
        return page.more

    def read_all(self, limit: int) -> None:
        """Page by page until there is no more."""
        while self.read(limit):
            pass

    def _ask(self, session: Session, step: Step) -> None:
        row = step.row
        if isinstance(row, EventRow) and step.document is None:
            here = (Document.made_block == row.block, Document.made_log_index == row.log_index)
            for document in session.scalars(select(Document).where(*here)):
                self.known[document.hash] = document.state

    def _take(self, step: Step) -> None:
        row = step.row
        if step.document is not None:
            assert step.after.document > max(self.changes, default=0)
            self.changes.append(step.after.document)
            self.known[step.document.hash] = step.document.state
            return
        place = (row.block, row.log_index, row.block_hash)
        if isinstance(row, Retraction):
            assert self.log.pop() == place
        else:
            assert isinstance(row, EventRow)
            assert place not in self.log
            assert not self.log or self.log[-1][:2] < place[:2]
            self.log.append(place)
        last = self.log[-1] if self.log else (-1, 0, "0x")
        assert (step.after.block, step.after.log_index) == last[:2]
        assert last[2][2:].startswith(step.after.block_hash)
