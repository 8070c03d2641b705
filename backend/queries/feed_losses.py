"""What a reader of the feed has that the index has not any more, or has otherwise.

A reader has what the index had when its cursor was given. That is so still unless a reorganisation
since then has taken back the event that the cursor names: then the reader has, above the fork, what
that reorganisation took back. Where the index has the same there again, as after a chain that went
back and forth, nothing is lost. An index that was built anew may have other events in the same
blocks: that an event is there does not say that those before it are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from backend.core.errors import AppError
from backend.db.models import DocumentChange, EventRow, Reorganization, Retraction
from backend.queries.feed_cursor import HASH_DIGITS, UNKNOWN, FeedCursor, tag

Told: TypeAlias = "EventRow | Retraction"


class FeedCursorGoneError(AppError):
    """The cursor is of something that this index never had."""

    status = 410
    title = "Start anew"


@dataclass(frozen=True, slots=True)
class Loss:
    """A reader has to give up what a reorganisation took back, but for what was before `since`, a
    block and the index of a log; None: all of it."""

    reorganization: Reorganization
    since: tuple[int, int] | None


def loss(session: Session, place: FeedCursor) -> Loss | None:
    """What a reader has to give up first, if anything; raises `FeedCursorGoneError`."""
    taken: list[tuple[Reorganization, FeedCursor]] = []
    here = place
    while (found := _taken_back(session, here)) is not None:
        taken.append((found, here))
        here = kept(session, here, found)
    # The lowest difference counts: whoever goes that far back gives up all above.
    for depth, (found, here) in reversed([*enumerate(taken)]):
        if since := _first_difference(session, found, here):
            return Loss(taken[0][0], None if depth else since)
    return None


def kept(session: Session, place: FeedCursor, reorganization: Reorganization) -> FeedCursor:
    """Where a reader is that has given up all that a reorganisation took back."""
    return _after(at(place, _last_kept(session, reorganization)), reorganization)


def recognized(session: Session, place: FeedCursor) -> FeedCursor:
    """A cursor as this database counts: of one of another it is not known what reorganisations its
    reader has heard of. Raises `FeedCursorGoneError` for a change of a document that was not here:
    what the reader was not told of documents cannot be known then."""
    if place.document:
        change = session.get(DocumentChange, place.document)
        if change is None or _change_tag(change) != place.document_tag:
            raise gone("it is of a change of a document that this index never had")
    if place.reorganization:
        seen = session.get(Reorganization, place.reorganization)
        if seen is None or _tag(seen) != place.reorganization_tag:
            place = replace(place, reorganization=UNKNOWN, reorganization_tag="")
    return place


def just_before(session: Session, place: FeedCursor, reorganization: Reorganization) -> FeedCursor:
    """The same for a reader that had all this when a reorganisation came."""
    return _after(place, session.get(Reorganization, reorganization.number - 1))


def up_to_date(session: Session, place: FeedCursor) -> FeedCursor:
    """The same for a reader that has heard of each reorganisation."""
    last = select(Reorganization).order_by(Reorganization.number.desc()).limit(1)
    return _after(place, session.scalar(last))


def with_change(place: FeedCursor, change: DocumentChange | None) -> FeedCursor:
    """The same for a reader that was told of a document."""
    if change is None:
        return replace(place, document=0, document_tag="")
    return replace(place, document=change.number, document_tag=_change_tag(change))


def at(place: FeedCursor, row: Told | None) -> FeedCursor:
    """The same for a reader whose last event is another one, or who has none."""
    if row is None:
        return replace(place, block=-1, log_index=0, block_hash="")
    return replace(
        place, block=row.block, log_index=row.log_index, block_hash=_short(row.block_hash)
    )


def last_event(session: Session, block: int | None = None) -> EventRow | None:
    """The last event of the index, up to a block."""
    last = select(EventRow).order_by(EventRow.block.desc(), EventRow.log_index.desc()).limit(1)
    return session.scalar(last if block is None else last.where(EventRow.block <= block))


def up_to(model: Any, place: FeedCursor) -> Any:
    """Whether an event is the one that a cursor names, or before it."""
    return tuple_(model.block, model.log_index) <= (place.block, place.log_index)


def _taken_back(session: Session, place: FeedCursor) -> Reorganization | None:
    """The first one since then that took back what the reader has."""
    if place.block < 0:
        return None
    rows = session.execute(
        select(Reorganization, Retraction.block_hash)
        .join(Retraction, Retraction.reorganization == Reorganization.number)
        .where(
            Retraction.block == place.block,
            Retraction.log_index == place.log_index,
            Reorganization.number > place.reorganization,
        )
        .order_by(Reorganization.number)
    )
    found = [row for row, block_hash in rows if _short(block_hash) == place.block_hash]
    stands = _stands(session, place)
    if not found and not stands:
        raise gone(f"it is of an event of block {place.block} that this index never had")
    if place.reorganization == UNKNOWN:
        # Where the chain has what the reader has, it has all before it.
        return None if stands else found[-1]
    return found[0] if found else None


def _stands(session: Session, place: FeedCursor) -> bool:
    row = session.get(EventRow, (place.block, place.log_index))
    return row is not None and _short(row.block_hash) == place.block_hash


def _first_difference(
    session: Session, reorganization: Reorganization, place: FeedCursor
) -> tuple[int, int] | None:
    """Where what was taken back of a reader's events first differs from what there is now."""
    same = and_(
        Retraction.reorganization == reorganization.number,
        Retraction.block == EventRow.block,
        Retraction.log_index == EventRow.log_index,
        Retraction.block_hash == EventRow.block_hash,
    )
    lost = (
        select(Retraction.block, Retraction.log_index)
        .outerjoin(EventRow, same)
        .where(
            Retraction.reorganization == reorganization.number,
            up_to(Retraction, place),
            EventRow.block.is_(None),
        )
        .order_by(Retraction.block, Retraction.log_index)
    )
    added = (
        select(EventRow.block, EventRow.log_index)
        .outerjoin(Retraction, same)
        .where(
            EventRow.block > reorganization.fork_block,
            up_to(EventRow, place),
            Retraction.block.is_(None),
        )
        .order_by(EventRow.block, EventRow.log_index)
    )
    rows = [session.execute(each.limit(1)).one_or_none() for each in (lost, added)]
    return min(((row[0], row[1]) for row in rows if row is not None), default=None)


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
    return last_event(session, block)


