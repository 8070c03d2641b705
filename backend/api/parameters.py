"""Query parameters: what each endpoint takes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated, Literal, get_args

from fastapi import Request, params
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.datastructures import QueryParams

from backend.api import patterns
from backend.api.problems import InvalidParametersError
from backend.api.services import PINNED
from backend.queries.pages import LARGEST_PAGE

LARGEST_FEED_PAGE = 1_000
LONGEST_WAIT = 60
MOST_DAYS = 36_500
LARGEST_RECORD_PAGE = 100
LARGEST_NUMBER = 10**18 - 1

# PostgreSQL takes no NUL in a text.
Text = Annotated[str, StringConstraints(max_length=200, pattern=patterns.TEXT)]
Cursor = Annotated[str, StringConstraints(max_length=1000, pattern=patterns.CURSOR)]
Code = Annotated[str, StringConstraints(pattern=patterns.CURRENCY)]
ParticipantName = Annotated[str, StringConstraints(pattern=patterns.PARTICIPANT)]
ContractName = Annotated[str, StringConstraints(pattern=patterns.CONTRACT)]
Amount = Annotated[str, StringConstraints(pattern=patterns.AMOUNT)]


class Ordered(BaseModel):
    """The order of a list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    order: Literal["asc", "desc"] = "desc"
    """Ascending or descending."""


class Parameters(Ordered):
    """Parameters of a list that is read page by page."""

    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, examples=[50])] = 50
    """How many entries at most."""
    after: Cursor | None = None
    """`next` of the page before, with the same `sort` and `order`."""


Year = Annotated[int, Field(ge=1970, le=9999, examples=[2026])]
Status = Literal["signed", "active", "completed", "terminated", "closed"]


class ContractQuestion(Ordered):
    """Which contracts, in which order."""

    buyer: Annotated[ParticipantName | None, Field(examples=["1"])] = None
    """Number or id of the buyer."""
    supplier: Annotated[ParticipantName | None, Field(examples=["7"])] = None
    """Number or id of the supplier."""
    status: Annotated[list[Status], Field(max_length=len(get_args(Status)))] = Field(
        default_factory=list
    )
    """One or more statuses: `signed` (signature or money missing), `active`, `completed`,
    `terminated`, `closed`."""
    currency: Annotated[Code | None, Field(examples=["IDR"])] = None
    """ISO 4217 code."""
    year: Year | None = None
    """Year of the signature or, where that is not known, of the agreement's creation; UTC."""
    q: Annotated[Text | None, Field(examples=["road sukamaju"])] = None
    """Words that all occur in title, ocid, contract id or the names of buyer and supplier."""
    late: bool | None = None
    """Whether a milestone that is to be submitted is overdue."""
    late_over: Annotated[int | None, Field(ge=1, le=MOST_DAYS, examples=[30])] = Field(
        default=None, alias="lateOver"
    )
    """Overdue by more than so many days."""
    value_from: Annotated[Amount | None, Field(examples=["1000000000"])] = Field(
        default=None, alias="valueFrom"
    )
    """Of this value at least, in major units; needs `currency`."""
    value_to: Annotated[Amount | None, Field(examples=["2500000000.00"])] = Field(
        default=None, alias="valueTo"
    )
    """Of this value at most, in major units; needs `currency`."""
    ocid: Annotated[Text | None, Field(examples=["ocds-213czf-000-00001"])] = None
    """Exactly this OCDS id of the contracting process."""
    contract_id: Annotated[Text | None, Field(examples=["C-2026-001"])] = Field(
        default=None, alias="contractId"
    )
    """Exactly this contract id."""
    sort: Literal["date", "created", "value", "paid", "title", "updated"] = "date"
    """What to sort by. Amounts are compared in minor units: sort by them within one currency."""


class ContractParameters(ContractQuestion, Parameters):
    """Which contracts, in which order, and which page of them."""


class PaymentQuestion(Ordered):
    """Which payments, in which order."""

    contract: Annotated[ContractName | None, Field(examples=["12"])] = None
    """Number or address of the contract."""
    payee: Annotated[ParticipantName | None, Field(examples=["7"])] = None
    """Number or id of the payee, who gets the net."""
    recipient: Annotated[ParticipantName | None, Field(examples=["9"])] = None
    """Number or id of a collector or subcontractor that gets a deduction."""
    buyer: Annotated[ParticipantName | None, Field(examples=["1"])] = None
    """Number or id of the buyer."""
    currency: Annotated[Code | None, Field(examples=["IDR"])] = None
    """ISO 4217 code."""
    status: Literal["paid", "owed"] | None = None
    """Whether the net was paid, or waits as a claim."""
    year: Year | None = None
    """Year of the payment or, while it is owed, of its acceptance; UTC."""
    sort: Literal["date", "gross", "net"] = "date"
    """What to sort by. Amounts are compared in minor units: sort by them within one currency."""


