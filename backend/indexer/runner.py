"""Brings the index up to the chain's head: what belongs together comes in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress

from backend.chain.decoding import EventMalformedError
from backend.chain.deployment import Deployment
from backend.chain.events import Event
from backend.chain.headers import Header
from backend.chain.logs import Log
from backend.chain.nodes import Nodes, NodesDisagreeError, NodesPartedError
from backend.chain.patience import Patience
from backend.chain.rpc import NodeRefusedError, NodeUnreachableError, Rpc
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.db.leader import Lead
from backend.db.models import Cursor
from backend.db.session import Database
from backend.indexer.ahead import Ahead
from backend.indexer.book import AddressBook
from backend.indexer.errors import ChainInconsistentError, IndexOutdatedError
from backend.indexer.fitting import (
    Abreast,
    require_agreement,
    require_chain,
    require_contract,
    require_same,
)
from backend.indexer.folding import Batch
from backend.indexer.position import Policy, Position, position_of
from backend.indexer.progress import Progress, Report
from backend.indexer.returning import Return
from backend.indexer.scanner import Scan, Scanner, Tip
from backend.indexer.writing import Writer, Writing
from backend.projections.cache import Cache
from backend.projections.documents import refresh_documents
from backend.projections.rows import ProjectionError

NODE_ERRORS = (NodeUnreachableError, NodeRefusedError, ChainInconsistentError)
"""What another node may do better, or the same one after a while."""

RANGES_PER_BATCH = 30
"""How many ranges come in one transaction: each batch writes every agreement that it touches."""

SECONDS_PER_BATCH = 1.5
"""What ends it sooner: the API, when a document comes, waits for the lock, but not for long."""

BACKFILL_BLOCKS = 500
"""An empty index that is more blocks behind is filled first, and completed afterwards."""

VALUES_PER_BATCH = 360_000
"""How many values of rows do, those included that were read of them, once a range is folded: each
agreement that begins brings many, and where many go on side by side none is in the cache."""


class Indexer:
    """Reads one deployment into one database. Not for use by several threads at once."""

    def __init__(
        self,
        database: Database,
        nodes: Nodes,
        deployment: Deployment,
        store: DocumentStore,
        policy: Policy | None = None,
    ) -> None:
        self.database = database
        self._nodes = nodes
        self._scanner = Scanner()
        self._deployment = deployment
        self._store = store
        self._policy = policy or Policy()
        self._book: AddressBook | None = None
        self._cache = Cache()
        self._batch: Batch | None = None
        self._position: Position | None = None
        self._missing = Patience()
        self._return = Return(database, nodes, self._scanner, self._policy)
        self._abreast = Abreast(nodes, self._policy)
        self._writer = Writer(database, deployment)
        self._completed = False
        self._doubted: set[Position | None] = set()

    def on(self, database: Database) -> Indexer:
        """The same for another database."""
        return Indexer(database, self._nodes, self._deployment, self._store, self._policy)

    def leading(self, stop: threading.Event) -> AbstractContextManager[Lead | None]:
        """Be the one indexer of the database; see `Database.leading`."""
        return self.database.leading(stop)

    def prepare(self) -> None:
        """Create the tables, and take in documents that came while nobody looked.

        Raises `IndexOutdatedError` when tables or rows were made by another version, and
        `IndexMismatchError` when they are of another deployment.
        """
        if self.database.is_outdated():
            raise IndexOutdatedError("The tables are of another version.")
        self.database.migrate()
        with self.database.transaction() as session:
            cursor = session.get(Cursor, 1)
            if cursor is not None:
                require_same(cursor, self._deployment)
            refresh_documents(session, self._store)

    def refresh_documents(self) -> None:
        """Take in documents that came or went since."""
        with self.database.transaction() as session:
            refresh_documents(session, self._store)

    def run(self, report: Report | None = None, stop: threading.Event | None = None) -> Progress:
        """Index up to the head, or until `stop` is set, and say how far it came.

        A node that fails is left for the next one. Raises `IndexMismatchError`,
        `NodesDisagreeError`, `NodesPartedError`, `DatabaseUnavailableError`, and what
        `NODE_ERRORS` names once no node is left.
        """
        self._writer = Writer(self.database, self._deployment)
        event = stop or threading.Event()
        while True:
            progress = self._nodes.ask(lambda rpc: self._step(rpc, report, event), NODE_ERRORS)
            if progress is not None:
                return progress

    def gave_up(self, block: int, block_hash: str) -> bool:
        """Whether the chain has another block there; or, when asked again for a while, has none."""
        found = self._nodes.ask(lambda rpc: self._scanner.hashes(rpc, [block]), NODE_ERRORS)[0]
        if found is None:
            return self._missing.lasts() >= self._policy.behind_seconds
        self._missing.over()
        return found != block_hash

    def _step(self, rpc: Rpc, report: Report | None, stop: threading.Event) -> Progress | None:
        """Go on from where the database stands; None where there may be more to do."""
        self._load()
        expected = self._position.block if self._position else self._deployment.start_block
        tip = Ahead(lambda: self._scanner.tip(rpc, expected)).result(stop)
        if tip is None:
            return self._progress(0)
        require_chain(tip, self._deployment)
        if self._position is None:
            require_contract(self._scanner, rpc, self._deployment, tip)
            if tip.head.number - self._block() > BACKFILL_BLOCKS:
                self.database.lighten()
        if self._position and self._return.is_due(self._position, tip):
            self._return.go(rpc, tip, self._position)
            self._forget()
            return None
        self._report(report, tip)
        if not self._advance(rpc, tip, report, stop):
            return None
        if self._block() >= tip.head.number:
            self._complete(stop)
        elif not stop.is_set():
            return None
        return self._progress(tip.head.number)

    def _advance(self, rpc: Rpc, tip: Tip, report: Report | None, stop: threading.Event) -> bool:
        """Fold and store up to the head; False where somebody else has moved the index."""
        try:
            alone = self._read(rpc, tip, report, stop) and self._hand_over(tip)
            if not self._writer.settle() or not alone:
                self._forget()
                return False
            self._report(report, tip)
            return True
        except BaseException as error:
            # What is in memory may be ahead of what is stored, and must not be gone on with.
            place = self._position
            self._forget()
            with suppress(AppError):
                self._writer.settle()
            if not isinstance(error, ProjectionError) or place in self._doubted:
                raise
            # Who builds the same index anew may have dropped what was asked for: look again, once.
            self._doubted.add(place)
            return False

    def _read(self, rpc: Rpc, tip: Tip, report: Report | None, stop: threading.Event) -> bool:
        """Fold range after range; what came before one that fails is stored."""
        try:
            for scan in self._scans(rpc, tip, stop):
                if not self._apply(rpc, scan, tip):
                    return False
                self._report(report, tip)
        except (*NODE_ERRORS, NodesDisagreeError, NodesPartedError):
            self._hand_over(tip)
            raise
        return True

    def _complete(self, stop: threading.Event) -> None:
        """Make what the index was filled without, by this process or one that was stopped."""
        if not self._completed:
            self._completed = Ahead(self.database.complete).result(stop) is not None

    def _load(self) -> None:
        """Continue where the database stands, whoever brought it there."""
        with self.database.reading() as session:
            position = position_of(session.get(Cursor, 1))
            if self._book is None or position != self._position:
                self._forget()
                self._book = AddressBook.load(self._deployment, session)
                self._position = position
                self._cache = Cache(empty=position is None)

    def _forget(self) -> None:
        """Whatever is in memory may not be what the database holds."""
        self._book, self._cache, self._position = None, Cache(), None
        self._batch = None

    def _scans(self, rpc: Rpc, tip: Tip, stop: threading.Event) -> Iterator[Scan]:
        """Ranges up to the head that all nodes have, each read while the one before is folded."""
        settled, head = self._policy.settled(tip), tip.head.number

        def read(first: int, parent: str | None) -> Scan:
            scan = self._scanner.scan(rpc, first, head, settled, parent)
            require_agreement(self._nodes, self._policy, rpc, scan.last, tip)
            return scan

        def ahead(first: int, parent: str | None) -> Ahead[Scan]:
            return Ahead(lambda: read(first, parent))

        if self._block() >= head:
            self._abreast.require(rpc, tip)
            return
        coming = ahead(self._block() + 1, self._position.hash if self._position else None)
        while (scan := self._come(coming, tip, stop)) is not None:
            if scan.last.number < head:
                coming = ahead(scan.last.number + 1, scan.last.hash)
            yield scan
            if scan.last.number >= head or stop.is_set():
                return

    def _come(self, coming: Ahead[Scan], tip: Tip, stop: threading.Event) -> Scan | None:
        """Wait for a range; what came before it is stored meanwhile, should that take its time."""
        if self._batch is not None and not coming.within(SECONDS_PER_BATCH):
            self._hand_over(tip)
        return coming.result(stop)

    def _apply(self, rpc: Rpc, scan: Scan, tip: Tip) -> bool:
        """Fold a range into the batch; False where somebody else has moved the index."""
        settled = self._policy.settled(tip)
        for header in scan.headers:
            # What is folded is let go: the next range is coming in.
            logs = scan.logs.pop(header.number, ())
            events = self._events(rpc, header, logs)
            batch = self._growing(undoable=header.number > settled)
            batch.add(header, events, len(logs))
            if header.number == settled and not self._hand_over(tip):
                return False
        if self._writer.has_stored():
            self._cache.stored()
        if self._batch is not None:
            self._batch.end_range()
            history = self._batch.take_history()
            if history and not self._writer.add(self._position, history):
                return False
            if _is_full(self._batch):
                return self._hand_over(tip)
        return True

    def _events(self, rpc: Rpc, header: Header, logs: Sequence[Log]) -> list[Event]:
        """The events among the logs of a block; one that has not the shape of ours has to be the
        chain's, not a node's alone."""
        book = self._book
        assert book is not None  # noqa: S101
        try:
            return book.read(logs, header)
        except EventMalformedError:
            self._scanner.prove(rpc, header, logs)
            return book.read(logs, header, proven=True)

    def _growing(self, *, undoable: bool) -> Batch:
        if self._batch is None:
            self._batch = Batch(self.database, self._store, self._cache, undoable=undoable)
        return self._batch

    def _hand_over(self, tip: Tip) -> bool:
        """Let the batch be stored; False where somebody else has moved the index."""
        batch, self._batch = self._batch, None
        if batch is None or batch.last is None:
            return True
        last, start = batch.last, self._position
        revision = start.documents_revision if start else 0
        self._position = Position(last.number, last.hash, revision)
        final, settled = self._policy.final(tip), self._policy.settled(tip)
        changes = batch.changes()
        writing = Writing(batch.points, batch.blocks, batch.events, changes, final, settled)
        return self._writer.put(start, writing)

    def _block(self) -> int:
        return self._position.block if self._position else self._deployment.start_block - 1

    def _progress(self, head: int) -> Progress:
        return Progress(self._deployment.start_block, self._block(), head, self._writer.events)

    def _report(self, report: Report | None, tip: Tip) -> None:
        if report is not None:
            report(self._progress(tip.head.number))


def _is_full(batch: Batch) -> bool:
    return (
        batch.ranges >= RANGES_PER_BATCH
        or batch.seconds >= SECONDS_PER_BATCH
        or batch.size >= VALUES_PER_BATCH
    )
