"""Payments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.orm import Session

from backend.api import answers
from backend.api.parameters import PaymentParameters, only, participant_id
from backend.api.problems import InvalidParametersError, responses
from backend.api.schemas.answers import PaymentList
from backend.api.services import Read
from backend.queries.contracts import find_agreement
from backend.queries.errors import NotFoundError
from backend.queries.payments import PaymentFilter, payments

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


def _address(session: Session, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return find_agreement(session, name).address
    except NotFoundError as error:
        raise InvalidParametersError({"contract": error.detail}) from error
