"""Budget lines: what may be committed, and what is; the list, and one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.db.models import BudgetLine, Token
from backend.queries.errors import NotFoundError
from backend.queries.pages import Order, Page, Sort, fetch
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
)

SORTS = {
    "created": Sort("created", BudgetLine.made_block, BudgetLine.number),
    "year": Sort("year", BudgetLine.fiscal_year, BudgetLine.number),
    "appropriated": Sort("appropriated", BudgetLine.appropriated, BudgetLine.number),
    "committed": Sort("committed", BudgetLine.committed, BudgetLine.number),
}


@dataclass(frozen=True, slots=True)
class BudgetFilter:
    """Which lines; None does not restrict."""

    buyer: str | None = None
    year: int | None = None
    currency: str | None = None


class BudgetLineRow(Row, frozen=True):
    """An appropriation line; `available` is what can still be committed."""

    number: int
    id: str
    buyer: Party
    fiscal_year: int
    code: str
    appropriated: Money
    committed: Money
    available: Money
    document: str | None
    source: Source
    changed: Source


def budget_lines(
    session: Session,
    wanted: BudgetFilter,
    *,
    sort: str = "created",
    order: Order = "desc",
    limit: int = 50,
    after: str | None = None,
) -> Page[BudgetLineRow]:
    """One page of the lines that match; `sort` is a key of `SORTS`.

    Lines in a token that is no admitted currency are left out: nothing can be committed on them.
    Raises `InvalidCursorError`.
    """
    statement = select(BudgetLine).join(Token, Token.address == BudgetLine.token)
    statement = statement.where(*_conditions(wanted))
    rows, following = fetch(session, statement, SORTS[sort], order, limit, after)
    return Page(_lines(session, [row[0] for row in rows]), following)


def budget_line(session: Session, name: str) -> BudgetLineRow:
    """The line with this id or number; raises `NotFoundError`."""
    statement = select(BudgetLine).join(Token, Token.address == BudgetLine.token)
    row = None
    if re.fullmatch(r"0x[0-9a-fA-F]{64}", name):
        row = session.scalar(statement.where(BudgetLine.id == name.lower()))
    elif re.fullmatch(r"[1-9][0-9]{0,17}", name):
        row = session.scalar(statement.where(BudgetLine.number == int(name)))
    if row is None:
        raise NotFoundError(
            f"There is no budget line {name!r:.80}; expected its number, or its id: 0x and 64 "
            "hexadecimal digits."
        )
    return _lines(session, [row])[0]


def fiscal_years(session: Session, limit: int = 8) -> list[int]:
    """The latest years for which money is appropriated, the last one first."""
    found: list[int] = []
    latest = select(func.max(BudgetLine.fiscal_year))
    while len(found) < limit:
        before = BudgetLine.fiscal_year < found[-1] if found else BudgetLine.number > 0
        year = session.scalar(latest.where(before))
        if year is None:
            break
        found.append(year)
    return found


def _conditions(wanted: BudgetFilter) -> list[ColumnElement[bool]]:
    exact: dict[Any, Any] = {
        BudgetLine.buyer: wanted.buyer,
        BudgetLine.fiscal_year: wanted.year,
        Token.currency: wanted.currency,
    }
    return [column == value for column, value in exact.items() if value is not None]


def _lines(session: Session, rows: list[BudgetLine]) -> list[BudgetLineRow]:
    codes = currencies(session)
    people = parties(session, [row.buyer for row in rows])
    return [line_row(row, people, codes[row.token]) for row in rows]


def line_row(row: BudgetLine, people: dict[str, Party], currency: Currency) -> BudgetLineRow:
    """A line with its buyer and its amounts."""
    return BudgetLineRow(
        number=row.number,
        id=row.id,
        buyer=people[row.buyer],
        fiscal_year=row.fiscal_year,
        code=row.code,
        appropriated=currency.money(row.appropriated),
        committed=currency.money(row.committed),
        available=currency.money(row.appropriated - row.committed),
        document=row.document,
        source=made_by(row),
        changed=changed_by(row),
    )
