"""A chain as the index's tables hold it: blocks are added and taken back, documents change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.db.models import Batch, Cursor, Document, EventRow, Reorganization, Retraction, Undo
from backend.db.session import Database
from backend.indexer.reorgs import take_back
from backend.projections import PROJECTION_VERSION
from backend.projections.documents import note_changes

NOWHERE = "0x" + "0" * 40
NOTHING = "0x" + "0" * 64


@dataclass(frozen=True)
class Made:
    """A block: `events` say for each event which document it is the first to name, if any."""

    number: int
    hash: str
    parent: str
    events: tuple[str | None, ...]


def made(parent: Made, salt: int, events: tuple[str | None, ...]) -> Made:
    """A block on top of another; the salt tells siblings apart."""
    text = f"{parent.hash}/{salt}/{events}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Made(parent.number + 1, f"0x{digest}", parent.hash, events)


GENESIS = Made(0, NOTHING, "", ())


@dataclass
class Tables:
    """An index, moved by hand; `chain` is what it holds, `store` the state of each document."""

    database: Database
    chain: list[Made] = field(default_factory=lambda: [GENESIS])
    store: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Empty tables that stand at the first block."""
        self.database.reset()
        with self.database.transaction() as session:
            place = {"block": 0, "block_hash": GENESIS.hash, "block_timestamp": 0}
            session.add(
                Cursor(
                    chain_id=1,
                    genesis_hash=NOTHING,
                    factory=NOWHERE,
                    final_block=0,
                    projection_version=PROJECTION_VERSION,
                    **place,
                )
            )
            session.add(Batch(**place))

    def add(self, block: Made) -> None:
        """A block comes."""
        self.chain.append(block)
        with self.database.transaction() as session:
            for index, document in enumerate(block.events):
                session.add(_event(block, index))
                session.flush()
                if document is not None:
                    self._anchor(session, block, index, document)
            session.add(Batch(block=block.number, block_hash=block.hash, block_timestamp=0))
            cursor = session.get_one(Cursor, 1)
            cursor.block, cursor.block_hash = block.number, block.hash

    def back(self, depth: int) -> list[Made]:
        """The chain gives up its last blocks, as the indexer takes them back."""
        gone, self.chain = self.chain[-depth:], self.chain[:-depth]
        with self.database.transaction() as session:
            fork = session.get_one(Batch, self.chain[-1].number)
            take_back(session, session.get_one(Cursor, 1), fork)
        return gone

    def repair(self, number: int, events: int) -> None:
        """An index that was built anew finds another number of events in a block, at its end, than
        the one before did, and takes its place; see `backend.db.heritage`."""
        old = self.chain[number]
        named = max((place for place, each in enumerate(old.events, 1) if each), default=0)
        new = replace(old, events=(old.events + (None,) * events)[: max(named, events)])
        fork, gone = self.chain[number - 1], EventRow.block >= number
        columns = [column.name for column in EventRow.__table__.columns]
        with self.database.transaction() as session:
            last = session.scalar(select(func.max(Reorganization.number))) or 0
            session.add(
                Reorganization(
                    number=last + 1,
                    fork_block=fork.number,
                    fork_hash=fork.hash,
                    block=self.chain[-1].number,
                    block_hash=self.chain[-1].hash,
                    noticed_at=0,
                )
            )
            session.flush()
            for row in session.scalars(select(EventRow).where(gone)):
                values = {name: getattr(row, name) for name in columns}
                session.add(Retraction(reorganization=last + 1, **values))
            surplus = EventRow.log_index >= len(new.events)
            session.execute(delete(EventRow).where(EventRow.block == number, surplus))
            for index in range(len(old.events), len(new.events)):
                session.add(_event(new, index))
        self.chain[number] = new

    def change(self, document: str, state: str) -> None:
        """A document that the chain may name is brought or removed."""
        self.store[document] = state
        with self.database.transaction() as session:
            row = session.get(Document, document)
            if row is not None and row.state != state:
                row.state = state
                note_changes(session, [document])

    def states(self) -> dict[str, str]:
        """The documents that the chain names, with the state that the tables have."""
        with self.database.reading() as session:
            return {row.hash: row.state for row in session.query(Document)}

    def _anchor(self, session: Session, block: Made, index: int, document: str) -> None:
        if session.get(Document, document) is not None:
            return
        session.add(
            Document(
                hash=document,
                kind="evidence",
                state=self.store.get(document, "missing"),
                anchored_at=0,
                made_block=block.number,
                made_transaction=NOTHING,
                made_log_index=index,
            )
        )
        undo = {"table": "documents", "key": json.dumps([document]), "before": None}
        session.add(Undo(block=block.number, position=index, **undo))
        session.flush()


def _event(block: Made, index: int) -> EventRow:
    return EventRow(
        block=block.number,
        log_index=index,
        block_hash=block.hash,
        block_timestamp=0,
        transaction=NOTHING,
        transaction_index=0,
        address=NOWHERE,
        contract="Agreement",
        name="AgreementActivated",
        topics=b"",
        data=b"",
        agreement=None,
        milestone=None,
        participant=None,
    )
