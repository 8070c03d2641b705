"""Errors as problem details (RFC 9457), whatever went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from backend.api.patterns import EXPECTED
from backend.api.request_ids import REQUEST_ID
from backend.api.services import NotModified
from backend.core.errors import AppError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One parameter that was not understood."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    parameter: str
    """Name of the parameter."""
    detail: str
    """What is wrong with it, and what would be right."""


class Problem(BaseModel):
    """Problem details, RFC 9457."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """A URN for each kind of problem."""
    title: str
    """Short name of the kind of problem."""
    status: int
    """The HTTP status."""
    detail: str
    """What happened, with the values at hand."""
    instance: str
    """Path of the request."""
    request_id: str | None = Field(None, alias="requestId")
    """Id of the request, as in the header X-Request-Id; name it when you report the problem."""
    errors: list[FieldProblem] | None = None
    """One entry for each parameter that was not understood."""


class InvalidParametersError(AppError):
    """Parameters that were not understood."""

    status = 422
    title = "Invalid parameters"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = errors


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the problems that an endpoint can answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in (*statuses, 500, 503)
    }


def install(app: FastAPI) -> None:
    """Let `app` answer with problem details only."""
    app.add_exception_handler(AppError, app_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(NotModified, _not_modified)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    request: Request,
    kind: str,
    title: str,
    status: int,
    detail: str,
    errors: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response; `kind` is the last part of its type."""
    fields = [FieldProblem(parameter=name, detail=text) for name, text in (errors or {}).items()]
    body = Problem(
        type=f"urn:termin:problem:{kind}",
        title=title,
        status=status,
        detail=detail,
        instance=request.url.path,
        requestId=request.scope.get(REQUEST_ID),
        errors=fields or None,
    )
    return JSONResponse(
        body.model_dump(by_alias=True, exclude_none=True),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        MEDIA_TYPE,
    )


def app_error(
    request: Request, error: Exception, headers: Mapping[str, str] | None = None
) -> Response:
    """The response to an `AppError`."""
    assert isinstance(error, AppError)  # noqa: S101
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("%s: %s", error.title, error.detail)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = {"Retry-After": "5"}
    fields = error.errors if isinstance(error, InvalidParametersError) else None
    return problem(request, kind, error.title, error.status, error.detail, fields, headers)


def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    # The place, the parameter, and in a list which of its values.
    found = {str(e["loc"][:2][-1]): _sentence(e) for e in error.errors()}
    return app_error(request, InvalidParametersError(found))


def _sentence(error: Mapping[str, Any]) -> str:
    given = error.get("input")
    shown = f"{given!r:.60}: " if isinstance(given, str | int | float) else ""
    pattern = error.get("ctx", {}).get("pattern", "")
    text = EXPECTED.get(pattern, str(error["msg"]))
    return f"{shown}{text[0].lower()}{text[1:]}"


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    details = {
        HTTPStatus.NOT_FOUND: "There is nothing here; see /api/v1/openapi.json for what there is.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not possible here.",
    }
    kind = status.phrase.lower().replace(" ", "-")
    detail = details.get(status, str(error.detail))
    return problem(request, kind, status.phrase, status, detail, None, error.headers)


def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)  # noqa: S101
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=error.headers)


def _unexpected(request: Request, error: Exception) -> Response:
    # Starlette raises it again for the server's log; the reader learns nothing of the inside.
    logger.error("Unexpected error on %s", request.url.path, exc_info=error)
    title, detail = "Unexpected error", "Something went wrong here; it has been logged."
    return problem(request, "unexpected", title, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
