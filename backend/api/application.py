"""The API as an application of its own, to be mounted at `/api/v1`."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from backend.api.examples import EXAMPLES, PROBLEM
from backend.api.problems import Problem, install
from backend.api.routers import (
    budget,
    contracts,
    documents,
    downloads,
    feed,
    health,
    ocds,
    participants,
    payments,
    reorganizations,
)
from backend.api.services import Services

ROUTERS = (
    contracts.router,
    participants.router,
    payments.router,
    budget.router,
    ocds.router,
    downloads.router,
    documents.router,
    reorganizations.router,
    feed.router,
    health.router,
)

DESCRIPTION = """
Public contracts, their milestones and payments, as a chain of agreements records them.

Amounts are strings in major units with their currency; moments are ISO 8601 in UTC; each row names
the event on the chain that it comes from. Every answer says in `index` up to which block the chain
was read, and up to which one it is final: what comes from a later block may yet be taken back, and
then stands in `/reorganizations`. Lists are read page by page: give `next` of one page as `after`
of the next. `/feed` tells everything that happens in order, and at once.
"""


def create_api(services: Services) -> FastAPI:
    """The API on the given services."""
    api = FastAPI(
        title="Termin",
        version="1",
        description=DESCRIPTION.strip(),
        # The pages that FastAPI brings load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
    )
    api.state.services = services
    install(api)
    for router in ROUTERS:
        api.include_router(router)
    _describe(api.openapi())
    return api


def _describe(schema: dict[str, Any]) -> None:
    """Add to the OpenAPI description what FastAPI does not know: problems, and examples."""
    for path, example in EXAMPLES.items():
        answer = schema["paths"][path]["get"]["responses"]["200"]
        answer["content"]["application/json"]["example"] = example
    components = schema["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components |= problem.pop("$defs")
    components["Problem"] = problem | {"example": PROBLEM}
    for unused in ("HTTPValidationError", "ValidationError"):
        components.pop(unused, None)
