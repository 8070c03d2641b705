"""Programs in browsers may read the API from pages of any site: CORS, as Fetch has it.

Every answer says so, whether a page asks or not: a cache between may keep one for all.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = "GET, HEAD"
EXPOSED = (
    "Content-Disposition, ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, "
    "Termin-Block, X-Request-Id"
)
_DAY_SECONDS = 86_400
_ANSWER = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED.encode()),
]
_PREFLIGHT = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", str(_DAY_SECONDS).encode()),
]


class CrossOrigin:
    """Lets everybody read what is below `prefix`; there are no cookies that could be misused."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and _is_preflight(scope):
            start = {"type": "http.response.start", "status": HTTPStatus.NO_CONTENT}
            await send(start | {"headers": _PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_ANSWER]}
            await send(message)

        await self._app(scope, receive, opened)


def _is_preflight(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])
