"""The feed as it is published: each step with all that it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.chain.events import Event
from backend.db.models import Agreement, EventRow, Retraction, Token
from backend.queries.feed import FeedDocument, Step, steps
from backend.queries.feed_changes import Sides, changes, line_of, names
from backend.queries.feed_cursor import FeedCursor
from backend.queries.history import event_of
from backend.queries.index import IndexState
from backend.queries.occurrence import said
from backend.queries.values import Currency, Row, Source, when

Kind = Literal["event", "retraction", "document"]


class FeedItem(Row, frozen=True):
    """One thing that happened; `cursor` is how far a reader is that has it.

    A "retraction" takes back an "event" that was told before, which its `source` and `block_hash`
    name. A "document" tells that one was brought or removed; all but `document` is then said of the
    event that named it first. `data` holds what an event says, and is None for the other kinds.
    `reorganization` is the number of the one that took an event back. `changes` are paths of the
    API, and `names` what other answers name it by; see `feed_changes`.
    """

    cursor: str
    kind: Kind
    event: str
    contract: str
    address: str
    at: datetime
    agreement: str | None
    milestone: int | None
    participant: str | None
    budget_line: str | None
    changes: list[str]
    names: list[str]
    data: dict[str, Any] | None
    document: FeedDocument | None
    reorganization: int | None
    block_hash: str
    final: bool
    source: Source


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What comes next; `next` is the cursor after it, `more` whether that is not all."""

    items: list[FeedItem]
    next: str
    more: bool


def feed(session: Session, state: IndexState, after: FeedCursor | None, limit: int) -> FeedPage:
    """What a reader is told next; raises `FeedCursorGoneError`."""
    found = steps(session, state, after, limit)
    about = _About.of(session, (step.row for step in found.steps))
    items = [_item(step, state, about) for step in found.steps]
    return FeedPage(items, found.next.encode(), found.more)


@dataclass(frozen=True, slots=True)
class _About:
    """The currencies, by token, and what agreements are about, by their addresses."""

    currencies: dict[str, Currency]
    agreements: dict[str, Sides]

    @classmethod
    def of(cls, session: Session, rows: Iterable[EventRow | Retraction]) -> _About:
        """Those that rows are about."""
        agreements = {row.agreement for row in rows if row.agreement is not None}
        sides = select(Agreement.address, Agreement.token, Agreement.buyer, Agreement.supplier)
        found = session.execute(sides.where(Agreement.address.in_(agreements)))
        tokens = session.execute(select(Token.address, Token.currency, Token.decimals))
        return cls(
            {address: Currency(code, decimals) for address, code, decimals in tokens},
            {address: Sides(*rest) for address, *rest in found},
        )

    def sides(self, row: EventRow | Retraction) -> Sides | None:
        """What the agreement is about that an event is about, if it is about one."""
        return self.agreements.get(row.agreement or "")

    def currency(self, row: EventRow | Retraction, event: Event) -> Currency | None:
        """The currency of an event's amounts."""
        own = row.address if row.contract == "SettlementToken" else getattr(event, "token", None)
        sides = self.sides(row)
        return self.currencies.get(own or (sides.token if sides else ""))


def _item(step: Step, state: IndexState, about: _About) -> FeedItem:
    row = step.row
    event = event_of(row)
    kind: Kind = "event"
    if step.document is not None:
        kind = "document"
    elif isinstance(row, Retraction):
        kind = "retraction"
    told = kind == "event" and event is not None
    return FeedItem(
        cursor=step.after.encode(),
        kind=kind,
        event=row.name,
        contract=row.contract,
        address=row.address,
        at=when(row.block_timestamp),
        agreement=row.agreement,
        milestone=row.milestone,
        participant=row.participant,
        budget_line=line_of(event),
        changes=changes(row, event, about.sides(row)),
        names=names(row, event, step.document.hash if step.document else None),
        data=said(event, about.currency(row, event)) if told and event else None,
        document=step.document,
        reorganization=row.reorganization if isinstance(row, Retraction) else None,
        block_hash=row.block_hash,
        final=kind != "retraction" and row.block <= state.final_block,
        source=Source(row.block, row.transaction, row.log_index),
    )
