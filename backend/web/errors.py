"""Pages for what went wrong, each saying what to do now."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from backend.core.errors import AppError
from backend.web.contexts.frame import Notice
from backend.web.headers import HEADERS
from backend.web.visit import desk

logger = logging.getLogger(__name__)

RETRY_SECONDS = 10


class NoParameterError(AppError):
    """An address has parameters where there are none to choose."""

    status = 422
    title = "Invalid parameters"

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """`status` decides what is said; `names` are the parameters that were not understood, `path`
    what was asked for."""

    status: int
    path: str
    names: list[str]


def install(portal: FastAPI) -> None:
    """Let `portal` answer with pages, whatever goes wrong."""
    portal.add_exception_handler(AppError, _app_error)
    portal.add_exception_handler(RequestValidationError, _validation_error)
    portal.add_exception_handler(HTTPException, _http_error)
    portal.add_exception_handler(Exception, _unexpected)


def _page(request: Request, status: int, names: list[str] | None = None) -> Response:
    found = desk(request)
    own = found.services.settings.notice
    response = found.page(
        "error.html",
        ErrorPage(status, request.url.path, names or []),
        state=None,
        notices=[Notice("notice", own)] if own else [],
        status=status,
    )
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("%s: %s", error.title, error.detail)
    return _page(request, error.status, getattr(error, "names", None))


def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return _page(request, 422, sorted({str(item["loc"][-1]) for item in error.errors()}))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    response = _page(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _unexpected(request: Request, error: Exception) -> Response:
    # Starlette raises it again for the server's log; the reader learns nothing of the inside.
    logger.error("Unexpected error on %s", request.url.path, exc_info=error)
    response = _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    # Answered outside of the middleware that sets them on all other pages.
    response.headers.update(HEADERS)
    return response
