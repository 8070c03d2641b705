"""One server: the API and the portal, and where asked the indexer beside them."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Response
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api import problems
from backend.api.application import create_api
from backend.api.crossorigin import CrossOrigin
from backend.api.exposition import MEDIA_TYPE
from backend.api.front import PREFIX, Front
from backend.api.limiting import Limited
from backend.api.measuring import Measured
from backend.api.request_ids import RequestIds
from backend.api.routers import health
from backend.api.services import Clock, Given, Services, wall_clock
from backend.chain.deployment import NotDeployedError, load_deployment
from backend.chain.nodes import Nodes
from backend.core.errors import AppError
from backend.core.secrets import without_secrets
from backend.core.settings import Settings
from backend.indexer import Indexer, Listener, Policy, run_forever
from backend.web.application import create_portal

logger = logging.getLogger(__name__)

STOP_SECONDS = 1.0
_FREE = frozenset(f"{PREFIX}{route}" for route in ("/healthz", "/readyz"))
"""Who watches the server may ask as often as need be."""
_DEPLOYMENT_SECONDS = 1.0
_OWN_METRICS: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI would ask for each request whether somebody listens to its own."""


def create_app(settings: Settings, *, index: bool = False, clock: Clock = wall_clock) -> FastAPI:
    """Put the server together; with `index` it follows the chain in a thread of its own.

    `clock` says what is late.
    """
    services = Services(settings, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=_follow, args=(services, stop), daemon=True)
        if index:
            thread.start()
        yield
        stop.set()
        if index:
            await run_in_threadpool(thread.join, STOP_SECONDS)
        services.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None, telemetry=_OWN_METRICS)
    app.state.services = services
    problems.install(app)
    _add_middlewares(app, services)
    app.include_router(health.router)
    app.add_api_route("/metrics", metrics, include_in_schema=False)
    app.mount("/api/v1", create_api(services))
    app.mount("/", create_portal(services))
    return app


def _add_middlewares(app: FastAPI, services: Services) -> None:
    """From the innermost to the outermost: what each lets through has passed all that follow it.

    A request gets its id before anything can be logged about it; what is refused is counted, and
    may be read from any site, like what is answered.
    """
    app.add_middleware(Front, services=services)
    if limit := services.settings.api_requests_per_minute:
        app.add_middleware(Limited, limit=limit, prefix=PREFIX, free=_FREE)
    app.add_middleware(Measured)
    app.add_middleware(HeadRequests)
    app.add_middleware(CrossOrigin, prefix=PREFIX)
    app.add_middleware(RequestIds)


def metrics(given: Given) -> Response:
    """Everything that this process counts and measures, for Prometheus."""
    return Response(given.metrics(), media_type=MEDIA_TYPE, headers=health.NOT_STORED)


class HeadRequests:
    """Answers HEAD as GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        ended = False

        async def send_head(message: Message) -> None:
            nonlocal ended
            if ended:
                return
            if message["type"] == "http.response.body":
                # A stream has no end of its own.
                ended = True
                message = {**message, "body": b"", "more_body": False}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


def _follow(services: Services, stop: threading.Event) -> None:
    """Index until `stop` is set; what ends it early is shown by `/healthz`."""
    settings = services.settings
    while not stop.is_set():
        try:
            deployment = load_deployment(settings.data_dir)
            policy = Policy(settings.confirmations, settings.reorg_blocks)
            with (
                Nodes.at(settings.node_urls) as nodes,
                Listener(settings.websocket) as heads,
            ):
                indexer = Indexer(services.database, nodes, deployment, services.store, policy)
                services.index_problem = None
                run_forever(indexer, stop, heads=heads)
        except NotDeployedError as error:
            services.index_problem = error.detail
            stop.wait(_DEPLOYMENT_SECONDS)
        except AppError as error:
            # It is shown to everybody.
            services.index_problem = without_secrets(error.detail)
            logger.error("The index stands still. %s: %s", error.title, error.detail)
            return
        except Exception:
            services.index_problem = "The index stands still after an unexpected error."
            logger.exception("The index stands still.")
            return
