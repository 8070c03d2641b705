"""What a payment consists of, part by part, each with what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.models import Deduction, Payment
from backend.queries.terms import ConditionsRow, TaxRow
from backend.queries.values import (
    Currency,
    Money,
    Party,
    Row,
    Source,
    changed_by,
    made_by,
    when_known,
)


class PaymentPart(Row, frozen=True):
    """One part of a payment; all of them add up to its gross.

    `part` is "advance", "retention", "damages", "tax", "direct-payment" or "net". `status` is
    "withheld" for what stays in the agreement, "paid" or "owed" for the rest, which has a
    `recipient`. `condition` is the field of the contract's conditions that says so, `rate` its rate
    as text (for damages: of each day), `base` what that is a share of ("gross" or "received"), and
    `days` by how many days the work was late.
    """

    part: str
    amount: Money
    status: str
    recipient: Party | None
    account: str | None
    paid_at: datetime | None
    condition: str | None
    rate: str | None
    base: str | None
    days: int | None
    source: Source


_WITHHELD = {
    "advance": "recovery_rate",
    "retention": "retention_rate",
    "damages": "damages_rate",
}
"""What stays in the agreement, and the condition that says how much of it."""


def deductions_of(session: Session, payments: Sequence[int]) -> dict[int, list[Deduction]]:
    """The deductions of payments, by the payment's number, in order."""
    found: dict[int, list[Deduction]] = defaultdict(list)
    for start in range(0, len(payments), 500):
        wanted = Deduction.payment.in_(payments[start : start + 500])
        statement = select(Deduction).where(wanted)
        rows = session.scalars(statement.order_by(Deduction.payment, Deduction.position))
        for row in rows:
            found[row.payment].append(row)
    return found


def parts_of(
    row: Payment,
    deductions: list[Deduction],
    conditions: ConditionsRow,
    people: dict[str, Party],
    currency: Currency,
) -> list[PaymentPart]:
    """The parts in the order in which they are reckoned; those of nothing are left out."""
    found = [
        _withheld(row, part, currency.money(amount), condition, conditions)
        for part, condition in _WITHHELD.items()
        if (amount := getattr(row, part))
    ]
    found += [_deducted(each, conditions, people, currency) for each in deductions]
    return [*found, _net(row, people[row.payee], currency)]


def _withheld(
    row: Payment,
    part: str,
    amount: Money,
    condition: str,
    conditions: ConditionsRow,
) -> PaymentPart:
    return PaymentPart(
        part=part,
        amount=amount,
        status="withheld",
        recipient=None,
        account=None,
        paid_at=None,
        condition=_camel(condition),
        rate=str(getattr(conditions, condition)),
        base="gross",
        days=row.late_days if part == "damages" else None,
        source=made_by(row),
    )


def _deducted(
    row: Deduction, conditions: ConditionsRow, people: dict[str, Party], currency: Currency
) -> PaymentPart:
    tax = _tax(row, conditions)
    return PaymentPart(
        part=row.part,
        amount=currency.money(row.amount),
        status=row.status,
        recipient=people[row.recipient],
        account=row.account,
        paid_at=when_known(row.paid_at),
        condition="taxes" if row.part == "tax" else "directPayments",
        rate=tax.rate if tax else None,
        base=tax.base if tax else None,
        days=None,
        source=changed_by(row),
    )


def _tax(row: Deduction, conditions: ConditionsRow) -> TaxRow | None:
    if row.part != "tax" or row.term is None:
        return None
    return conditions.taxes[row.term]


def _net(row: Payment, payee: Party, currency: Currency) -> PaymentPart:
    return PaymentPart(
        part="net",
        amount=currency.money(row.net),
        status=row.status,
        recipient=payee,
        account=row.account,
        paid_at=when_known(row.paid_at),
        condition=None,
        rate=None,
        base=None,
        days=None,
        source=changed_by(row),
    )


@cache
def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
