"""Payments: money that reached a payee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Milestone, Payment, Token
from backend.queries.contracts import ContractReference, reference
from backend.queries.pages import Order, Page, Sort, fetch
from backend.queries.values import (
    Money,
    Party,
    Source,
    currencies,
    parties,
    when,
    year_span,
)

SORTS = {
    "date": Sort("date", Payment.paid_at, Payment.number),
    "amount": Sort("amount", Payment.amount, Payment.number),
}


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments; None does not restrict.

    `agreement` is an address, `payee` and `buyer` are participant ids, `year` is that of the
    payment, in UTC.
    """

    agreement: str | None = None
    payee: str | None = None
    buyer: str | None = None
    year: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment; `claimed` says that the payee pulled what could not be pushed on acceptance."""

    number: int
    contract: ContractReference
    milestone: int
    milestone_title: str | None
    source_id: str | None
    source_date: str | None
    payer: Party
    payee: Party
    account: str
    amount: Money
    paid_at: datetime
    claimed: bool
    source: Source


def payments(
    session: Session,
    wanted: PaymentFilter,
    *,
    sort: str = "date",
    order: Order = "desc",
    limit: int = 50,
    after: str | None = None,
) -> Page[PaymentRow]:
    """One page of the payments that match; `sort` is a key of `SORTS`.

    Raises `InvalidCursorError`.
    """
    statement = _joined().where(*_conditions(wanted))
    rows, following = fetch(session, statement, SORTS[sort], order, limit, after)
    return Page(_payments(session, rows), following)


def payments_of(session: Session, agreement: str) -> list[PaymentRow]:
    """All payments of an agreement, oldest first."""
    statement = _joined().where(Payment.agreement == agreement).order_by(Payment.number)
    return _payments(session, session.execute(statement).all())


def _joined() -> Select[Payment, Agreement, Milestone]:
    pair = (Milestone.agreement == Payment.agreement) & (Milestone.number == Payment.milestone)
    return (
        select(Payment, Agreement, Milestone)
        .join(Agreement, Agreement.address == Payment.agreement)
        .join(Milestone, pair)
    )


def _conditions(wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    exact = {
        Payment.agreement: wanted.agreement,
        Payment.payee: wanted.payee,
        Agreement.buyer: wanted.buyer,
    }
    found = [column == value for column, value in exact.items() if value is not None]
    if wanted.currency is not None:
        tokens = select(Token.address).where(Token.currency == wanted.currency)
        found.append(Payment.token.in_(tokens))
    if wanted.year is not None:
        start, end = year_span(wanted.year)
        found += [Payment.paid_at >= start, Payment.paid_at < end]
    return found


def _payments(session: Session, rows: Sequence[Any]) -> list[PaymentRow]:
    codes = currencies(session)
    people = parties(session, [i for row in rows for i in (row[0].payee, row[1].buyer)])
    return [
        PaymentRow(
            number=payment.number,
            contract=reference(agreement),
            milestone=payment.milestone,
            milestone_title=milestone.title,
            source_id=milestone.source_id,
            source_date=milestone.source_date,
            payer=people[agreement.buyer],
            payee=people[payment.payee],
            account=payment.account,
            amount=codes[payment.token].money(payment.amount),
            paid_at=when(payment.paid_at),
            claimed=payment.claimed,
            source=Source(payment.block, payment.transaction, payment.log_index),
        )
        for payment, agreement, milestone in rows
    ]
