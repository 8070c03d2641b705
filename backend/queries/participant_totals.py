"""What a participant did, in each of its parts."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Deduction, Payment
from backend.db.types import exact_sum
from backend.queries.values import Money, Row, currencies

Part = Literal["buyer", "supplier", "payee", "collector", "subcontractor"]


class ParticipantTotals(Row, frozen=True):
    """What a participant did in one part and one currency.

    As buyer and as supplier: its contracts, their value, their payments, and what under them was
    paid and is owed to whomever. As payee, as collector of taxes and as subcontractor that is paid
    directly: the contracts and payments of which it gets something, what it was paid and is owed,
    and no value.
    """

    part: Part
    currency: str
    contracts: int
    payments: int
    value: Money | None
    paid: Money
    owed: Money


def participant_totals(session: Session, who: str) -> list[ParticipantTotals]:
    """The totals of a participant, part by part, each in the order of currencies."""
    found = [
        _as_party(session, "buyer", Agreement.buyer == who),
        _as_party(session, "supplier", Agreement.supplier == who),
        _as_recipient(session, "payee", Payment, Payment.payee == who),
        _as_recipient(session, "collector", Deduction, _deducted(who, "tax")),
        _as_recipient(session, "subcontractor", Deduction, _deducted(who, "direct-payment")),
    ]
    return [row for rows in found for row in rows]


def _deducted(who: str, part: str) -> ColumnElement[bool]:
    return and_(Deduction.recipient == who, Deduction.part == part)


def _as_party(
    session: Session, part: Part, condition: ColumnElement[bool]
) -> list[ParticipantTotals]:
    sums = [exact_sum(c) for c in (Agreement.value, Agreement.paid, Agreement.owed)]
    statement: Any = select(Agreement.token, func.count(), func.sum(Agreement.payments), *sums)
    rows = session.execute(statement.where(condition).group_by(Agreement.token)).all()
    codes = currencies(session)
    return sorted(
        (
            ParticipantTotals(
                part=part,
                currency=codes[token].code,
                contracts=count,
                payments=int(payments),
                value=codes[token].money(value),
                paid=codes[token].money(paid),
                owed=codes[token].money(owed),
            )
            for token, count, payments, value, paid, owed in rows
        ),
        key=lambda row: row.currency,
    )


def _as_recipient(
    session: Session,
    part: Part,
    model: type[Payment] | type[Deduction],
    condition: ColumnElement[bool],
) -> list[ParticipantTotals]:
    amount = Payment.net if model is Payment else Deduction.amount
    payment = Payment.number if model is Payment else Deduction.payment
    counts = (func.count(model.agreement.distinct()), func.count(payment.distinct()))
    sums = [exact_sum(case((model.status == status, amount))) for status in ("paid", "owed")]
    statement: Any = select(model.token, *counts, *sums)
    rows = session.execute(statement.where(condition).group_by(model.token))
    codes = currencies(session)
    found = []
    for token, contracts, payments, paid, owed in rows:
        money = codes[token].money
        found.append(
            ParticipantTotals(
                part=part,
                currency=codes[token].code,
                contracts=contracts,
                payments=payments,
                value=None,
                paid=money(paid),
                owed=money(owed),
            )
        )
    return sorted(found, key=lambda row: row.currency)
