"""Budget lines and sums."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from backend.api import answers
from backend.api.parameters import BudgetParameters, TotalsParameters, nothing_else, only
from backend.api.problems import responses
from backend.api.schemas.answers import BudgetLineDetail, BudgetLineList, Totals
from backend.api.services import Read
from backend.api.wanted import participant_id
from backend.queries.budget import BudgetFilter, budget_line, budget_lines
from backend.queries.totals import totals

router = APIRouter(tags=["budget"])

Name = Annotated[
    str,
    Path(description="Number of the line, which never changes, or its id.", examples=["3"]),
]


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
    "/budget-lines/{name}",
    response_model=BudgetLineDetail,
    summary="Get a budget line",
    dependencies=[nothing_else(pinned=True)],
    responses=responses(404, 422),
)
def get_budget_line(name: Name, read: Read) -> Response:
    """What a buyer may commit in a year under one code, and has committed."""
    return read.answer(answers.part(read.state, "budgetLine", budget_line(read.session, name)))


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
