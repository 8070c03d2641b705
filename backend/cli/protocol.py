"""HTTP as uvicorn speaks it, but head and body of an answer leave together.

uvicorn writes them one after the other, and so does the event loop: the system is called twice for
each answer, and the reader woken twice.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class WholeAnswers(HttpToolsProtocol):
    """The protocol of one connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        gathered = cast("asyncio.Transport", GatheredTransport(transport, self.loop))
        super().connection_made(gathered)


class GatheredTransport:
    """A transport that holds what is written until more comes, or until nothing else is to be done.

    All else is what the transport does that it stands before.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def write(self, data: bytes) -> None:
        """Write after what is held, or hold it."""
        if self._held is None:
            self._held = data
            self._loop.call_soon(self._release)
        else:
            held, self._held = self._held, None
            self._transport.writelines((held, data))

    def close(self) -> None:
        """Write what is held, and close."""
        self._release()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _release(self) -> None:
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held)
