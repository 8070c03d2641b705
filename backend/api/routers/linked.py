"""Linked data: contracts, payments and participants as JSON-LD, and what its names mean."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from backend.api.linked import CONTEXT, Linked, Node
from backend.api.parameters import nothing_else
from backend.api.problems import responses
from backend.api.services import Given, Read, Reader, Services, fixed_answer
from backend.queries.contract import contract
from backend.queries.participants import participant
from backend.queries.payments import payment

router = APIRouter(tags=["linked data"])

MEDIA_TYPE = "application/ld+json"
_BODY = json.dumps({"@context": CONTEXT}, indent=1).encode()
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A JSON-LD document.",
        "content": {MEDIA_TYPE: {"schema": {"type": "object", "required": ["@context"]}}},
    }
}

Name = Annotated[str, Path(description="Number, or address or id.", examples=["12"])]
Number = Annotated[
    int, Path(ge=1, le=2**31 - 1, description="Number of the payment.", examples=[207])
]


@router.get(
    "/context.jsonld",
    summary="Get the JSON-LD context",
    dependencies=[nothing_else()],
    response_class=Response,
    responses=_ANSWER | responses(422),
)
def get_context(request: Request) -> Response:
    """What the names of the JSON-LD documents mean: ePO, schema.org, Dublin Core and org."""
    return fixed_answer(request, _BODY, MEDIA_TYPE)


@router.get(
    "/json-ld/contracts/{name}",
    summary="Get a contract as JSON-LD",
    dependencies=[nothing_else(pinned=True)],
    response_class=Response,
    responses=_ANSWER | responses(404, 422),
)
def get_linked_contract(name: Name, read: Read, given: Given) -> Response:
    """A contract with its parties, its value and its payments, in terms of ePO and schema.org."""
    found = contract(read.session, name, read.now)
    return _answer(read, given, _linked(given).contract(found.contract, found.payments))


@router.get(
    "/json-ld/payments/{number}",
    summary="Get a payment as JSON-LD",
    dependencies=[nothing_else(pinned=True)],
    response_class=Response,
    responses=_ANSWER | responses(404, 422),
)
def get_linked_payment(number: Number, read: Read, given: Given) -> Response:
    """A payment with who paid whom, in terms of ePO and schema.org."""
    return _answer(read, given, _linked(given).payment(payment(read.session, number)))


@router.get(
    "/json-ld/participants/{name}",
    summary="Get a participant as JSON-LD",
    dependencies=[nothing_else(pinned=True)],
    response_class=Response,
    responses=_ANSWER | responses(404, 422),
)
def get_linked_participant(name: Name, read: Read, given: Given) -> Response:
    """An organisation with its public identifier, in terms of ePO and schema.org."""
    found = participant(read.session, name)
    return _answer(read, given, _linked(given).participant(found.row))


def _linked(given: Services) -> Linked:
    return Linked(f"{given.settings.api}/api/v1")


def _answer(read: Reader, given: Services, node: Node) -> Response:
    body = json.dumps(_linked(given).document(node), ensure_ascii=False).encode()
    return read.answer(body, media_type=MEDIA_TYPE)
