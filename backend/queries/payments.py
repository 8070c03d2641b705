"""Payments with every part of them, and claims on what could not be paid out yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from backend.db.models import (
    NO_MILESTONE,
    Agreement,
    Claim,
    Cursor,
    Deduction,
    InterestPayment,
    Milestone,
    Payment,
    Token,
)
from backend.queries.contracts import ContractReference, reference
from backend.queries.errors import NotFoundError
from backend.queries.gathering import Found, by_key
from backend.queries.index import final_block
from backend.queries.pages import Order, Page, Sort, fetch
from backend.queries.parts import PaymentPart, deductions_of, parts_of
from backend.queries.terms import ConditionsRow, conditions_of
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Row,
    Source,
    changed_by,
    currencies,
    made_by,
    parties,
    when,
    when_known,
    year_span,
)

SORTS = {
    "date": Sort("date", Payment.dated_at, Payment.number),
    "gross": Sort("gross", Payment.gross, Payment.number),
    "net": Sort("net", Payment.net, Payment.number),
}
"""`date` is when the net was paid or, while it is owed, when the payment was worked out."""


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments; None does not restrict.

    `agreement` is an address, `payee`, `recipient` and `buyer` are participant ids: the payee gets
    the net, a recipient a deduction. `status` is "paid" or "owed", `year` that of the date, in UTC.
    """

    agreement: str | None = None
    payee: str | None = None
    recipient: str | None = None
    buyer: str | None = None
    status: str | None = None
    year: int | None = None
    currency: str | None = None


class PaymentRow(Row, frozen=True):
    """A payment: `gross = advance + retention + damages + taxes + direct + net`.

    `milestone` is None for what belongs to none; `basis` is what the payment rests on. `status` is
    that of the net, "paid" or "owed"; `claimed` says that it was pulled later. `carried` are all
    the delay damages that were carried forward after it; `interest` is what the buyer owes besides,
    for `interest_days` days. `made_at` is when it was worked out, `paid_at` when the net went out;
    `final` says that the chain will not give it up any more, as it stands.
    """

    number: int
    contract: ContractReference
    milestone: int | None
    milestone_title: str | None
    source_id: str | None
    source_date: str | None
    payer: Party
    payee: Party
    account: str | None
    basis: str
    attempt: int
    gross: Money
    advance: Money
    retention: Money
    damages: Money
    taxes: Money
    direct: Money
    net: Money
    late_days: int
    carried: Money
    interest: Money
    interest_days: int
    parts: list[PaymentPart]
    status: str
    claimed: bool
    made_at: datetime
    paid_at: datetime | None
    final: bool
    source: Source
    changed: Source


class ClaimRow(Row, frozen=True):
    """What a payee could or can pull: `owed` waits, `paid` was pulled; for a milestone or none."""

    milestone: int | None
    payee: Party
    owed: Money
    paid: Money
    since: datetime
    paid_at: datetime | None
    source: Source
    changed: Source


class InterestPaymentRow(Row, frozen=True):
    """Interest that the treasury paid straight to the supplier."""

    by: Party
    account: str
    amount: Money
    paid_at: datetime
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


def payment(session: Session, number: int) -> PaymentRow:
    """One payment by its number; raises `NotFoundError`."""
    rows = session.execute(_joined().where(Payment.number == number)).all()
    if not rows:
        raise NotFoundError(f"There is no payment {number}.")
    return _payments(session, rows)[0]


def payments_of(
    found: Found, people: dict[str, Party], agreed: ConditionsRow, currency: Currency
) -> list[PaymentRow]:
    """All payments of an agreement, oldest first."""
    agreement = found.one(Agreement)
    contract, payer = reference(agreement), people[agreement.buyer]
    milestones = {row.number: row for row in found.all(Milestone)}
    deductions = by_key(found.all(Deduction), attrgetter("payment"))
    final = found.one(Cursor).final_block
    return [
        _payment(
            row,
            contract,
            payer,
            milestones.get(cast("int", row.milestone)),
            parts_of(row, deductions[row.number], agreed, people, currency),
            people[row.payee],
            currency.money,
            final,
        )
        for row in found.all(Payment)
    ]


