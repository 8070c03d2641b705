"""What pages for readers need besides the answers that programs get."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.models import (
    Agreement,
    BudgetLine,
    Deduction,
    Document,
    EventRow,
    Participant,
    Payment,
)
from backend.db.types import exact_sum
from backend.queries import contract_pages
from backend.queries import contracts as contract_queries
from backend.queries import payments as payment_queries
from backend.queries.contracts import ContractReference, ContractSummary, reference
from backend.queries.errors import NotFoundError
from backend.queries.filters import ContractFilter
from backend.queries.history import HistoryEntry, entry_of
from backend.queries.index import final_block
from backend.queries.pages import Order, Page, encode_cursor
from backend.queries.payments import PaymentFilter, PaymentRow
from backend.queries.values import Currency, Money, currencies, seconds

Item = TypeVar("Item")

EXAMPLE_SCHEMES = ("CONTOH", "X-CONTOH")
"""How the schemes of invented participants begin."""

_EXAMPLE_AMONG_FIRST = 50


@dataclass(frozen=True, slots=True)
class Spread(Generic[Item]):
    """One page with the cursors to both sides; None where there is no more."""

    items: list[Item]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Paid:
    """How many payments there were, and all that left with them."""

    payments: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Fact:
    """One event with the address that emitted it and the contract that it is about, if any."""

    entry: HistoryEntry
    address: str
    contract: ContractReference | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: `state` is "missing", "present" or "erased", `content` what a JSON one says."""

    hash: str
    kind: str
    state: str
    content: dict[str, Any]

    @property
    def text(self) -> str | None:
        """The prose of a note or report."""
        return told(self.content, "text")


def told(content: dict[str, Any], name: str) -> str | None:
    """A text of a JSON document; None if it is not there or something else."""
    value = content.get(name)
    return value if isinstance(value, str) and value.strip() else None


def contracts_spread(
    session: Session,
    wanted: ContractFilter,
    now: datetime,
    *,
    sort: str,
    order: Order,
    limit: int,
    after: str | None,
    before: str | None,
) -> Spread[ContractSummary]:
    """One page of contracts, after or before a cursor; raises `InvalidCursorError`."""

    def pages(direction: Order, cursor: str | None) -> Page[ContractSummary]:
        return contract_pages.contracts(
            session, wanted, now, sort=sort, order=direction, limit=limit, after=cursor
        )

    def cursor(item: ContractSummary, direction: Order) -> str:
        row = session.get_one(Agreement, item.reference.address)
        return encode_cursor(row, contract_queries.SORTS[sort], direction)

    return _spread(pages, cursor, order, after, before)


def payments_spread(
    session: Session,
    wanted: PaymentFilter,
    *,
    sort: str,
    order: Order,
    limit: int,
    after: str | None,
    before: str | None,
) -> Spread[PaymentRow]:
    """One page of payments, after or before a cursor; raises `InvalidCursorError`."""

    def pages(direction: Order, cursor: str | None) -> Page[PaymentRow]:
        return payment_queries.payments(
            session, wanted, sort=sort, order=direction, limit=limit, after=cursor
        )

    def cursor(item: PaymentRow, direction: Order) -> str:
        row = session.get_one(Payment, item.number)
        return encode_cursor(row, payment_queries.SORTS[sort], direction)

    return _spread(pages, cursor, order, after, before)


def payments_since(session: Session, since: datetime) -> list[Paid]:
    """What was paid from a moment on, for each currency in which anything was.

    All that left: to payees, and the deductions to collectors and subcontractors.
    """
    totals: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for model, amount, at in (
        (Payment, Payment.net, Payment.dated_at),
        (Deduction, Deduction.amount, Deduction.paid_at),
    ):
        columns = (model.token, func.count(), exact_sum(amount))
        gone = (model.status == "paid", at >= seconds(since))
        statement = select(*columns).where(*gone).group_by(model.token)
        for token, count, paid in session.execute(statement):
            payments, before = totals[token]
            totals[token] = payments + (count if model is Payment else 0), before + paid
    codes = currencies(session)
    found = [Paid(count, codes[token].money(paid)) for token, (count, paid) in totals.items()]
    return sorted(found, key=lambda paid: paid.amount.currency)


def find_fact(session: Session, block: int, log_index: int) -> Fact:
    """The event at this place on the chain; raises `NotFoundError`."""
    row = session.get(EventRow, (block, log_index))
    if row is None:
        raise NotFoundError(f"Nothing is recorded in block {block} as entry {log_index}.")
    agreement = session.get(Agreement, row.agreement) if row.agreement else None
    entry = entry_of(row, final_block(session))
    return Fact(entry, row.address, reference(agreement) if agreement else None)


def fact_currency(session: Session, fact: Fact) -> Currency | None:
    """The currency of the amounts of an event, where it is about money of one currency."""
    codes = currencies(session)
    if fact.contract is not None:
        return codes[session.get_one(Agreement, fact.contract.address).token]
    line = session.get(BudgetLine, fact.entry.arguments.get("line", ""))
    return codes.get(line.token if line else fact.address)


def papers(session: Session, hashes: Iterable[str | None]) -> dict[str, Paper]:
    """Documents by hash; those that no event names are left out."""
    wanted = sorted({digest for digest in hashes if digest})
    found: dict[str, Paper] = {}
    for start in range(0, len(wanted), 500):
        chunk = Document.hash.in_(wanted[start : start + 500])
        for row in session.scalars(select(Document).where(chunk)):
            content = json.loads(row.text) if row.text else {}
            found[row.hash] = Paper(row.hash, row.kind, row.state, content)
    return found


def is_example(session: Session) -> bool:
    """Whether the participants are invented: the example is played before all else."""
    early = Participant.number <= _EXAMPLE_AMONG_FIRST
    schemes = session.scalars(select(Participant.scheme).where(early).distinct())
    return any(scheme.startswith(EXAMPLE_SCHEMES) for scheme in schemes)


def _spread(
    pages: Callable[[Order, str | None], Page[Item]],
    cursor: Callable[[Item, Order], str],
    order: Order,
    after: str | None,
    before: str | None,
) -> Spread[Item]:
    back: Order = "desc" if order == "asc" else "asc"
    if before is None:
        page = pages(order, after)
        first = cursor(page.items[0], back) if after and page.items else None
        return Spread(page.items, first, page.next)
    page = pages(back, before)
    items = page.items[::-1]
    return Spread(items, page.next, cursor(items[-1], order) if items else None)
