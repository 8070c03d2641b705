"""Payments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from backend.api import answers
from backend.api.parameters import PaymentParameters, nothing_else, only
from backend.api.problems import responses
from backend.api.schemas.answers import PaymentDetail, PaymentList
from backend.api.services import Read
from backend.api.wanted import wanted_payments
from backend.queries.payments import payment, payments

router = APIRouter(prefix="/payments", tags=["payments"])

Number = Annotated[
    int,
    Path(
        ge=1,
        le=2**31 - 1,
        description="Number of the payment in the order of the chain.",
        examples=[207],
    ),
]


@router.get(
    "",
    response_model=PaymentList,
    summary="List payments",
    dependencies=[Depends(only(PaymentParameters, pinned=True))],
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


@router.get(
    "/{number}",
    response_model=PaymentDetail,
    summary="Get a payment",
    dependencies=[nothing_else(pinned=True)],
    responses=responses(404, 422),
)
def get_payment(number: Number, read: Read) -> Response:
    """A payment with all its parts."""
    return read.answer(answers.part(read.state, "payment", payment(read.session, number)))
