"""The feed: all that happens, in order, for a reader that says how far it has come.

What a reader has, folded, is the chain up to the event that its cursor names: whoever has that
event with its block hash has all before it. So no log of the feed is kept, and nothing is kept of
readers. If the event is in the index, the reader goes on after it. If the chain has taken it back,
it is among the retractions, and the reader is first told, newest first, of all that it has and that
went in the same reorganisation. A cursor that is in neither is of another chain, or made up.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from backend.core.errors import AppError
from backend.db.models import Document, DocumentChange, EventRow, Reorganization, Retraction
from backend.queries.feed_cursor import HASH_DIGITS, FeedCursor, index_name, start
from backend.queries.index import IndexState
from backend.queries.values import Row, when

Told: TypeAlias = "EventRow | Retraction"


class FeedCursorGoneError(AppError):
    """The cursor is of something that this index never had."""

    status = 410
    title = "Start anew"


class FeedDocument(Row, frozen=True):
    """A document that changed, as it is now: `state` is "missing", "present" or "erased"."""

    hash: str
    state: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a reader is told, and how far it has come with it.

    `row` is the event itself, the event that is taken back, or the event that was the first to name
    `document`.
    """

    row: Told
    after: FeedCursor
    document: FeedDocument | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """What comes next; `next` is how far a reader is with it, `more` whether that is not all."""

    steps: list[Step]
    next: FeedCursor
    more: bool


_Telling: TypeAlias = Generator[Step, None, FeedCursor]
"""Tells a reader things, and returns how far it has come with them."""


def steps(session: Session, state: IndexState, after: FeedCursor | None, limit: int) -> Steps:
    """What a reader is told next, at most `limit` things; raises `FeedCursorGoneError`."""
    place = after or start(state)
    last = _last_change(session)
    if place.index != index_name(state) or place.document > last:
        raise _gone("it was made by an index of another chain or version")
    found = list(islice(_steps(session, place, limit + 1), limit + 1))
    if len(found) > limit:
        return Steps(found[:limit], found[limit - 1].after, True)
    return Steps(found, head(session, state), False)


def head(session: Session, state: IndexState) -> FeedCursor:
    """How far a reader is that has everything."""
    place = replace(start(state), document=_last_change(session))
    return _at(place, _last_event(session))


def _steps(session: Session, place: FeedCursor, size: int) -> Iterator[Step]:
    while not _stands(session, place):
        place = yield from _backward(session, place, size)
    place = yield from _forward(session, place, size)
    yield from _documents(session, place, size)


def _stands(session: Session, place: FeedCursor) -> bool:
    """Whether the chain has what the reader has."""
    if place.block < 0:
        return True
    row = session.get(EventRow, (place.block, place.log_index))
    return row is not None and _short(row.block_hash) == place.block_hash


def _backward(session: Session, place: FeedCursor, size: int) -> _Telling:
    """What the reader has and one reorganisation took back, newest first."""
    reorganization = _reorganization(session, place)
    there = tuple_(Retraction.block, Retraction.log_index) <= (place.block, place.log_index)
    rows = session.scalars(
        select(Retraction)
        .where(Retraction.reorganization == reorganization.number, there)
        .order_by(Retraction.block.desc(), Retraction.log_index.desc())
        .limit(size + 1)
    ).all()
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        place = _at(place, before or _last_kept(session, reorganization))
        yield Step(row, place)
    return place


def _forward(session: Session, place: FeedCursor, size: int) -> _Telling:
    """What happened after what the reader has."""
    rows = session.scalars(
        select(EventRow)
        .where(tuple_(EventRow.block, EventRow.log_index) > (place.block, place.log_index))
        .order_by(EventRow.block, EventRow.log_index)
        .limit(size)
    )
    for row in rows:
        place = _at(place, row)
        yield Step(row, place)
    return place


def _documents(session: Session, place: FeedCursor, size: int) -> Iterator[Step]:
    """What became of documents; of those that the chain does not name now nobody need hear."""
    named = and_(
        EventRow.block == Document.made_block, EventRow.log_index == Document.made_log_index
    )
    rows = session.execute(
        select(DocumentChange, Document.state, EventRow)
        .join(Document, Document.hash == DocumentChange.hash)
        .join(EventRow, named)
        .where(DocumentChange.number > place.document)
        .order_by(DocumentChange.number)
        .limit(size)
    )
    for change, state, row in rows:
        known = FeedDocument(change.hash, state, when(change.noticed_at))
        yield Step(row, replace(place, document=change.number), known)


def _reorganization(session: Session, place: FeedCursor) -> Reorganization:
    """The last one that took back what the reader has; raises `FeedCursorGoneError`."""
    rows = session.execute(
        select(Reorganization, Retraction.block_hash)
        .join(Retraction, Retraction.reorganization == Reorganization.number)
        .where(Retraction.block == place.block, Retraction.log_index == place.log_index)
        .order_by(Reorganization.number.desc())
    )
    for reorganization, block_hash in rows:
        if _short(block_hash) == place.block_hash:
            return reorganization
    raise _gone(f"it is of an event of block {place.block} that this index never had")


def _last_kept(session: Session, reorganization: Reorganization) -> Told | None:
    """The last event that the index had right after a reorganisation."""
    block = reorganization.fork_block
    later = select(Reorganization).where(
        Reorganization.number > reorganization.number, Reorganization.fork_block < block
    )
    for each in session.scalars(later.order_by(Reorganization.number)):
        if each.fork_block < block:
            if row := _last_gone(session, each, block):
                return row
            block = each.fork_block
    return _last_event(session, block)


def _last_gone(session: Session, reorganization: Reorganization, block: int) -> Retraction | None:
    """The last event up to a block that a reorganisation took back."""
    return session.scalar(
        select(Retraction)
        .where(Retraction.reorganization == reorganization.number, Retraction.block <= block)
        .order_by(Retraction.block.desc(), Retraction.log_index.desc())
        .limit(1)
    )


def _last_event(session: Session, block: int | None = None) -> EventRow | None:
    """The last event of the index, up to a block."""
    last = select(EventRow).order_by(EventRow.block.desc(), EventRow.log_index.desc()).limit(1)
    return session.scalar(last if block is None else last.where(EventRow.block <= block))


def _last_change(session: Session) -> int:
    return session.scalar(select(func.max(DocumentChange.number))) or 0


def _at(place: FeedCursor, row: Told | None) -> FeedCursor:
    if row is None:
        return replace(place, block=-1, log_index=0, block_hash="")
    return replace(
        place, block=row.block, log_index=row.log_index, block_hash=_short(row.block_hash)
    )


def _short(block_hash: str) -> str:
    return block_hash[2 : 2 + HASH_DIGITS]


def _gone(why: str) -> FeedCursorGoneError:
    return FeedCursorGoneError(
        f"The cursor leads nowhere: {why}. Forget what was read and begin without a cursor."
    )
