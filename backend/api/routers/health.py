"""Whether the service is alive, and how far the index is behind the chain."""

from __future__ import annotations

from fastapi import APIRouter

from backend.api.parameters import nothing_else
from backend.api.schemas.answers import Health
from backend.api.schemas.base import Index
from backend.api.services import Given, Services
from backend.core.errors import AppError
from backend.queries.index import index_state

router = APIRouter(tags=["health"])

LAG_BLOCKS = 20
"""An index that is further behind is called degraded."""


@router.get("/healthz", summary="Get health", dependencies=[nothing_else()])
def get_health(given: Given) -> Health:
    """Alive, always 200; `status` says whether what is served is near the chain's head."""
    problems = [given.index_problem] if given.index_problem else []
    index = _index(given, problems)
    head = given.probe.head()
    lag = max(0, head - index.block) if index and head is not None else None
    if head is None:
        problems.append("The node does not answer.")
    if lag is not None and lag > LAG_BLOCKS:
        problems.append(f"The index is {lag} blocks behind the chain.")
    return Health(
        status="degraded" if problems else "ok",
        index=index,
        head=head,
        lag=lag,
        problems=problems,
    )


def _index(given: Services, problems: list[str]) -> Index | None:
    try:
        with given.database.reading() as session:
            return Index.model_validate(index_state(session))
    except AppError as error:
        problems.append(error.detail)
        return None
