"""How long answers take, by route."""

from __future__ import annotations

import time
from functools import lru_cache

from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.core.metrics import IN_FLIGHT, REQUESTS

NO_ROUTE = "none"
_METHODS = frozenset(("GET", "PUT", "POST", "OPTIONS"))
_OTHER = "other"
"""Some thirty more are known to HTTP, and each route would be counted by each."""
ROUTE = "termin.route"
"""Where in a request's scope stands which route answered, if it was none of FastAPI's."""


class Measured:
    """Counts and times the requests that pass through it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        IN_FLIGHT.inc()
        try:
            await self._app(scope, receive, noted)
        finally:
            IN_FLIGHT.dec()
            method = scope["method"] if scope["method"] in _METHODS else _OTHER
            labels = _labels(method, template(scope), status)
            labels.observe(time.perf_counter() - begun)


@lru_cache(maxsize=1_024)
def _labels(method: str, route: str, status: int) -> Histogram:
    # Finding it takes longer than counting.
    return REQUESTS.labels(method, route, str(status))


def template(scope: Scope) -> str:
    """The route with its parameters' names; paths themselves would be without number."""
    if ROUTE in scope:
        return str(scope[ROUTE])
    path = getattr(scope.get("route"), "path", None)
    return NO_ROUTE if path is None else f"{scope.get('root_path', '')}{path}"
