"""Payments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.orm import Session

from backend.api import answers
from backend.api.parameters import PaymentParameters, nothing_else, only, participant_id
from backend.api.problems import InvalidParametersError, responses
from backend.api.schemas.answers import PaymentDetail, PaymentList
from backend.api.services import Read
from backend.queries.contracts import find_agreement
from backend.queries.errors import NotFoundError
from backend.queries.payments import PaymentFilter, payment, payments

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
    wanted = PaymentFilter(
        agreement=_address(read.session, given.contract),
        payee=participant_id(read.session, "payee", given.payee),
        recipient=participant_id(read.session, "recipient", given.recipient),
        buyer=participant_id(read.session, "buyer", given.buyer),
        status=given.status,
        year=given.year,
        currency=given.currency,
    )
    page = payments(
        read.session,
        wanted,
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


def _address(session: Session, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return find_agreement(session, name).address
    except NotFoundError as error:
        raise InvalidParametersError({"contract": error.detail}) from error
