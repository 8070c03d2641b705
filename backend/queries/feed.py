"""The feed: all that happens, in order, for a reader that says how far it has come.

What a reader has, folded, is the chain up to the event that its cursor names: whoever has that
event with its block hash has all before it, as the index had it then. So no log of the feed is
kept, and nothing is kept of readers. If the index has that still, the reader goes on after it. If a
reorganisation has taken it back, the reader is first told, newest first, of all that it has and
that is no more or is otherwise; see `feed_losses`. A cursor of an event that the index neither has
nor has taken back is of another chain, or made up.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from backend.db.models import Document, DocumentChange, EventRow, Retraction
from backend.queries.feed_cursor import FeedCursor, index_name, start
from backend.queries.feed_losses import (
    FeedCursorGoneError,
    Loss,
    at,
    gone,
    just_before,
    kept,
    last_change,
    last_event,
    loss,
    recognized,
    up_to,
    up_to_date,
    with_change,
)
from backend.queries.index import IndexState
from backend.queries.values import Row, when

__all__ = ["FeedCursorGoneError", "FeedDocument", "Step", "Steps", "head", "steps"]


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

    row: EventRow | Retraction
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
    if place.index != index_name(state):
        raise gone("it was made by an index of another chain or version")
    place = recognized(session, place)
    found = list(islice(_steps(session, place, limit + 1), limit + 1))
    if len(found) > limit:
        return Steps(found[:limit], found[limit - 1].after, True)
    return Steps(found, head(session, state), False)


def head(session: Session, state: IndexState) -> FeedCursor:
    """How far a reader is that has everything."""
    place = with_change(up_to_date(session, start(state)), last_change(session))
    return at(place, last_event(session))


def _steps(session: Session, place: FeedCursor, size: int) -> Iterator[Step]:
    while (found := loss(session, place)) is not None:
        place = yield from _backward(session, place, found, size)
    place = yield from _forward(session, up_to_date(session, place), size)
    yield from _documents(session, place, size)


def _backward(session: Session, place: FeedCursor, found: Loss, size: int) -> _Telling:
    """What the reader has and one reorganisation took back, newest first."""
    place = just_before(session, place, found.reorganization)
    rows = session.scalars(
        select(Retraction)
        .where(Retraction.reorganization == found.reorganization.number, up_to(Retraction, place))
        .order_by(Retraction.block.desc(), Retraction.log_index.desc())
        .limit(size + 1)
    ).all()
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        if found.since is not None and (row.block, row.log_index) < found.since:
            break
        place = at(place, before) if before else kept(session, place, found.reorganization)
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
        place = at(place, row)
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
        yield Step(row, with_change(place, change), known)
