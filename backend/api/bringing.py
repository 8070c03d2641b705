"""Taking in what somebody brings: it stands in memory until it has proved itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request

from backend.core.errors import AppError

DOCUMENTS = 8
"""How many documents are taken in at a time that are not small."""
SMALL_BYTES = 1 << 16
"""What is not larger needs no place: whatever has come of a request may be as large."""
BODY_SECONDS = 900.0
"""Within so many a document has to be whole."""


class DocumentTooLargeError(AppError):
    """The body is larger than what is taken in."""

    status = 413
    title = "The document is too large"


class DocumentTooSlowError(AppError):
    """The body is not whole in time."""

    status = 408
    title = "The document is too slow"


class DocumentIncompleteError(AppError):
    """Whoever brings the document has gone before it was whole: nobody reads this but the log."""

    status = 400
    title = "The document is not whole"


class DocumentsBusyError(AppError):
    """As many documents are being taken in as may be at once."""

    status = 503
    title = "Other documents are being brought"


def documents_busy(taken: int, whose: str) -> DocumentsBusyError:
    """The error where so many are taken in already."""
    return DocumentsBusyError(
        f"{taken} documents are being brought {whose}, and no more may be. Try again in a minute."
    )


async def read_body(request: Request, limit: int, admit: Callable[[], object]) -> bytes:
    """The body of a request, of `limit` bytes at most; `admit` is called once it is not small.

    Raises `DocumentTooLargeError`, `DocumentTooSlowError`, `DocumentIncompleteError`, and what
    `admit` raises.
    """
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(request, limit, admit)
    except TimeoutError as error:
        raise DocumentTooSlowError(
            f"A document has to be whole within {BODY_SECONDS:.0f} seconds."
        ) from error


async def _read(request: Request, limit: int, admit: Callable[[], object]) -> bytes:
    content = bytearray()
    try:
        async for chunk in request.stream():
            was_small = len(content) <= SMALL_BYTES
            content += chunk
            if len(content) > limit:
                raise _too_large(limit)
            if was_small and len(content) > SMALL_BYTES:
                admit()
    except ClientDisconnect:
        raise DocumentIncompleteError(f"It ended after {len(content)} bytes.") from None
    return bytes(content)


def _too_large(limit: int) -> DocumentTooLargeError:
    return DocumentTooLargeError(f"At most {limit} bytes are taken in.")
