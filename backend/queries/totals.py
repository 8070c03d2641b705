"""Sums per currency; amounts in different currencies are never added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, BudgetLine, Token
from backend.db.types import exact_sum
from backend.queries.filters import ContractFilter, conditions
from backend.queries.values import Currency, Money, Row

_SUMMED = (
    "value",
    "scheduled",
    "funded",
    "accepted",
    "paid",
    "owed",
    "refunded",
    "advance_outstanding",
    "interest_owed",
)


class CurrencyTotals(Row, frozen=True):
    """Sums of one currency. `appropriated` and `committed` are of budget lines, the rest of
    contracts: `funded = paid + owed + held + refunded`. `paid` is all that left to payees,
    collectors and subcontractors; `interest_owed` comes on top. `late` counts contracts with a
    milestone that is to be submitted and late."""

    currency: str
    lines: int
    appropriated: Money
    committed: Money
    contracts: int
    value: Money
    scheduled: Money
    funded: Money
    accepted: Money
    paid: Money
    owed: Money
    refunded: Money
    held: Money
    advance_outstanding: Money
    interest_owed: Money
    payments: int
    late: int


def totals(
    session: Session, now: datetime, *, buyer: str | None = None, year: int | None = None
) -> list[CurrencyTotals]:
    """Sums per currency, in the order in which currencies were admitted.

    `buyer` is a participant id; `year` is the fiscal year of budget lines and the year of the
    signature (or creation) of contracts, in UTC.
    """
    lines = _lines(session, buyer, year)
    contracts = _contracts(session, ContractFilter(buyer=buyer, year=year), now)
    late = _contracts(session, ContractFilter(buyer=buyer, year=year, late=True), now)
    tokens = session.scalars(select(Token).order_by(Token.number))
    return [_totals(row, lines, contracts, late) for row in tokens]


def _totals(
    token: Token, lines: dict[str, Any], contracts: dict[str, Any], late: dict[str, Any]
) -> CurrencyTotals:
    money = Currency(token.currency, token.decimals).money
    count, appropriated, committed = lines.get(token.address, (0, 0, 0))
    found = contracts.get(token.address, (0,) * (2 + len(_SUMMED)))
    sums = dict(zip(_SUMMED, map(money, found[2:]), strict=True))
    return CurrencyTotals(
        currency=token.currency,
        lines=count,
        appropriated=money(appropriated),
        committed=money(committed),
        contracts=found[0],
        payments=found[1],
        late=late.get(token.address, (0,))[0],
        held=money(_held(sums)),
        **sums,
    )


def _held(sums: dict[str, Money]) -> int:
    gone = sum(sums[name].minor for name in ("paid", "owed", "refunded"))
    return sums["funded"].minor - gone


def _lines(session: Session, buyer: str | None, year: int | None) -> dict[str, Any]:
    sums = (exact_sum(BudgetLine.appropriated), exact_sum(BudgetLine.committed))
    statement = select(BudgetLine.token, func.count(), *sums).group_by(BudgetLine.token)
    if buyer is not None:
        statement = statement.where(BudgetLine.buyer == buyer)
    if year is not None:
        statement = statement.where(BudgetLine.fiscal_year == year)
    return {row[0]: tuple(row[1:]) for row in session.execute(statement)}


def _contracts(session: Session, wanted: ContractFilter, now: datetime) -> dict[str, Any]:
    sums = [exact_sum(getattr(Agreement, name)) for name in _SUMMED]
    counts = (func.count(), func.coalesce(func.sum(Agreement.payments), 0))
    statement = select(Agreement.token, *counts, *sums).where(*conditions(wanted, now))
    rows = session.execute(statement.group_by(Agreement.token))
    return {row[0]: (row[1], int(row[2]), *row[3:]) for row in rows}
