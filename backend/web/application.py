"""The portal as an application of its own, to be mounted behind everything else."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from backend.web import errors
from backend.web.headers import SecurityHeaders
from backend.web.routes import router
from backend.web.visit import Services

_SMALLEST_COMPRESSED = 500


def create_portal(services: Services) -> FastAPI:
    """The portal on the given services."""
    portal = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    portal.state.services = services
    errors.install(portal)
    portal.include_router(router)
    portal.add_middleware(GZipMiddleware, minimum_size=_SMALLEST_COMPRESSED)
    portal.add_middleware(SecurityHeaders)
    return portal
