"""Events of settlement tokens, of the budget and of the calendar."""

from __future__ import annotations

from backend.chain.events import (
    CalendarYearSet,
    FactoryDeployed,
    Forwarded,
    Issued,
    LineAppropriated,
    LineCommitted,
    LineReleased,
    Redeemed,
    TokenAdmitted,
)
from backend.db.models import Agreement, BudgetLine, Token
from backend.projections.documents import anchor
from backend.projections.rows import Rows, born


def factory_deployed(rows: Rows, event: FactoryDeployed) -> None:
    """Nothing but history."""


def token_admitted(rows: Rows, event: TokenAdmitted) -> None:
    """A currency."""
    rows.new(
        Token,
        address=event.token,
        number=rows.next_number(Token),
        currency=event.currency,
        decimals=event.decimals,
        **born(event.origin),
    )


def issued(rows: Rows, event: Issued) -> None:
    """More money."""
    row = rows.get(Token, event.origin.address)
    row.issued += event.amount
    rows.touch(row, event.origin)


def redeemed(rows: Rows, event: Redeemed) -> None:
    """Money that a bank paid out."""
    row = rows.get(Token, event.origin.address)
    row.redeemed += event.amount
    rows.touch(row, event.origin)


def forwarded(rows: Rows, event: Forwarded) -> None:
    """Nothing but history: it stays with the same participant."""


def calendar_year_set(rows: Rows, event: CalendarYearSet) -> None:
    """History, and a decree: agreements reckon their deadlines themselves."""
    anchor(rows, event.document, "calendar", event.origin)


def line_appropriated(rows: Rows, event: LineAppropriated) -> None:
    """A new line, or another total of one."""
    document = anchor(rows, event.document, "budget", event.origin)
    row = rows.find(BudgetLine, event.line)
    if row is None:
        row = rows.new(
            BudgetLine,
            id=event.line,
            number=rows.next_number(BudgetLine),
            buyer=event.buyer,
            token=event.token,
            fiscal_year=event.fiscal_year,
            code=event.code,
            appropriated=event.appropriated,
            document=document,
            **born(event.origin),
        )
    row.appropriated = event.appropriated
    row.document = document
    rows.touch(row, event.origin)


def line_committed(rows: Rows, event: LineCommitted) -> None:
    """Less to commit."""
    _set_committed(rows, event)


def line_released(rows: Rows, event: LineReleased) -> None:
    """More to commit; the agreement's own events say why."""
    _set_committed(rows, event)
    # A line may serve the agreements of several factories, of which the index knows one.
    agreement = rows.find(Agreement, event.agreement)
    if agreement is not None:
        agreement.released += event.amount


def _set_committed(rows: Rows, event: LineCommitted | LineReleased) -> None:
    row = rows.get(BudgetLine, event.line)
    row.committed = event.committed
    rows.touch(row, event.origin)