def claims_of(found: Found, people: dict[str, Party], currency: Currency) -> list[ClaimRow]:
    """All claims of an agreement, in the order of the milestones; what belongs to none first."""
    return [
        ClaimRow(
            milestone=None if row.milestone == NO_MILESTONE else row.milestone,
            payee=people[row.payee],
            owed=currency.money(row.owed),
            paid=currency.money(row.paid),
            since=when(row.since),
            paid_at=when_known(row.paid_at),
            source=made_by(row),
            changed=changed_by(row),
        )
        for row in found.all(Claim)
    ]


def interest_payments_of(
    found: Found, people: dict[str, Party], currency: Currency
) -> list[InterestPaymentRow]:
    """All interest that was paid, oldest first."""
    return [
        InterestPaymentRow(
            by=people[row.by],
            account=row.account,
            amount=currency.money(row.amount),
            paid_at=when(row.paid_at),
            source=made_by(row),
        )
        for row in found.all(InterestPayment)
    ]


def _joined() -> Select[Payment, Agreement, Milestone]:
    pair = (Milestone.agreement == Payment.agreement) & (Milestone.number == Payment.milestone)
    return (
        select(Payment, Agreement, Milestone)
        .join(Agreement, Agreement.address == Payment.agreement)
        .outerjoin(Milestone, pair)
    )


def _conditions(wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    exact: dict[Any, Any] = {
        Payment.agreement: wanted.agreement,
        Payment.payee: wanted.payee,
        Payment.status: wanted.status,
        Agreement.buyer: wanted.buyer,
    }
    found = [column == value for column, value in exact.items() if value is not None]
    if wanted.recipient is not None:
        deducted = select(Deduction.payment).where(Deduction.recipient == wanted.recipient)
        found.append(Payment.number.in_(deducted))
    if wanted.currency is not None:
        tokens = select(Token.address).where(Token.currency == wanted.currency)
        found.append(Payment.token.in_(tokens))
    if wanted.year is not None:
        start, end = year_span(wanted.year)
        found += [Payment.dated_at >= start, Payment.dated_at < end]
    return found


def _payments(session: Session, rows: Sequence[Any]) -> list[PaymentRow]:
    codes = currencies(session)
    agreements = {row[1].address: codes[row[1].token] for row in rows}
    agreed = conditions_of(session, agreements)
    deductions = deductions_of(session, [row[0].number for row in rows])
    ids = [who for row in rows for who in (row[0].payee, row[1].buyer)]
    ids += [each.recipient for some in deductions.values() for each in some]
    people, final = parties(session, ids), final_block(session)
    return [
        _payment(
            row,
            reference(agreement),
            people[agreement.buyer],
            milestone,
            parts_of(row, deductions[row.number], agreed[row.agreement], people, codes[row.token]),
            people[row.payee],
            codes[row.token].money,
            final,
        )
        for row, agreement, milestone in rows
    ]


def _payment(
    row: Payment,
    contract: ContractReference,
    payer: Party,
    milestone: Milestone | None,
    parts: list[PaymentPart],
    payee: Party,
    money: Callable[[int], Money],
    final: int,
) -> PaymentRow:
    return PaymentRow(
        row.number,
        contract,
        row.milestone,
        milestone.title if milestone else None,
        milestone.source_id if milestone else None,
        milestone.source_date if milestone else None,
        payer,
        payee,
        row.account,
        row.basis,
        row.attempt,
        money(row.gross),
        money(row.advance),
        money(row.retention),
        money(row.damages),
        money(row.taxes),
        money(row.direct),
        money(row.net),
        row.late_days,
        money(row.carried),
        money(row.interest),
        row.interest_days,
        parts,
        row.status,
        row.claimed,
        when(row.made_at),
        when_known(row.paid_at),
        row.changed_block <= final,
        made_by(row),
        changed_by(row),
    )
