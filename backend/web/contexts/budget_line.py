"""The page of one budget line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.queries.budget import BudgetLineRow, budget_line
from backend.queries.contract_pages import contracts
from backend.queries.contracts import ContractSummary
from backend.queries.filters import ContractFilter
from backend.queries.pages_portal import Paper, papers
from backend.queries.spending import Spent, spent_of_line
from backend.queries.values import Money
from backend.web.contexts.overview import flow_scale
from backend.web.formats import has_cents

SHOWN = 100


@dataclass(frozen=True, slots=True)
class BudgetLinePage:
    """`contracts` are those that commit the line, the largest first; `paper` is the decision that
    it rests on; `scale` is what the longest bar stands for."""

    row: BudgetLineRow
    spent: Spent
    scale: Money
    contracts: list[ContractSummary]
    paper: Paper | None
    cents: bool


def budget_line_page(session: Session, number: int, now: datetime) -> BudgetLinePage:
    """Fill the page of a budget line; raises `NotFoundError`."""
    row = budget_line(session, str(number))
    spent = spent_of_line(session, row)
    wanted = ContractFilter(budget_line=row.id)
    amounts = (spent.appropriated, spent.committed, spent.accepted, spent.paid, spent.retained)
    return BudgetLinePage(
        row=row,
        spent=spent,
        scale=flow_scale(spent),
        contracts=contracts(session, wanted, now, sort="value", limit=SHOWN).items,
        paper=papers(session, [row.document]).get(row.document or ""),
        cents=has_cents(amounts),
    )
