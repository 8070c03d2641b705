"""A reader that looks all the time, and what it must never see."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Batch, Block, Cursor, EventRow, Payment
from backend.db.session import Database, DatabaseUnavailableError
from backend.db.types import exact_sum

LOOK_SECONDS = 0.02

Place = tuple[str, int]
"""Hash of a block and number of a log in it."""


@dataclass
class Watcher:
    """`seen` are all events that it saw, with their blocks; `wrong` is what must not be."""

    database: Database
    looks: int = 0
    failures: int = 0
    highest: int = 0
    seen: dict[Place, int] = field(default_factory=dict)
    positions: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look until `end`."""
        while not self._stop.wait(LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Look once. A database that is away is no fault of the index."""
        try:
            with self.database.reading() as session:
                cursor = session.get(Cursor, 1)
                if cursor is not None:
                    self._check(session, cursor)
            self.looks += 1
        except DatabaseUnavailableError:
            self.failures += 1
        except Exception as error:
            self.wrong.append(f"reading raised {error!r}")

    def end(self) -> None:
        """Look no more."""
        self._stop.set()

    def _check(self, session: Session, cursor: Cursor) -> None:
        here = f"at block {cursor.block} ({cursor.block_hash[:10]})"
        events = self._events(session)
        late = [block for block in events.values() if block > cursor.block]
        if late:
            self.wrong.append(f"{here}: an event of block {late[0]}")
        batch = session.get(Batch, cursor.block)
        if batch is None or batch.block_hash != cursor.block_hash:
            self.wrong.append(f"{here}: no batch ends there")
        sums = self._sums(session)
        if sums["payments"] != sums["counted"] or sums["blocks"] != len(set(events.values())):
            self.wrong.append(f"{here}: {sums} and {len(events)} events")
        if sums["accepted"] != sums["gross"]:
            self.wrong.append(f"{here}: accepted is not what payments say: {sums}")
        told = (cursor.block, len(events), *sums.values())
        if self.positions.setdefault(cursor.block_hash, told) != told:
            before = self.positions[cursor.block_hash]
            self.wrong.append(f"{here}: first {before}, then {told}")
        self.highest = max(self.highest, cursor.block)

    def _events(self, session: Session) -> dict[Place, int]:
        places = select(EventRow.block_hash, EventRow.log_index, EventRow.block)
        events = {(row[0], row[1]): row[2] for row in session.execute(places)}
        self.seen |= events
        return events

    def _sums(self, session: Session) -> dict[str, int]:
        wanted = {
            "blocks": select(func.count()).select_from(Block),
            "payments": select(func.count()).select_from(Payment),
            "counted": select(func.coalesce(func.sum(Agreement.payments), 0)),
            "accepted": select(exact_sum(Agreement.accepted)),
            "gross": select(exact_sum(Payment.gross)).where(Payment.milestone.is_not(None)),
        }
        return {name: int(session.scalar(each) or 0) for name, each in wanted.items()}


@contextmanager
def watching(database: Database) -> Iterator[Watcher]:
    """Look from now on until the end."""
    found = Watcher(Database(database.url.render_as_string(hide_password=False)))
    thread = threading.Thread(target=found.run, name="watcher", daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.end()
        thread.join(40)
        found.database.close()
