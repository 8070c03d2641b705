"""Whether the service is alive, and whether what it serves is what the chain says."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from backend.api.parameters import nothing_else
from backend.api.problems import responses
from backend.api.schemas.answers import Health, Readiness
from backend.api.schemas.base import Index
from backend.api.services import Given, Services
from backend.core.errors import AppError
from backend.queries.index import index_state

router = APIRouter(tags=["health"])

NOT_STORED = {"Cache-Control": "no-store"}
_NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Readiness, "description": "What is served may not be what the chain says."}
}


@router.get("/healthz", summary="Get health", dependencies=[nothing_else()])
def get_health(given: Given, response: Response) -> Health:
    """Alive, always 200; `status` says whether what is served is near the chain's head."""
    response.headers.update(NOT_STORED)
    problems = [given.index_problem] if given.index_problem else []
    index = _index(given, problems)
    head = given.probe.head()
    lag = max(0, head - index.block) if index and head is not None else None
    if head is None:
        problems.append("The node does not answer.")
    if lag is not None and lag > given.settings.max_lag_blocks:
        problems.append(f"The index is {lag} blocks behind the chain.")
    return Health(
        status="degraded" if problems else "ok",
        index=index,
        head=head,
        lag=lag,
        problems=problems,
    )


@router.get(
    "/readyz",
    summary="Get readiness",
    dependencies=[nothing_else()],
    responses=responses(422) | _NOT_READY,
)
def get_readiness(given: Given, response: Response) -> Readiness:
    """200 only if what is served is what the chain says, else 503 with every reason.

    Contracts and payments are served all the same, as they stood: `index` says at which block.
    """
    glance, reasons = given.watch.glance(), given.reasons()
    response.headers.update(NOT_STORED)
    if reasons:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Readiness.model_validate(
        {
            "status": "not-ready" if reasons else "ready",
            "index": glance.place.state if glance.place else None,
            "head": glance.sight.head if glance.sight else None,
            "lag_blocks": glance.lag_blocks,
            "lag_seconds": glance.lag_seconds,
            "reasons": reasons,
        }
    )


def _index(given: Services, problems: list[str]) -> Index | None:
    try:
        with given.database.reading() as session:
            return Index.model_validate(index_state(session, given.now()))
    except AppError as error:
        problems.append(error.detail)
        return None