class PaymentParameters(PaymentQuestion, Parameters):
    """Which payments, in which order, and which page of them."""


class ParticipantParameters(Parameters):
    """Which participants, in which order."""

    order: Literal["asc", "desc"] = "asc"
    """Ascending or descending."""
    role: (
        Literal[
            "buyer",
            "supplier",
            "committee",
            "inspector",
            "treasury",
            "auditor",
            "arbiter",
            "authority",
            "collector",
        ]
        | None
    ) = None
    """A role that the participant has."""
    standing: Literal["active", "suspended", "debarred"] | None = None
    """Its standing."""
    scheme: Annotated[Text | None, Field(examples=["ID-NPWP"])] = None
    """Exactly this scheme of the public identifier."""
    identifier: Annotated[Text | None, Field(examples=["01.234.567.8-901.000"])] = None
    """Exactly this public identifier."""
    organization: Annotated[ParticipantName | None, Field(examples=["1"])] = None
    """Number or id of the legal person whose offices to list."""
    q: Annotated[Text | None, Field(examples=["karya"])] = None
    """Words that all occur in name or identifier."""
    sort: Literal["name", "created"] = "name"
    """What to sort by."""


class BudgetParameters(Parameters):
    """Which budget lines, in which order."""

    buyer: Annotated[ParticipantName | None, Field(examples=["1"])] = None
    """Number or id of the buyer."""
    year: Annotated[int | None, Field(ge=0, le=65535, examples=[2026])] = None
    """Fiscal year."""
    currency: Annotated[Code | None, Field(examples=["IDR"])] = None
    """ISO 4217 code."""
    sort: Literal["created", "year", "appropriated", "committed"] = "created"
    """What to sort by. Amounts are compared in minor units: sort by them within one currency."""


class ReorganizationParameters(Parameters):
    """Which reorganisations, in which order: that of their numbers."""


class FeedParameters(BaseModel):
    """What comes next."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    after: Cursor | None = None
    """`next` of the answer before, or `cursor` of an item; without it the feed begins at its
    start."""
    limit: Annotated[int, Field(ge=1, le=LARGEST_FEED_PAGE, examples=[100])] = 100
    """How many items at most; a stream goes on after them."""
    wait: Annotated[int, Field(ge=0, le=LONGEST_WAIT, examples=[30])] = 0
    """For how many seconds to wait if there is nothing yet."""


class TotalsParameters(BaseModel):
    """What to add up."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    buyer: Annotated[ParticipantName | None, Field(examples=["1"])] = None
    """Number or id of the buyer."""
    year: Year | None = None
    """Fiscal year of budget lines, and year of the signature of contracts."""


class RecordParameters(BaseModel):
    """How records of OCDS have their releases."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    releases: Literal["embedded", "linked"] = "embedded"
    """Whether releases stand in the record, or links to them."""


class RecordPageParameters(RecordParameters):
    """Which records of OCDS."""

    limit: Annotated[int, Field(ge=1, le=LARGEST_RECORD_PAGE, examples=[20])] = 20
    """How many records at most."""
    after: Annotated[int, Field(ge=0, le=LARGEST_NUMBER, examples=[12])] = 0
    """Number of the first contract of the process after which to begin: `Link` has it."""


class NoParameters(BaseModel):
    """Nothing."""


def only(model: type[BaseModel], *, pinned: bool = False) -> Callable[[Request], None]:
    """A check that a request has no other query parameters, and none twice but lists; `pinned`:
    a block may be named."""
    fields, many = _expected(model)
    if pinned:
        fields |= {PINNED}

    def check(request: Request) -> None:
        _check(request.query_params, fields, many)

    return check


@cache
def _expected(model: type[BaseModel]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the parameters, and of those that are lists."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    many = (name for name, field in fields.items() if field.default_factory is list)
    return frozenset(fields), frozenset(many)


def _check(given: QueryParams, fields: frozenset[str], many: frozenset[str]) -> None:
    errors: dict[str, str] = {}
    for name in given:
        if name not in fields:
            allowed = ", ".join(sorted(fields)) or "no parameters"
            errors[name[:60]] = f"Unknown parameter; expected {allowed}"
        elif name not in many and len(given.getlist(name)) > 1:
            errors[name] = "Given more than once; expected one value"
    if errors:
        raise InvalidParametersError(errors)


def nothing_else(*, pinned: bool = False) -> params.Depends:
    """The check for an endpoint that takes no query parameters, or, `pinned`, a block alone."""
    return params.Depends(only(NoParameters, pinned=pinned))


def contract_parameters(query: bytes) -> ContractParameters | None:
    """What a query string asks for; None if it is not understood."""
    given = QueryParams(query)
    try:
        _check(given, *_expected(ContractParameters))
        many = {"status": given.getlist("status")} if "status" in given else {}
        return ContractParameters.model_validate({**given, **many})
    except (InvalidParametersError, ValidationError):
        return None
