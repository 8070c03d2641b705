"""The API as an application of its own, to be mounted at `/api/v1`."""

from __future__ import annotations

import json
from threading import Lock
from typing import Any

from fastapi import FastAPI, Request, Response

from backend.api.answers import JSON
from backend.api.openapi import describe
from backend.api.problems import install
from backend.api.routers import (
    budget,
    contracts,
    documents,
    downloads,
    events,
    feed,
    health,
    linked,
    ocds,
    participants,
    payments,
    reorganizations,
)
from backend.api.services import Services, fixed_answer

ROUTERS = (
    contracts.router,
    participants.router,
    payments.router,
    events.router,
    budget.router,
    ocds.router,
    downloads.router,
    linked.router,
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
then stands in `/reorganizations`. With `at_block` an answer says what was so at that block. Lists
are read page by page: give `next` of one page as `after` of the next. `/feed` tells everything that
happens in order, and at once.
"""


class _Described(FastAPI):
    """An API whose description is written when somebody first asks for it, and not at each start:
    that would take as long as all else that a start does."""

    def __init__(self, **about: Any) -> None:
        super().__init__(**about)
        self._writing = Lock()

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, which is of this version of the server."""
        with self._writing:
            if self.openapi_schema is None:
                describe(super().openapi())
            return super().openapi()


def create_api(services: Services) -> FastAPI:
    """The API on the given services."""
    api = _Described(
        title="Termin",
        version="1",
        description=DESCRIPTION.strip(),
        # FastAPI's own answers have no ETag, and its pages load scripts from elsewhere.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    api.state.services = services
    install(api)
    for router in ROUTERS:
        api.include_router(router)
    api.add_api_route("/openapi.json", get_description, include_in_schema=False)
    return api


def get_description(request: Request) -> Response:
    """The OpenAPI description, with the path below which it is served."""
    servers = {"servers": [{"url": request.scope.get("root_path", "")}]}
    return fixed_answer(request, json.dumps(request.app.openapi() | servers).encode(), JSON)
