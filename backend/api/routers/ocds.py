"""Open data: contracting processes as records and releases of OCDS 1.1."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from itertools import islice
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from backend.api.limiting import client_of
from backend.api.ocds_examples import (
    ONE_RELEASE,
    RECORD,
    RECORD_PACKAGE,
    RECORD_PAGE,
    RELEASE_ID,
    RELEASE_PACKAGE,
)
from backend.api.parameters import (
    RecordPageParameters,
    RecordParameters,
    nothing_else,
    only,
)
from backend.api.problems import responses
from backend.api.services import PINNED, Given, Read, Reader, Services
from backend.ocds.fields import Json
from backend.ocds.packages import Publication, release_uri, to_json
from backend.ocds.records import find_release, record_lines, record_of
from backend.ocds.releases import releases_of
from backend.queries.records import published_process, published_processes

router = APIRouter(prefix="/ocds", tags=["open data"])

JSON = "application/json"
JSON_LINES = "application/x-ndjson"

Name = Annotated[
    str,
    Path(
        description="Number of a contract, which never changes, or its address on the chain.",
        examples=["12"],
    ),
]
ReleaseId = Annotated[
    str, Path(description="The `id` of the release, percent-encoded.", examples=[RELEASE_ID])
]


_NEXT = {
    "Link": {
        "description": "Where the next page is, if there is one.",
        "schema": {"type": "string"},
    }
}


def _answers(
    kind: str, description: str, example: Any, headers: Mapping[str, Any] | None = None
) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string"} if kind == JSON_LINES else {"type": "object"}
    content = {kind: {"schema": schema, "example": example}}
    found = {"description": description, "content": content, "headers": dict(headers or {})}
    return {200: found}


async def _place(request: Request, services: Given) -> AsyncIterator[None]:
    with services.streaming.place(client_of(request.scope)):
        yield


@router.get(
    "/records",
    summary="Get all contracting processes as OCDS records",
    dependencies=[Depends(only(RecordParameters, pinned=True)), Depends(_place)],
    response_class=StreamingResponse,
    responses=_answers(JSON_LINES, "One record on each line.", f"{to_json(RECORD).decode()}\n")
    | responses(422),
)
def get_records(
    given: Annotated[RecordParameters, Query()], read: Read, services: Given
) -> StreamingResponse:
    """One OCDS 1.1 record for each ocid, as JSON Lines, in the order of their first contracts."""
    lines = record_lines(read.session, read.state, _links(given, services))
    return StreamingResponse(lines, headers=read.headers, media_type=JSON_LINES)


@router.get(
    "/records/{name}",
    summary="Get a contracting process as an OCDS record package",
    dependencies=[Depends(only(RecordParameters, pinned=True))],
    response_class=Response,
    responses=_answers(JSON, "A record package with one record.", RECORD_PACKAGE)
    | responses(404, 422),
)
def get_record(
    name: Name, given: Annotated[RecordParameters, Query()], read: Read, services: Given
) -> Response:
    """A record package of OCDS 1.1 with the releases of the contract's process, embedded or linked,
    and its compiled release."""
    process = published_process(read.session, name)
    record = record_of(process, read.state.chain_id, _links(given, services))
    uri = _address(services, f"/records/{process.number}", _asked(given))
    return _json(read, _publication(read, services).records(uri, [record]))


@router.get(
    "/record-packages",
    summary="Get contracting processes as OCDS record packages, page by page",
    dependencies=[Depends(only(RecordPageParameters, pinned=True))],
    response_class=Response,
    responses=_answers(JSON, "A record package.", RECORD_PAGE, _NEXT) | responses(422),
)
def get_record_packages(
    given: Annotated[RecordPageParameters, Query()], request: Request, read: Read, services: Given
) -> Response:
    """A record package of OCDS 1.1 with several records, in the order of their first contracts; the
    header `Link` has the address of the next."""
    found = published_processes(read.session, given.after, given.limit + 1)
    processes = list(islice(found, given.limit + 1))
    shown = processes[: given.limit]
    links, chain_id = _links(given, services), read.state.chain_id
    records = [record_of(process, chain_id, links) for process in shown]
    asked = _asked(given) | _pinned(request)
    package = _publication(read, services).records(
        _page(services, given.limit, given.after, asked), records
    )
    answer = _json(read, package)
    if len(processes) > len(shown):
        following = _page(services, given.limit, shown[-1].number, asked)
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


@router.get(
    "/release-packages/{name}",
    summary="Get a contracting process as an OCDS release package",
    dependencies=[nothing_else(pinned=True)],
    response_class=Response,
    responses=_answers(JSON, "A release package.", RELEASE_PACKAGE) | responses(404, 422),
)
def get_releases(name: Name, read: Read, services: Given) -> Response:
    """A release package of OCDS 1.1 with all releases of the contract's process, oldest first."""
    process = published_process(read.session, name)
    uri = _address(services, f"/release-packages/{process.number}")
    releases = releases_of(process, read.state.chain_id)
    return _json(read, _publication(read, services).releases(uri, releases))


@router.get(
    "/releases/{release:path}",
    summary="Get an OCDS release",
    dependencies=[nothing_else(pinned=True)],
    response_class=Response,
    responses=_answers(JSON, "A release package with one release.", ONE_RELEASE)
    | responses(404, 422),
)
def get_release(release: ReleaseId, read: Read, services: Given) -> Response:
    """A release package of OCDS 1.1 with the release that has this id, which never changes."""
    found = find_release(read.session, release, read.state.chain_id)
    uri = release_uri(_base(services), release)
    return _json(read, _publication(read, services).releases(uri, [found]))


def _base(services: Services) -> str:
    return f"{services.settings.api}/api/v1{router.prefix}"


def _address(services: Services, path: str, query: Mapping[str, object] | None = None) -> str:
    return f"{_base(services)}{path}" + (f"?{urlencode(query)}" if query else "")


def _page(services: Services, limit: int, after: int, asked: Mapping[str, str]) -> str:
    """The address of a page of record packages."""
    return _address(services, "/record-packages", {"after": after, "limit": limit, **asked})


def _pinned(request: Request) -> dict[str, str]:
    """The block that the reader named, for the pages that follow."""
    block = request.query_params.get(PINNED)
    return {PINNED: block} if block else {}


def _asked(given: RecordParameters) -> dict[str, str]:
    """What belongs in the address of an answer, where it is not the usual one."""
    return {"releases": given.releases} if given.releases == "linked" else {}


def _links(given: RecordParameters, services: Services) -> str | None:
    """Where linked releases are found; None where they are embedded."""
    return _base(services) if given.releases == "linked" else None


def _publication(read: Reader, services: Services) -> Publication:
    return Publication.of(services.settings, read.state.time)


def _json(read: Reader, package: Json) -> Response:
    return Response(to_json(package), headers=read.headers, media_type=JSON)
