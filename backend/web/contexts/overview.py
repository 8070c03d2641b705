"""The first page: where the money is, what happened lately, and the contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from backend.queries.contracts import count_contracts
from backend.queries.filters import ContractFilter
from backend.queries.milestones import count_waiting
from backend.queries.pages_portal import Paid, payments_since
from backend.queries.payments import PaymentFilter, PaymentRow, payments
from backend.queries.totals import CurrencyTotals, totals
from backend.queries.values import Money
from backend.web.contexts.lists import ContractList, contract_list
from backend.web.formats import Formats
from backend.web.parameters import ContractChoice

LATEST_PAYMENTS = 5
_WEEK = 7


@dataclass(frozen=True, slots=True)
class CurrencyFlow:
    """Where the money of one currency is; `scale` is what the longest bar stands for."""

    totals: CurrencyTotals
    scale: Money


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened: payments of "today" or of the last "week", none if `period` is None.

    `waiting` counts stages that wait for a committee, `late` contracts with a stage past its date.
    """

    period: Literal["today", "week"] | None
    paid: list[Paid]
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """`contracts` and `payments` count all there are, `late` is part of `lately`."""

    flows: list[CurrencyFlow]
    contracts: int
    payments: int
    lately: Lately
    latest: list[PaymentRow]
    list: ContractList


def overview_page(session: Session, now: datetime, formats: Formats) -> OverviewPage:
    """Fill the first page."""
    found = [row for row in totals(session, now) if row.contracts or row.lines]
    return OverviewPage(
        flows=[CurrencyFlow(row, _scale(row)) for row in found],
        contracts=sum(row.contracts for row in found),
        payments=sum(row.payments for row in found),
        lately=_lately(session, now, formats),
        latest=payments(session, PaymentFilter(), limit=LATEST_PAYMENTS).items,
        list=contract_list(session, ContractChoice(), now),
    )


def _scale(row: CurrencyTotals) -> Money:
    amounts = (row.appropriated, row.committed, row.accepted, row.paid)
    return max(amounts, key=lambda amount: amount.minor)


def _lately(session: Session, now: datetime, formats: Formats) -> Lately:
    today = payments_since(session, formats.days_ago(0))
    week = today or payments_since(session, formats.days_ago(_WEEK))
    return Lately(
        period="today" if today else "week" if week else None,
        paid=week,
        waiting=count_waiting(session, "committee"),
        late=count_contracts(session, ContractFilter(late=True), now),
    )
