"""The conditions of agreements, as signed."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Conditions, DirectPayment, Tax
from backend.queries.gathering import Found
from backend.queries.values import (
    BASIS_POINTS,
    MILLIONTHS,
    Currency,
    Money,
    Party,
    Row,
    parties,
    share,
)

Term = TypeVar("Term", Tax, DirectPayment)


class TaxRow(Row, frozen=True):
    """A tax or levy of numerator / denominator of its base, "gross" or "received"."""

    recipient: Party
    numerator: int
    denominator: int
    base: str

    @property
    def rate(self) -> str:
        """The rate as a fraction, e.g. "11/111"."""
        return f"{self.numerator}/{self.denominator}"


class DirectPaymentRow(Row, frozen=True):
    """What a milestone pays straight to a subcontractor; `paid` of it went out or is owed."""

    milestone: int
    recipient: Party
    amount: Money
    paid: Money


class ConditionsRow(Row, frozen=True):
    """Conditions; rates are shares of one, e.g. 0.0500, those of damages and interest for each day.

    Days are calendar days, but `review_days`: working days. Zero switches a rule off.
    """

    advance_rate: Decimal
    recovery_rate: Decimal
    retention_rate: Decimal
    security_rate: Decimal
    damages_rate: Decimal
    damages_cap: Decimal
    interest_rate: Decimal
    amendment_cap: Decimal
    default_share: Decimal
    review_days: int
    payment_days: int
    dispute_days: int
    ruling_days: int
    hold_days: int
    suspension_days: int
    cure_days: int
    defects_days: int
    lapse_days: int
    taxes: list[TaxRow]
    direct_payments: list[DirectPaymentRow]


def agreed_conditions(found: Found, people: dict[str, Party], currency: Currency) -> ConditionsRow:
    """The conditions of one agreement."""
    return _conditions(
        found.one(Conditions),
        [_tax(tax, people) for tax in found.all(Tax)],
        [_direct(each, people, currency) for each in found.all(DirectPayment)],
    )


def conditions_of(session: Session, agreements: dict[str, Currency]) -> dict[str, ConditionsRow]:
    """The conditions of agreements, by address; `agreements` gives each one's currency."""
    found: dict[str, ConditionsRow] = {}
    addresses = sorted(agreements)
    for start in range(0, len(addresses), 500):
        found |= _read(session, addresses[start : start + 500], agreements)
    return found


def _read(
    session: Session, addresses: list[str], currencies: dict[str, Currency]
) -> dict[str, ConditionsRow]:
    rows = session.scalars(select(Conditions).where(Conditions.agreement.in_(addresses))).all()
    taxes = _table(session, Tax, [row.agreement for row in rows if row.taxes])
    direct = _table(session, DirectPayment, [row.agreement for row in rows if row.direct_payments])
    people = parties(session, [*_recipients(taxes), *_recipients(direct)])
    return {
        row.agreement: _conditions(
            row,
            [_tax(tax, people) for tax in taxes[row.agreement]],
            [_direct(each, people, currencies[row.agreement]) for each in direct[row.agreement]],
        )
        for row in rows
    }


def _table(session: Session, model: type[Term], addresses: list[str]) -> dict[str, list[Term]]:
    """The rows of agreements, by address, in the order of their places."""
    found: dict[str, list[Term]] = defaultdict(list)
    if addresses:
        statement = select(model).where(model.agreement.in_(addresses)).order_by(model.position)
        for row in session.scalars(statement):
            found[row.agreement].append(row)
    return found


def _recipients(table: dict[str, list[Term]]) -> list[str]:
    return [row.recipient for rows in table.values() for row in rows]


def _tax(row: Tax, people: dict[str, Party]) -> TaxRow:
    return TaxRow(people[row.recipient], row.numerator, row.denominator, row.base)


def _direct(row: DirectPayment, people: dict[str, Party], currency: Currency) -> DirectPaymentRow:
    money = currency.money
    return DirectPaymentRow(
        row.milestone, people[row.recipient], money(row.amount), money(row.paid)
    )


def _conditions(
    row: Conditions, taxes: list[TaxRow], direct_payments: list[DirectPaymentRow]
) -> ConditionsRow:
    return ConditionsRow(
        advance_rate=share(row.advance_rate, BASIS_POINTS),
        recovery_rate=share(row.recovery_rate, BASIS_POINTS),
        retention_rate=share(row.retention_rate, BASIS_POINTS),
        security_rate=share(row.security_rate, BASIS_POINTS),
        damages_rate=share(row.damages_rate, MILLIONTHS),
        damages_cap=share(row.damages_cap, BASIS_POINTS),
        interest_rate=share(row.interest_rate, MILLIONTHS),
        amendment_cap=share(row.amendment_cap, BASIS_POINTS),
        default_share=share(row.default_share, BASIS_POINTS),
        review_days=row.review_days,
        payment_days=row.payment_days,
        dispute_days=row.dispute_days,
        ruling_days=row.ruling_days,
        hold_days=row.hold_days,
        suspension_days=row.suspension_days,
        cure_days=row.cure_days,
        defects_days=row.defects_days,
        lapse_days=row.lapse_days,
        taxes=taxes,
        direct_payments=direct_payments,
    )
