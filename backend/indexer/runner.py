"""Brings the index up to the chain's head: one range of blocks, one database transaction."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.chain.deployment import Deployment
from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.documents import DocumentStore
from backend.db.models import Cursor
from backend.db.session import Database, DatabaseUnavailableError
from backend.indexer.book import AddressBook
from backend.indexer.errors import ChainInconsistentError, IndexMismatchError
from backend.indexer.scanner import Header, Scan, Scanner, Tip
from backend.projections import PROJECTION_VERSION
from backend.projections.documents import refresh_documents
from backend.projections.registry import project
from backend.projections.rows import Rows

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
DOCUMENTS_SECONDS = 30.0

RETRIED = (
    NodeUnreachableError,
    NodeRefusedError,
    ChainInconsistentError,
    DatabaseUnavailableError,
)
"""What may be over by itself after a while."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Blocks are numbered as on the chain; `events` counts those of this run."""

    start_block: int
    block: int
    head: int
    events: int

    @property
    def done(self) -> int:
        """Blocks that are in the index."""
        return self.block - self.start_block + 1

    @property
    def total(self) -> int:
        """Blocks that the chain has for the index."""
        return max(self.head, self.block) - self.start_block + 1


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class _Position:
    block: int
    hash: str


class Indexer:
    """Reads one deployment into one database. Not for use by several threads at once."""

    def __init__(
        self, database: Database, rpc: Rpc, deployment: Deployment, store: DocumentStore
    ) -> None:
        self._database = database
        self._scanner = Scanner(rpc)
        self._deployment = deployment
        self._store = store
        self._book: AddressBook | None = None
        self._position: _Position | None = None

    def prepare(self) -> None:
        """Create or migrate the tables, and take in documents that came while nobody looked.

        Raises `IndexMismatchError` when the rows were made by other projections or for another
        deployment.
        """
        self._database.migrate()
        with self._database.transaction() as session:
            cursor = session.get(Cursor, 1)
            if cursor is not None:
                self._require_same(cursor)
            refresh_documents(session, self._store)

    def refresh_documents(self) -> None:
        """Take in documents that came or went since."""
        with self._database.transaction() as session:
            refresh_documents(session, self._store)

    def run(self, report: Report | None = None, stop: threading.Event | None = None) -> Progress:
        """Index up to the head, or until `stop` is set, and say how far it came.

        Raises `IndexMismatchError`, and what `RETRIED` names.
        """
        events = 0
        while True:
            self._load()
            tip = self._checked_tip()
            block = self._position.block if self._position else self._deployment.start_block - 1
            progress = Progress(self._deployment.start_block, block, tip.head.number, events)
            if report is not None:
                report(progress)
            if block >= tip.head.number or (stop is not None and stop.is_set()):
                return progress
            events += self._advance(block + 1, tip.head.number)

    def _load(self) -> None:
        """Continue where the database stands, whoever brought it there."""
        with self._database.reading() as session:
            position = _position(session.get(Cursor, 1))
            if self._book is None or position != self._position:
                self._book = AddressBook.load(self._deployment, session)
                self._position = position

    def _advance(self, first: int, head: int) -> int:
        book, position = self._book, self._position
        # Whatever goes wrong from here on, the book may hold what was not committed.
        self._book = None
        assert book is not None  # noqa: S101
        scan = self._scanner.scan(first, head, position.hash if position else None)
        events = book.read(scan.logs, scan.timestamps)
        with self._database.transaction() as session:
            cursor = session.get(Cursor, 1)
            if _position(cursor) != position:
                return 0
            project(Rows(session, self._store), events)
            self._move(session, cursor, scan)
        self._book, self._position = book, _Position(scan.last.number, scan.last.hash)
        return len(events)

    def _move(self, session: Session, cursor: Cursor | None, scan: Scan) -> None:
        last: Header = scan.last
        if cursor is None:
            cursor = Cursor(
                chain_id=self._deployment.chain_id,
                genesis_hash=self._deployment.genesis_hash,
                factory=self._deployment.factory,
                block=last.number,
                block_hash=last.hash,
                block_timestamp=last.timestamp,
                projection_version=PROJECTION_VERSION,
            )
            session.add(cursor)
        cursor.block = last.number
        cursor.block_hash = last.hash
        cursor.block_timestamp = last.timestamp
        session.flush()

    def _require_same(self, cursor: Cursor) -> None:
        if cursor.projection_version != PROJECTION_VERSION:
            raise IndexMismatchError(
                f"The index was built by version {cursor.projection_version} of the projections, "
                f"this is version {PROJECTION_VERSION}."
            )
        found = (cursor.chain_id, cursor.genesis_hash, cursor.factory)
        wanted = self._deployment
        if found != (wanted.chain_id, wanted.genesis_hash, wanted.factory):
            raise IndexMismatchError(
                f"The index is of factory {cursor.factory} on chain {cursor.chain_id}, the "
                f"deployment is factory {wanted.factory} on chain {wanted.chain_id}."
            )

    def _checked_tip(self) -> Tip:
        position = self._position
        tip = self._scanner.tip(position.block if position else self._deployment.start_block)
        wanted = self._deployment
        if (tip.chain_id, tip.genesis.hash) != (wanted.chain_id, wanted.genesis_hash):
            raise IndexMismatchError(
                f"The node is on chain {tip.chain_id} with first block {tip.genesis.hash}, the "
                f"deployment on chain {wanted.chain_id} with {wanted.genesis_hash}.",
                advice="Point --rpc-url at the right node.",
            )
        if position is None:
            self._require_factory()
        elif tip.expected is None or tip.expected.hash != position.hash:
            raise IndexMismatchError(
                f"The index has seen block {position.block} as {position.hash}, the node has "
                + (
                    f"{tip.expected.hash}."
                    if tip.expected
                    else f"no block above {tip.head.number}."
                )
            )
        return tip

    def _require_factory(self) -> None:
        if not self._scanner.has_code(self._deployment.factory):
            raise IndexMismatchError(
                f"There is no contract at {self._deployment.factory} on this chain.",
                advice="Run `termin deploy`.",
            )


def _position(cursor: Cursor | None) -> _Position | None:
    return _Position(cursor.block, cursor.block_hash) if cursor else None


def index_once(
    database: Database,
    rpc: Rpc,
    deployment: Deployment,
    store: DocumentStore,
    report: Report | None = None,
) -> Progress:
    """Create the tables if need be and index up to the head; see `Indexer`."""
    indexer = Indexer(database, rpc, deployment, store)
    indexer.prepare()
    return indexer.run(report)


def rebuild(database: Database) -> None:
    """Drop all rows; the next run reads the chain from the deployment on."""
    database.reset()


def run_forever(indexer: Indexer, stop: threading.Event, report: Report | None = None) -> None:
    """Follow the chain until `stop` is set; waits longer and longer while node or database is away.

    Raises `IndexMismatchError`, after which only a rebuild helps.
    """
    pause, prepared, refreshed = POLL_SECONDS, False, time.monotonic()
    while not stop.is_set():
        try:
            if not prepared:
                indexer.prepare()
                prepared = True
            elif time.monotonic() - refreshed > DOCUMENTS_SECONDS:
                indexer.refresh_documents()
                refreshed = time.monotonic()
            indexer.run(report, stop)
            pause = POLL_SECONDS
        except RETRIED as error:
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            logger.warning("%s: %s Trying again in %.1f s.", error.title, error.detail, pause)
        stop.wait(pause)
