"""What was paid in each of some periods that follow one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backend.db.models import Deduction, Payment
from backend.db.types import exact_sum
from backend.queries.values import Money, currencies, seconds, when_known


@dataclass(frozen=True, slots=True)
class PeriodPaid:
    """How many payments reached their payees in a period, and all that left in it: to payees,
    collectors and subcontractors."""

    payments: int
    amount: Money


@dataclass(frozen=True, slots=True)
class CurrencyPaid:
    """One entry for each period."""

    currency: str
    periods: list[PeriodPaid]


def paid_by_period(session: Session, bounds: Sequence[datetime]) -> list[CurrencyPaid]:
    """What was paid between each of `bounds` and the next, for each currency in which anything
    was, in the order in which they were admitted."""
    periods = len(bounds) - 1
    found: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _ in range(periods)])
    for model, amount, at in (
        (Payment, Payment.net, Payment.dated_at),
        (Deduction, Deduction.amount, Deduction.paid_at),
    ):
        for token, period, count, paid in session.execute(_sums(model, amount, at, bounds)):
            found[token][period][0] += count if model is Payment else 0
            found[token][period][1] += paid
    return [
        CurrencyPaid(unit.code, [PeriodPaid(n, unit.money(paid)) for n, paid in found[token]])
        for token, unit in currencies(session).items()
        if token in found
    ]


def latest_payment(session: Session) -> datetime | None:
    """The date of the latest payment; None while there is none."""
    return when_known(session.scalar(select(func.max(Payment.dated_at))))


def _sums(model: Any, amount: Any, at: Any, bounds: Sequence[datetime]) -> Any:
    first, *ends = map(seconds, bounds)
    period = case(*[(at < end, place) for place, end in enumerate(ends)]).label("period")
    gone = (model.status == "paid", at >= first, at < ends[-1])
    columns = (model.token, period, func.count(), exact_sum(amount))
    return select(*columns).where(*gone).group_by(model.token, period)