def _last_gone(session: Session, reorganization: Reorganization, block: int) -> Retraction | None:
    """The last event up to a block that a reorganisation took back."""
    return session.scalar(
        select(Retraction)
        .where(Retraction.reorganization == reorganization.number, Retraction.block <= block)
        .order_by(Retraction.block.desc(), Retraction.log_index.desc())
        .limit(1)
    )


def last_change(session: Session) -> DocumentChange | None:
    """The last change of a document."""
    newest = select(func.max(DocumentChange.number)).scalar_subquery()
    return session.scalar(select(DocumentChange).where(DocumentChange.number == newest))


def gone(why: str) -> FeedCursorGoneError:
    """The error that tells a reader to begin anew."""
    return FeedCursorGoneError(
        f"The cursor leads nowhere: {why}. Forget what was read and begin without a cursor."
    )


def _after(place: FeedCursor, reorganization: Reorganization | None) -> FeedCursor:
    if reorganization is None:
        return replace(place, reorganization=0, reorganization_tag="")
    number, seen = reorganization.number, _tag(reorganization)
    return replace(place, reorganization=number, reorganization_tag=seen)


def _tag(row: Reorganization) -> str:
    return tag(row.fork_hash, row.block_hash, row.noticed_at)


def _change_tag(row: DocumentChange) -> str:
    return tag(row.hash, row.noticed_at)


def _short(block_hash: str) -> str:
    return block_hash[2 : 2 + HASH_DIGITS]
