"""What became of appropriated money: by buyer and year, and line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.models import Agreement, BudgetLine
from backend.db.types import exact_sum
from backend.queries.budget import BudgetLineRow
from backend.queries.values import Currency, Money, Party, currencies, parties

_SUMMED = ("accepted", "paid", "owed", "retained", "advance_outstanding")


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of budget lines: `committed` to contracts, of which `accepted` is earned.

    `paid` is all that left to payees, collectors and subcontractors, `owed` waits for payees,
    `retained` is kept until defects can no longer show, `advance` was paid before the work.
    """

    lines: int
    contracts: int
    appropriated: Money
    committed: Money
    accepted: Money
    paid: Money
    owed: Money
    retained: Money
    advance: Money


@dataclass(frozen=True, slots=True)
class UnitSpent:
    """What became of the lines of one buyer."""

    buyer: Party
    spent: Spent


@dataclass(frozen=True, slots=True)
class CurrencySpent:
    """What became of the lines of one currency, in sum and by buyer, the largest first."""

    currency: str
    spent: Spent
    units: list[UnitSpent]


def spending(
    session: Session, year: int | None = None, buyer: str | None = None
) -> list[CurrencySpent]:
    """What became of the lines of a fiscal year, or of all, of a buyer, or of all.

    The contracts are those that commit these lines, whatever the year in which they are paid. One
    for each currency, in the order in which they were admitted.
    """
    lines, contracts = _lines(session, year, buyer), _contracts(session, year, buyer)
    people = parties(session, [who for who, _ in lines])
    found: dict[str, list[UnitSpent]] = defaultdict(list)
    codes = currencies(session)
    for (who, token), line in lines.items():
        if currency := codes.get(token):
            spent = _spent(currency, line, contracts.get((who, token)))
            found[token].append(UnitSpent(people[who], spent))
    return [_currency_spent(code, found[token]) for token, code in codes.items() if token in found]


def spent_of_lines(session: Session, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many contracts commit each of these lines, and what was paid under them, in minor units;
    lines that none commits are left out."""
    columns = (Agreement.budget_line, func.count(), exact_sum(Agreement.paid))
    statement = select(*columns).where(Agreement.budget_line.in_(ids))
    rows = session.execute(statement.group_by(Agreement.budget_line))
    return {line: (count, paid) for line, count, paid in rows}


def spent_of_line(session: Session, line: BudgetLineRow) -> Spent:
    """What became of one line."""
    sums = select(func.count(), *_sums()).where(Agreement.budget_line == line.id)
    currency = Currency(line.committed.currency, line.committed.decimals)
    amounts = (1, line.appropriated.minor, line.committed.minor)
    return _spent(currency, amounts, tuple(session.execute(sums).one()))


def _sums() -> list[Any]:
    return [exact_sum(getattr(Agreement, name)) for name in _SUMMED]


def _lines(
    session: Session, year: int | None, buyer: str | None
) -> dict[tuple[str, str], tuple[int, ...]]:
    sums = (exact_sum(BudgetLine.appropriated), exact_sum(BudgetLine.committed))
    key = (BudgetLine.buyer, BudgetLine.token)
    statement = _wanted(select(*key, func.count(), *sums), year, buyer)
    return {(row[0], row[1]): tuple(row[2:]) for row in session.execute(statement.group_by(*key))}


def _contracts(
    session: Session, year: int | None, buyer: str | None
) -> dict[tuple[str, str], tuple[int, ...]]:
    key = (BudgetLine.buyer, BudgetLine.token)
    joined = select(*key, func.count(), *_sums()).join(
        Agreement, Agreement.budget_line == BudgetLine.id
    )
    statement = _wanted(joined, year, buyer).group_by(*key)
    return {(row[0], row[1]): tuple(row[2:]) for row in session.execute(statement)}


def _wanted(statement: Any, year: int | None, buyer: str | None) -> Any:
    if year is not None:
        statement = statement.where(BudgetLine.fiscal_year == year)
    return statement if buyer is None else statement.where(BudgetLine.buyer == buyer)


def _spent(currency: Currency, line: tuple[int, ...], contracts: tuple[int, ...] | None) -> Spent:
    lines, appropriated, committed = line
    count, *sums = contracts or (0,) * (1 + len(_SUMMED))
    accepted, paid, owed, retained, advance = map(currency.money, sums)
    return Spent(
        lines=lines,
        contracts=count,
        appropriated=currency.money(appropriated),
        committed=currency.money(committed),
        accepted=accepted,
        paid=paid,
        owed=owed,
        retained=retained,
        advance=advance,
    )


def _currency_spent(currency: Currency, units: list[UnitSpent]) -> CurrencySpent:
    def total(name: str) -> Money:
        return currency.money(sum(getattr(unit.spent, name).minor for unit in units))

    amounts = ("appropriated", "committed", "accepted", "paid", "owed", "retained", "advance")
    spent = Spent(
        lines=sum(unit.spent.lines for unit in units),
        contracts=sum(unit.spent.contracts for unit in units),
        **{name: total(name) for name in amounts},
    )
    largest = sorted(units, key=lambda u: (-u.spent.appropriated.minor, u.buyer.number))
    return CurrencySpent(currency.code, spent, largest)
