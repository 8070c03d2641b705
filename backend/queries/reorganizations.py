"""What the chain gave up, and the index published before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.models import Reorganization, Retraction
from backend.queries.errors import NotFoundError
from backend.queries.history import PlacedEntry, placed
from backend.queries.pages import Order, Page, Sort, fetch
from backend.queries.values import Row, when

_SORT = Sort("number", Reorganization.number, Reorganization.number)
_NEVER = -1


class ReorganizationRow(Row, frozen=True):
    """The chain gave up `depth` blocks: those after `fork_block` up to `block`, as the index had
    them; `events` counts what was published of them."""

    number: int
    fork_block: int
    fork_hash: str
    block: int
    block_hash: str
    depth: int
    noticed_at: datetime
    events: int


class ReorganizationDetail(Row, frozen=True):
    """A reorganisation with all that was taken back, oldest first."""

    reorganization: ReorganizationRow
    retractions: list[PlacedEntry]


def reorganizations(
    session: Session, *, order: Order = "desc", limit: int = 50, after: str | None = None
) -> Page[ReorganizationRow]:
    """All reorganisations, page by page; raises `InvalidCursorError`."""
    rows, following = fetch(session, _with_events(), _SORT, order, limit, after)
    return Page([_row(*row) for row in rows], following)


def reorganization(session: Session, number: int) -> ReorganizationDetail:
    """One of them with all that was taken back, oldest first; raises `NotFoundError`."""
    found = session.execute(_with_events().where(Reorganization.number == number)).one_or_none()
    if found is None:
        raise NotFoundError(f"There is no reorganisation {number}.")
    gone = select(Retraction).where(Retraction.reorganization == number)
    rows = session.scalars(gone.order_by(Retraction.block, Retraction.log_index))
    return ReorganizationDetail(_row(*found), [placed(row, _NEVER) for row in rows])


def latest_reorganization(session: Session) -> ReorganizationRow | None:
    """The last one, if there was any."""
    return next(iter(reorganizations(session, limit=1).items), None)


def _with_events() -> Any:
    events = (
        select(func.count())
        .where(Retraction.reorganization == Reorganization.number)
        .scalar_subquery()
    )
    return select(Reorganization, events)


def _row(row: Reorganization, events: int) -> ReorganizationRow:
    return ReorganizationRow(
        number=row.number,
        fork_block=row.fork_block,
        fork_hash=row.fork_hash,
        block=row.block,
        block_hash=row.block_hash,
        depth=row.block - row.fork_block,
        noticed_at=when(row.noticed_at),
        events=events,
    )
