"""Answers as of an earlier block: from the index itself where nothing has happened since, else from
a model of that moment, which is made anew and kept for a while."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from backend.api.blocks import BlockHeaders, Mark
from backend.core.documents import DocumentStore
from backend.core.errors import AppError
from backend.db.models import Batch, Block, Cursor, Reorganization
from backend.db.session import Database
from backend.indexer.past import count_events, replay, stand
from backend.queries.index import IndexState
from backend.queries.values import when

MODELS = 4
"""How many past moments are kept at a time; each is a SQLite file in the temporary folder."""
WAITING = 4
"""How many readers may wait for a model: each keeps one of the server's threads."""


class BlockNotIndexedError(AppError):
    """The index has nothing to say of a block."""

    status = 404
    title = "Not a block of the index"


class PastTooLongError(AppError):
    """There are more events up to a block than are gone over for one reader."""

    status = 422
    title = "Too far back"


class PastBusyError(AppError):
    """Others wait for models of other moments already."""

    status = 503
    title = "Too many moments are asked for"


class Moment(NamedTuple):
    """A block, by its number, the hash of the last block up to it in which something happened, and
    the last reorganisation that took something back before it: the same three are the same history.
    An index that was built anew may have found other events in the same blocks."""

    block: int
    history: str
    reorganization: int


@dataclass(slots=True)
class _Model:
    """A past moment in a database; `documents` and `final_block` are those it was last given.

    `readers` are those who have it now: one that is `given_up` goes with the last of them.
    """

    database: Database
    documents: int = -1
    final_block: int = -1
    readers: int = 0
    given_up: bool = False

    def is_there(self) -> bool:
        """False once its file is gone: temporary folders are cleared of what is old."""
        return Path(str(self.database.url.database)).exists()

    def is_fresh(self, state: IndexState) -> bool:
        """Whether it says of documents and of what is final what the index says now."""
        known = self.documents, self.final_block
        return known == (state.documents_revision, state.final_block)


