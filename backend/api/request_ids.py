"""A name for each request, in its answer and in whatever is logged about it."""

from __future__ import annotations

import re
from random import Random

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-Id"
REQUEST_ID = "termin.request_id"
"""Where in a request's scope its id stands."""

_HEADER = HEADER.lower().encode()
_BITS = 128
# A name, no secret: asking the system for each takes ten times as long.
_chance = Random()  # noqa: S311
# It goes into logs and headers as it is: nothing that either could take for its own.
_ACCEPTED = re.compile(rb"[A-Za-z0-9][A-Za-z0-9-]{7,63}")


class RequestIds:
    """Takes the id that a request brings, or makes one, and sends it back with the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _given(scope) or f"{_chance.getrandbits(_BITS):0{_BITS // 4}x}"
        scope[REQUEST_ID] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (_HEADER, request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, named)


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == _HEADER:
            return value.decode() if _ACCEPTED.fullmatch(value) else None
    return None
