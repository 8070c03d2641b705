"""Budget lines and sums."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from backend.api import answers
from backend.api.parameters import BudgetParameters, TotalsParameters, only
from backend.api.problems import responses
from backend.api.schemas.answers import BudgetLineList, Totals
from backend.api.services import Read
from backend.api.wanted import participant_id
from backend.queries.budget import BudgetFilter, budget_lines
from backend.queries.totals import totals

router = APIRouter(tags=["budget"])


@router.get(
    "/budget-lines",
    response_model=BudgetLineList,
    summary="List budget lines",
    dependencies=[Depends(only(BudgetParameters, pinned=True))],
    responses=responses(422),
)
def list_budget_lines(given: Annotated[BudgetParameters, Query()], read: Read) -> Response:
    """What buyers may commit and have committed, page by page."""
    wanted = BudgetFilter(
        buyer=participant_id(read.session, "buyer", given.buyer),
        year=given.year,
        currency=given.currency,
    )
    page = budget_lines(
        read.session,
        wanted,
        sort=given.sort,
        order=given.order,
        limit=given.limit,
        after=given.after,
    )
    return read.answer(answers.page(read.state, "budgetLines", page))


@router.get(
    "/totals",
    response_model=Totals,
    summary="Get sums per currency",
    dependencies=[Depends(only(TotalsParameters, pinned=True))],
    responses=responses(422),
)
def get_totals(given: Annotated[TotalsParameters, Query()], read: Read) -> Response:
    """Appropriated, committed, earned and paid; different currencies are never added."""
    buyer = participant_id(read.session, "buyer", given.buyer)
    found = totals(read.session, read.now, buyer=buyer, year=given.year)
    return read.answer(answers.part(read.state, "totals", found), of_chain=True)
