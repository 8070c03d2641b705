"""Reorganisations of the chain."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from backend.api import answers
from backend.api.parameters import ReorganizationParameters, nothing_else, only
from backend.api.problems import responses
from backend.api.schemas.reorganizations import ReorganizationDetail, ReorganizationList
from backend.api.services import ReadNow
from backend.queries.reorganizations import reorganization, reorganizations

router = APIRouter(prefix="/reorganizations", tags=["reorganizations"])

Number = Annotated[
    int, Path(ge=1, le=2**31 - 1, description="Number of the reorganisation.", examples=[1])
]


@router.get(
    "",
    response_model=ReorganizationList,
    summary="List reorganisations",
    dependencies=[Depends(only(ReorganizationParameters))],
    responses=responses(422),
)
def list_reorganizations(
    given: Annotated[ReorganizationParameters, Query()], read: ReadNow
) -> Response:
    """Where the chain gave up blocks that the index had published, page by page."""
    page = reorganizations(read.session, order=given.order, limit=given.limit, after=given.after)
    return read.answer(answers.page(read.state, "reorganizations", page))


@router.get(
    "/{number}",
    response_model=ReorganizationDetail,
    summary="Get a reorganisation",
    dependencies=[nothing_else()],
    responses=responses(404, 422),
)
def get_reorganization(number: Number, read: ReadNow) -> Response:
    """A reorganisation with every event that was published and then taken back."""
    return read.answer(answers.whole(read.state, reorganization(read.session, number)))
