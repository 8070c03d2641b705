"""The first page: where the money is, what happened lately, and the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from backend.queries.budget import fiscal_years
from backend.queries.contracts import count_contracts
from backend.queries.filters import ContractFilter
from backend.queries.lately import Happening, happenings
from backend.queries.milestones import count_waiting
from backend.queries.pages_portal import Paid, payments_since
from backend.queries.payments import PaymentFilter, PaymentRow, payments
from backend.queries.spending import CurrencySpent, Spent, spending
from backend.queries.totals import CurrencyTotals, totals
from backend.queries.values import Money
from backend.web.contexts.charts import PaidMonths, paid_months
from backend.web.contexts.lists import ContractList, contract_list
from backend.web.formats import Formats
from backend.web.parameters import ContractChoice, OverviewChoice

LATEST_PAYMENTS = 5
LATEST_HAPPENINGS = 6
CONTRACTS = 10
UNITS = 12
_WEEK = 7


@dataclass(frozen=True, slots=True)
class CurrencyFlow:
    """Where the money of one currency is; `scale` is what the longest bar stands for. `units` are
    the buyers with the largest budgets, `more` counts those that are left out."""

    currency: str
    spent: Spent
    scale: Money
    units: CurrencySpent
    more: int


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened: payments of "today" or of the last "week", none if `period` is None.

    `happenings` are those of today or, where there are none, the last ones; `today` says which.
    `waiting` counts stages that wait for a committee, `late` contracts with a stage past its date.
    """

    period: Literal["today", "week"] | None
    paid: list[Paid]
    today: bool
    happenings: list[Happening]
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """`year` is the fiscal year that `flows` and `months` tell of, None for all years; `years` are
    those to choose from. `totals` are of all years, and `contracts` and `payments` count all there
    are."""

    year: int | None
    years: list[int]
    flows: list[CurrencyFlow]
    months: list[PaidMonths]
    totals: list[CurrencyTotals]
    contracts: int
    payments: int
    lately: Lately
    latest: list[PaymentRow]
    list: ContractList


def overview_page(
    session: Session, choice: OverviewChoice, now: datetime, formats: Formats
) -> OverviewPage:
    """Fill the first page."""
    found = [row for row in totals(session, now) if row.contracts or row.lines]
    years = fiscal_years(session)
    year = _year(choice, years, formats)
    return OverviewPage(
        year=year,
        years=years,
        flows=[_flow(row) for row in spending(session, year)],
        months=paid_months(session, year, formats),
        totals=found,
        contracts=sum(row.contracts for row in found),
        payments=sum(row.payments for row in found),
        lately=_lately(session, now, formats),
        latest=payments(session, PaymentFilter(), limit=LATEST_PAYMENTS).items,
        list=contract_list(session, ContractChoice(), now, limit=CONTRACTS),
    )


def flow_scale(spent: Spent) -> Money:
    """The largest of the amounts that stand below one another."""
    amounts = (spent.appropriated, spent.committed, spent.accepted, spent.paid)
    return max(amounts, key=lambda amount: amount.minor)


def _year(choice: OverviewChoice, years: list[int], formats: Formats) -> int | None:
    if choice.year is not None:
        return None if choice.year == "all" else int(choice.year)
    this = formats.today.year
    return this if this in years else None


def _flow(row: CurrencySpent) -> CurrencyFlow:
    shown = CurrencySpent(row.currency, row.spent, row.units[:UNITS])
    more = len(row.units) - len(shown.units)
    return CurrencyFlow(row.currency, row.spent, flow_scale(row.spent), shown, more)


def _lately(session: Session, now: datetime, formats: Formats) -> Lately:
    today = payments_since(session, formats.days_ago(0))
    week = today or payments_since(session, formats.days_ago(_WEEK))
    changed = happenings(session, LATEST_HAPPENINGS, formats.days_ago(0))
    return Lately(
        period="today" if today else "week" if week else None,
        paid=week,
        today=bool(changed),
        happenings=changed or happenings(session, LATEST_HAPPENINGS),
        waiting=count_waiting(session, "committee"),
        late=count_contracts(session, ContractFilter(late=True), now),
    )