class Past:
    """The past of one index. Each method may be called by several threads at once."""

    def __init__(
        self, database: Database, store: DocumentStore, headers: BlockHeaders, limit: int
    ) -> None:
        self._database, self._store, self._headers, self._limit = database, store, headers, limit
        self._models: OrderedDict[Moment, _Model] = OrderedDict()
        self._building = threading.Lock()
        self._counting = threading.Lock()
        self._places = threading.BoundedSemaphore(WAITING)
        self._folder: Path | None = None

    def close(self) -> None:
        """Forget everything."""
        for model in self._models.values():
            model.database.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def state(self, session: Session, now: IndexState, block: int) -> IndexState:
        """Where an index would stand that had gone no further than `block`.

        Raises `BlockNotIndexedError`, and `BlockNotKnownError` where only a node knows the block
        and none answers.
        """
        if block > now.block:
            raise BlockNotIndexedError(f"The index stands at block {now.block}, before {block}.")
        mark = self._mark(session, now, block)
        return replace(
            now,
            block=block,
            block_hash=mark.hash,
            time=when(mark.time),
            age=0,
            final_block=min(block, now.final_block),
        )

    @contextmanager
    def reading(self, session: Session, state: IndexState) -> Iterator[Session]:
        """The index as it stood at a state that `state` has found.

        Raises `PastTooLongError` and `PastBusyError`.
        """
        if not session.scalar(select(exists().where(Block.number > state.block))):
            yield session
            return
        model = self._model(session, state)
        try:
            with model.database.reading() as past:
                yield past
        finally:
            self._let_go(model)

    def _mark(self, session: Session, now: IndexState, block: int) -> Mark:
        """Hash and time of a block: the index's own, else a node's."""
        last = _last(session, block)
        if block == now.block:
            return Mark(now.block_hash, int(now.time.timestamp()))
        if last.number == block:
            return Mark(last.hash, last.timestamp)
        if batch := session.get(Batch, block):
            return Mark(batch.block_hash, batch.block_timestamp)
        return self._headers.get(block, now, last.hash)

    def _model(self, session: Session, state: IndexState) -> _Model:
        """The model of a moment, which stays until the reader lets it go."""
        moment = _moment(session, state.block)
        if found := self._found(moment, state):
            return found
        if not self._places.acquire(blocking=False):
            raise PastBusyError("Others are waiting for other blocks. Try again in a moment.")
        try:
            with self._building:
                return self._found(moment, state) or self._made(session, state, moment)
        finally:
            self._places.release()

    def _found(self, moment: Moment, state: IndexState) -> _Model | None:
        with self._counting:
            found = self._models.get(moment)
            if found is None or not (found.is_there() and found.is_fresh(state)):
                return None
            self._models.move_to_end(moment)
            found.readers += 1
            return found

    def _made(self, session: Session, state: IndexState, moment: Moment) -> _Model:
        found = self._models.get(moment)
        listed = found is not None and found.is_there()
        if found is None or not listed:
            self._require_short(session, state.block)
            found = _Model(self._replayed(session, moment))
        try:
            stand(found.database, self._store, _cursor(state))
        except BaseException:
            if not listed:
                _drop(found.database)
            raise
        found.documents, found.final_block = state.documents_revision, state.final_block
        with self._counting:
            found.readers += 1
            self._keep(moment, found)
        return found

    def _keep(self, moment: Moment, model: _Model) -> None:
        for each in [each for each, other in self._models.items() if not other.is_there()]:
            _give_up(self._models.pop(each))
        self._models[moment] = model
        self._models.move_to_end(moment)
        while len(self._models) > MODELS:
            _give_up(self._models.popitem(last=False)[1])

    def _let_go(self, model: _Model) -> None:
        with self._counting:
            model.readers -= 1
            if model.given_up and not model.readers:
                _drop(model.database)

    def _replayed(self, session: Session, moment: Moment) -> Database:
        # One that was cleared away may still be read, under the name that it had.
        name = f"{moment.block}-{secrets.token_hex(8)}.db"
        database = Database(f"sqlite:///{self._made_folder() / name}")
        try:
            replay(session, database, self._store, moment.block)
        except BaseException:
            _drop(database)
            raise
        return database

    def _made_folder(self) -> Path:
        if self._folder is None or not self._folder.exists():
            self._folder = Path(tempfile.mkdtemp(prefix="termin-past-"))
        return self._folder

    def _require_short(self, session: Session, block: int) -> None:
        if count_events(session, block, self._limit + 1) > self._limit:
            raise PastTooLongError(
                f"More than {self._limit} events led to what is said at block {block}, and no "
                "more are gone over for one reader. Leave at_block away, or ask the history of "
                "one contract."
            )


def _last(session: Session, block: int) -> Block:
    """The last block up to `block` in which something happened; raises `BlockNotIndexedError`."""
    up_to = select(Block).where(Block.number <= block).order_by(Block.number.desc()).limit(1)
    if (found := session.scalar(up_to)) is None:
        first = session.scalar(select(func.min(Block.number)))
        raise BlockNotIndexedError(
            f"Nothing had happened at block {block} yet; the first event is in block {first}."
        )
    return found


def _moment(session: Session, block: int) -> Moment:
    later = select(func.max(Reorganization.number)).where(Reorganization.fork_block < block)
    return Moment(block, _last(session, block).hash, session.scalar(later) or 0)


def _cursor(state: IndexState) -> Cursor:
    return Cursor(
        id=1,
        chain_id=state.chain_id,
        genesis_hash=state.genesis_hash,
        factory=state.factory,
        block=state.block,
        block_hash=state.block_hash,
        block_timestamp=int(state.time.timestamp()),
        final_block=state.final_block,
        projection_version=state.projection_version,
        documents_revision=state.documents_revision,
    )


def _give_up(model: _Model) -> None:
    model.given_up = True
    if not model.readers:
        _drop(model.database)


def _drop(database: Database) -> None:
    """Remove a model that nobody reads."""
    database.close()
    file = Path(str(database.url.database))
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink(missing_ok=True)
