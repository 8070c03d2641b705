"""Documents, by their hash: the one thing that may be brought in, since it proves itself."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from backend.api import patterns
from backend.api.bringing import read_body
from backend.api.limiting import client_of
from backend.api.parameters import nothing_else
from backend.api.problems import responses
from backend.api.services import Given, Services, matches
from backend.core.errors import AppError
from backend.projections.documents import refresh_document
from backend.projections.media import JSON, MEDIA_TYPES, media_type
from backend.queries.documents import DocumentRow, find_document

router = APIRouter(prefix="/documents", tags=["documents"])

_EXTENSIONS = {JSON: "json", "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_UNKNOWN_TYPE = "application/octet-stream"
_PIECE = 1 << 16
_INLINE = {JSON, "image/jpeg", "image/png"}

Digest = Annotated[
    str,
    Path(
        pattern=patterns.DIGEST,
        description="SHA-256 of the document in hexadecimal, with or without 0x.",
        examples=["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ),
]


class DocumentMissingError(AppError):
    """The chain names the document, but nobody has brought it yet."""

    status = 404
    title = "The document is missing"


class DocumentErasedError(AppError):
    """The document had to be removed."""

    status = 410
    title = "The document was erased"


class DocumentNotTakenError(AppError):
    """The document had to be removed and is not taken in again."""

    status = 409
    title = "The document was erased"


class DocumentTypeError(AppError):
    """The body is of no type that is taken in."""

    status = 415
    title = "Not a type of document that is taken"


class DocumentHashError(AppError):
    """The body is not the document of this hash."""

    status = 422
    title = "Not the document of this hash"


@router.get(
    "/{digest}",
    summary="Get a document",
    dependencies=[nothing_else()],
    response_class=Response,
    responses={
        200: {
            "description": "The document as it was brought.",
            "content": {kind: {} for kind in MEDIA_TYPES},
        },
        **responses(404, 410, 422),
    },
)
def get_document(digest: Digest, request: Request, given: Given) -> Response:
    """A document that the chain names: of a participant, a contract, an act, or evidence."""
    with given.database.reading() as session:
        row = find_document(session, digest)
    key = bytes.fromhex(row.hash[2:])
    if given.store.is_erased(key):
        raise DocumentErasedError(f"{row.hash} was removed; the figures stay.")
    content = given.store.read(key)
    if content is None or hashlib.sha256(content).digest() != key:
        raise _missing(row)
    return _document(request, row, content, given.store.path(key))


@router.put(
    "/{digest}",
    summary="Bring a document",
    dependencies=[nothing_else()],
    status_code=HTTPStatus.CREATED,
    response_class=Response,
    responses={
        201: {"description": "Taken in."},
        204: {"description": "It was here already."},
        **responses(404, 408, 409, 413, 415, 422),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {kind: {} for kind in MEDIA_TYPES},
        }
    },
)
async def put_document(digest: Digest, request: Request, given: Given) -> Response:
    """Anyone may bring a document whose SHA-256 the chain names: JSON, PDF, JPEG or PNG."""
    key = await run_in_threadpool(_wanted, given, digest)
    limit = given.settings.document_max_bytes
    place = given.bringing.place(client_of(request.scope))
    with ExitStack() as taken:
        content = await read_body(request, limit, lambda: taken.enter_context(place))
        _require_proof(key, content, request.headers.get("content-type", ""))
        new = await run_in_threadpool(_keep, given, key, content)
    headers = {"Location": request.url.path} if new else None
    return Response(
        status_code=HTTPStatus.CREATED if new else HTTPStatus.NO_CONTENT, headers=headers
    )


def _missing(row: DocumentRow) -> DocumentMissingError:
    return DocumentMissingError(
        f"The chain names {row.hash}, but the document has not been brought here. Whoever "
        "has it can PUT it to this address."
    )


def _document(request: Request, row: DocumentRow, content: bytes, path: FilePath) -> Response:
    kind = media_type(content) or _UNKNOWN_TYPE
    name = f"{row.hash[2:]}.{_EXTENSIONS.get(kind, 'bin')}"
    disposition = "inline" if kind in _INLINE else "attachment"
    headers = {
        "ETag": f'"{row.hash[2:]}"',
        # Not immutable: a document that the law makes us erase must be gone.
        "Cache-Control": "no-cache",
        "Content-Disposition": f'{disposition}; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Length"] = str(len(content))
    try:
        file = path.open("rb")
    except FileNotFoundError:
        # It was erased since it was looked at.
        raise _missing(row) from None
    return StreamingResponse(_pieces(file), headers=headers, media_type=kind)


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    """What is in a file, little by little: a reader may be slow, and many are at the same time."""
    with file:
        while piece := await run_in_threadpool(file.read, _PIECE):
            yield piece


def _wanted(given: Services, digest: str) -> bytes:
    with given.database.reading() as session:
        row = find_document(session, digest)
    key = bytes.fromhex(row.hash[2:])
    if given.store.is_erased(key):
        raise DocumentNotTakenError(f"{row.hash} was removed and is not taken in again.")
    return key


def _require_proof(key: bytes, content: bytes, declared: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != key.hex():
        raise DocumentHashError(f"The SHA-256 of the body is {found}, not {key.hex()}.")
    kind = media_type(content)
    named = declared.partition(";")[0].strip().lower()
    if kind is None or named not in {"", kind, _UNKNOWN_TYPE}:
        raise DocumentTypeError(
            f"The body is {kind or 'of no known type'} and was called {named or 'nothing'!r:.60}; "
            f"expected one of {', '.join(MEDIA_TYPES)}."
        )


def _keep(given: Services, key: bytes, content: bytes) -> bool:
    present = given.store.read(key) == content
    given.store.write(content)
    with given.database.transaction() as session:
        refresh_document(session, given.store, f"0x{key.hex()}")
    return not present
