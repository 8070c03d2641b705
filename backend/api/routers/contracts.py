"""Contracts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from backend.api import answers
from backend.api.parameters import ContractParameters, nothing_else, only
from backend.api.problems import responses
from backend.api.schemas.answers import (
    ContractDetail,
    ContractHistory,
    ContractList,
    ContractShort,
)
from backend.api.services import Read
from backend.api.wanted import listed_contracts
from backend.queries.contract import contract
from backend.queries.contract_pages import contract_summary
from backend.queries.contracts import find_agreement
from backend.queries.history import contract_history

router = APIRouter(prefix="/contracts", tags=["contracts"])

Name = Annotated[
    str,
    Path(
        description="Number of the contract, which never changes, or its address on the chain.",
        examples=["12"],
    ),
]


@router.get(
    "",
    response_model=ContractList,
    summary="List contracts",
    dependencies=[Depends(only(ContractParameters, pinned=True))],
    responses=responses(422),
)
def list_contracts(given: Annotated[ContractParameters, Query()], read: Read) -> Response:
    """Contracts with their money, filtered, searched and sorted, page by page."""
    page = listed_contracts(read.session, given, read.now)
    return read.answer(answers.page(read.state, "contracts", page))


@router.get(
    "/{name}",
    response_model=ContractDetail,
    summary="Get a contract",
    dependencies=[nothing_else(pinned=True)],
    responses=responses(404, 422),
)
def get_contract(name: Name, read: Read) -> Response:
    """A contract with parties, conditions, milestones, payments, and all that happened besides."""
    found = contract(read.session, name, read.now)
    return read.answer(answers.contract(read.state, found))


@router.get(
    "/{name}/summary",
    response_model=ContractShort,
    summary="Get a contract as lists have it",
    dependencies=[nothing_else(pinned=True)],
    responses=responses(404, 422),
)
def get_contract_summary(name: Name, read: Read) -> Response:
    """A contract with its money and counts, without what belongs to it."""
    found = contract_summary(read.session, name, read.now)
    return read.answer(answers.part(read.state, "contract", found))


@router.get(
    "/{name}/history",
    response_model=ContractHistory,
    summary="Get a contract's history",
    dependencies=[nothing_else(pinned=True)],
    responses=responses(404, 422),
)
def get_contract_history(name: Name, read: Read) -> Response:
    """Every event about a contract, oldest first."""
    history = contract_history(read.session, find_agreement(read.session, name).address)
    return read.answer(answers.part(read.state, "history", history), of_chain=True)
