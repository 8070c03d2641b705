"""Open data: contracts as records and releases of OCDS 1.1."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from backend.api.parameters import nothing_else
from backend.api.problems import responses
from backend.api.services import Given, Read
from backend.ocds.packages import Publication, to_json
from backend.ocds.records import record_lines, record_of
from backend.ocds.releases import releases_of
from backend.queries.records import published_contract

router = APIRouter(prefix="/ocds", tags=["open data"])

JSON = "application/json"
JSON_LINES = "application/x-ndjson"

Name = Annotated[
    str,
    Path(
        description="Number of the contract, which never changes, or its address on the chain.",
        examples=["12"],
    ),
]


def _answers(kind: str, description: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string"} if kind == JSON_LINES else {"type": "object"}
    return {200: {"description": description, "content": {kind: {"schema": schema}}}}


@router.get(
    "/records",
    summary="Get all contracts as OCDS records",
    dependencies=[nothing_else(pinned=True)],
    response_class=StreamingResponse,
    responses=_answers(JSON_LINES, "One record on each line.") | responses(422),
)
def get_records(read: Read) -> StreamingResponse:
    """One OCDS 1.1 record for each contract, as JSON Lines, in the order of their numbers."""
    lines = record_lines(read.session, read.state)
    return StreamingResponse(lines, headers=read.headers, media_type=JSON_LINES)


@router.get(
    "/records/{name}",
    summary="Get a contract as an OCDS record package",
    dependencies=[nothing_else(pinned=True)],
    response_class=Response,
    responses=_answers(JSON, "A record package with one record.") | responses(404, 422),
)
def get_record(name: Name, read: Read, given: Given) -> Response:
    """A record package of OCDS 1.1 with the contract's releases and its compiled release."""
    contract = published_contract(read.session, name)
    uri = f"{given.settings.api}/api/v1/ocds/records/{contract.number}"
    publication = Publication.of(given.settings, read.state.time)
    package = publication.records(uri, [record_of(contract, read.state.chain_id)])
    return Response(to_json(package), headers=read.headers, media_type=JSON)


@router.get(
    "/release-packages/{name}",
    summary="Get a contract as an OCDS release package",
    dependencies=[nothing_else(pinned=True)],
    response_class=Response,
    responses=_answers(JSON, "A release package.") | responses(404, 422),
)
def get_releases(name: Name, read: Read, given: Given) -> Response:
    """A release package of OCDS 1.1 with the contract's releases, oldest first."""
    contract = published_contract(read.session, name)
    uri = f"{given.settings.api}/api/v1/ocds/release-packages/{contract.number}"
    publication = Publication.of(given.settings, read.state.time)
    package = publication.releases(uri, releases_of(contract, read.state.chain_id))
    return Response(to_json(package), headers=read.headers, media_type=JSON)
