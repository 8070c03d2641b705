"""How much there is of each year: contracts by their signature, payments by their date, in UTC."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, Payment
from backend.queries.values import when, year_span


@dataclass(frozen=True, slots=True)
class YearCount:
    """What there is of a year; `year` None is all years together."""

    year: int | None
    contracts: int
    payments: int


def year_counts(session: Session) -> list[YearCount]:
    """All years together, then each in which there is anything, newest first."""
    contracts, payments = _counts(session, Agreement), _counts(session, Payment)
    years = sorted(contracts.keys() | payments.keys(), reverse=True)
    whole = YearCount(None, sum(contracts.values()), sum(payments.values()))
    return [whole, *(YearCount(y, contracts.get(y, 0), payments.get(y, 0)) for y in years)]


def has_contracts(session: Session, year: int) -> bool:
    """Whether any contract was signed in a year (or created, where that is not known)."""
    start, end = year_span(year)
    found = select(Agreement.number).where(Agreement.dated_at >= start, Agreement.dated_at < end)
    return session.scalar(found.limit(1)) is not None


def _counts(session: Session, model: type[Agreement] | type[Payment]) -> dict[int, int]:
    """How many rows each year has; an index leads from one year to the next that has any."""
    found: dict[int, int] = {}
    end = 0
    while True:
        first = session.scalar(select(func.min(model.dated_at)).where(model.dated_at >= end))
        if first is None:
            return found
        year = when(first).year
        start, end = year_span(year)
        inside = (model.dated_at >= start, model.dated_at < end)
        found[year] = session.scalar(select(func.count()).where(*inside)) or 0
