"""Payments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from backend.api import answers
from backend.api.parameters import PaymentParameters, only, wanted_payments
from backend.api.problems import responses
from backend.api.schemas.answers import PaymentList
from backend.api.services import Read
from backend.queries.payments import payments

router = APIRouter(prefix="/payments", tags=["payments"])


@router.get(
    "",
    response_model=PaymentList,
    summary="List payments",
    dependencies=[Depends(only(PaymentParameters))],
    responses=responses(422),
)
def list_payments(given: Annotated[PaymentParameters, Query()], read: Read) -> Response:
    """Payments of all contracts or of one, filtered and sorted, page by page."""
    page = payments(
        read.session,
        wanted_payments(read.session, given),
        sort=given.sort,
        order=given.order,
        limit=given.limit,
        after=given.after,
    )
    return read.answer(answers.page(read.state, "payments", page))
