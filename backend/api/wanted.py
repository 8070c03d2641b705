"""From the parameters of a request to what the queries take: ids for numbers, minor units for
amounts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from backend.api.parameters import ContractParameters, ContractQuestion, PaymentQuestion
from backend.api.problems import InvalidParametersError
from backend.core.money import MoneyError, to_minor
from backend.queries.contract_pages import contracts
from backend.queries.contracts import ContractSummary, find_agreement
from backend.queries.errors import NotFoundError
from backend.queries.filters import ContractFilter
from backend.queries.pages import Page
from backend.queries.participants import find_participant
from backend.queries.payments import PaymentFilter


def participant_id(session: Session, parameter: str, name: str | None) -> str | None:
    """The id of the participant that a parameter names; raises `InvalidParametersError`."""
    if name is None:
        return None
    try:
        return find_participant(session, name)
    except NotFoundError as error:
        raise InvalidParametersError({parameter: error.detail}) from error


def listed_contracts(
    session: Session, given: ContractParameters, now: datetime
) -> Page[ContractSummary]:
    """The contracts that are asked for; raises `InvalidParametersError`, `InvalidCursorError`."""
    return contracts(
        session,
        wanted_contracts(session, given),
        now,
        sort=given.sort,
        order=given.order,
        limit=given.limit,
        after=given.after,
    )


def wanted_contracts(session: Session, given: ContractQuestion) -> ContractFilter:
    """Which contracts are asked for; raises `InvalidParametersError`."""
    buyer = participant_id(session, "buyer", given.buyer)
    supplier = participant_id(session, "supplier", given.supplier)
    return contract_filter(given, buyer, supplier)


def wanted_payments(session: Session, given: PaymentQuestion) -> PaymentFilter:
    """Which payments are asked for; raises `InvalidParametersError`."""
    return PaymentFilter(
        agreement=_address(session, given.contract),
        payee=participant_id(session, "payee", given.payee),
        recipient=participant_id(session, "recipient", given.recipient),
        buyer=participant_id(session, "buyer", given.buyer),
        status=given.status,
        year=given.year,
        currency=given.currency,
    )


def contract_filter(
    given: ContractQuestion, buyer: str | None, supplier: str | None
) -> ContractFilter:
    """What the contracts that are asked for have in common, by the ids of buyer and supplier.

    Raises `InvalidParametersError`.
    """
    if given.late_over and given.late is False:
        raise InvalidParametersError({"lateOver": "expected without late=false"})
    return ContractFilter(
        buyer=buyer,
        supplier=supplier,
        status=tuple(sorted(set(given.status))),
        currency=given.currency,
        year=given.year,
        text=given.q or "",
        late=True if given.late_over else given.late,
        late_over=given.late_over or 0,
        least=_minor("valueFrom", given.value_from, given.currency),
        most=_minor("valueTo", given.value_to, given.currency),
        ocid=given.ocid,
        contract_id=given.contract_id,
    )


def _minor(place: str, amount: str | None, currency: str | None) -> int | None:
    """An amount in minor units; raises `InvalidParametersError`."""
    if amount is None:
        return None
    if currency is None:
        raise InvalidParametersError({place: "expected together with `currency`"})
    try:
        return to_minor(Decimal(amount), currency)
    except MoneyError as error:
        raise InvalidParametersError({place: error.detail}) from error


def _address(session: Session, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return find_agreement(session, name).address
    except NotFoundError as error:
        raise InvalidParametersError({"contract": error.detail}) from error
