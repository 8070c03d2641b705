"""Answers as of an earlier block: from the index itself where nothing has happened since, else from
a model of that moment, which is made anew and kept for a while."""

from __future__ import annotations

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
    """A past moment in a database; `documents` and `final_block` are those it was last given."""

    database: Database
    documents: int
    final_block: int


class Past:
    """The past of one index. Each method may be called by several threads at once."""

    def __init__(
        self, database: Database, store: DocumentStore, headers: BlockHeaders, limit: int
    ) -> None:
        self._database, self._store, self._headers, self._limit = database, store, headers, limit
        self._models: OrderedDict[Moment, _Model] = OrderedDict()
        self._building = threading.Lock()
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
        with self._model(session, state).database.reading() as past:
            yield past

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
        moment = _moment(session, state.block)
        found = self._models.get(moment)
        if found is not None and _is_fresh(found, state):
            return found
        if not self._places.acquire(blocking=False):
            raise PastBusyError("Others are waiting for other blocks. Try again in a moment.")
        try:
            with self._building:
                return self._make(session, state, moment)
        finally:
            self._places.release()

    def _make(self, session: Session, state: IndexState, moment: Moment) -> _Model:
        found = self._models.get(moment)
        if found is None:
            self._require_short(session, state.block)
            found = self._models[moment] = _Model(self._replayed(session, moment), -1, -1)
        if not _is_fresh(found, state):
            stand(found.database, self._store, _cursor(state))
            found.documents, found.final_block = state.documents_revision, state.final_block
        self._models.move_to_end(moment)
        while len(self._models) > MODELS:
            _drop(self._models.popitem(last=False)[1].database)
        return found

    def _replayed(self, session: Session, moment: Moment) -> Database:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="termin-past-"))
        name = "-".join(map(str, moment))
        database = Database(f"sqlite:///{self._folder / name}.db")
        try:
            replay(session, database, self._store, moment.block)
        except BaseException:
            _drop(database)
            raise
        return database

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


def _is_fresh(model: _Model, state: IndexState) -> bool:
    return (model.documents, model.final_block) == (state.documents_revision, state.final_block)


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


def _drop(database: Database) -> None:
    """Remove a model; whoever reads it still reads on."""
    database.close()
    file = Path(str(database.url.database))
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink(missing_ok=True)
