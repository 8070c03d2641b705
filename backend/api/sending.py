"""Files of the workshop as answers: whole ones with ranges, others while they are being made."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from backend.api.problems import problem
from backend.api.ranges import asking_for, parts
from backend.api.services import matches
from backend.downloads.files import File, Stamp
from backend.downloads.shelf import Kept
from backend.downloads.workshop import Making, Workshop
from backend.queries.index import IndexState

_CHUNK = 1 << 16
_TURN_SECONDS = 0.05
_GZIP = 16 + zlib.MAX_WBITS


async def send_file(
    request: Request, workshop: Workshop, file: File, state: IndexState
) -> Response:
    """The answer with a file; raises `DownloadsBusyError` and `DownloadFailedError`."""
    known = workshop.shelf.find(file, state)
    headers = _headers(file, known.stamp if known else Stamp.of(state))
    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    found = await workshop.get(file, state)
    assert found.stamp is not None  # noqa: S101
    headers = _headers(file, found.stamp)
    compress = file.ending == "csv" and "gzip" in request.headers.get("accept-encoding", "")
    if isinstance(found, Kept) and not compress:
        return await _kept(request, found.path, headers, file.media_type)
    content = _read(_open(found), found)
    if compress:
        headers["Content-Encoding"] = "gzip"
        content = _compressed(content)
    return StreamingResponse(content, headers=headers, media_type=file.media_type)


async def _kept(request: Request, path: Path, headers: dict[str, str], media_type: str) -> Response:
    """A file that is whole, or the parts of it that are asked for."""
    asked = request.headers.get("range")
    there = None
    # An ETag that is weak allows no parts.
    if asked is not None and request.headers.get("if-range") in (None, headers["Last-Modified"]):
        size = (await run_in_threadpool(path.stat)).st_size
        there = parts(asked, size)
        if there == []:
            return _no_part(request, size)
    return _Parts(there, path, headers=headers, media_type=media_type)


def _no_part(request: Request, size: int) -> Response:
    detail = f"The file has {size} bytes, and none of those asked for."
    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    headers = {"Content-Range": f"bytes */{size}"}
    kind, title = "range-not-satisfiable", "No such part"
    return problem(request, kind, title, status, detail, headers=headers)


class _Parts(FileResponse):
    """Parts of a file, or the whole of it: what Starlette's own does not understand of a request it
    answers with a text."""

    def __init__(self, parts: list[str] | None, path: Path, **more: Any) -> None:
        super().__init__(path, **more)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [each for each in scope["headers"] if each[0] not in (b"range", b"if-range")]
        if self._parts:
            headers.append((b"range", asking_for(self._parts).encode()))
        await super().__call__({**scope, "headers": headers}, receive, send)


def _headers(file: File, stamp: Stamp) -> dict[str, str]:
    name = f"{file.name}-block-{stamp.block}.{file.ending}"
    headers = {
        "ETag": f'W/"{stamp}"',
        "Last-Modified": format_datetime(stamp.time, usegmt=True),
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return headers | ({"Vary": "Accept-Encoding"} if file.ending == "csv" else {})


def _open(found: Kept | Making) -> BinaryIO:
    """The file, which may be put into its place at this moment."""
    if isinstance(found, Making):
        try:
            return found.target.open("rb", buffering=0)
        except FileNotFoundError:
            return _place(found).open("rb", buffering=0)
    return found.path.open("rb", buffering=0)


def _place(making: Making) -> Path:
    if making.kept is None:
        raise making.error or FileNotFoundError(making.target)
    return making.kept.path


async def _read(stream: BinaryIO, found: Kept | Making) -> AsyncIterator[bytes]:
    """What is in a file, and what comes until it is whole; raises why it never will be."""
    with stream:
        while True:
            ended = isinstance(found, Kept) or found.ended
            if chunk := await run_in_threadpool(stream.read, _CHUNK):
                yield chunk
            elif ended:
                break
            else:
                await asyncio.sleep(_TURN_SECONDS)
    if isinstance(found, Making) and found.error is not None:
        raise found.error


async def _compressed(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(wbits=_GZIP)
    async for chunk in content:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()
