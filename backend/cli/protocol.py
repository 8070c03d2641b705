"""HTTP as uvicorn speaks it, but answers leave as a whole, and no head of a request is endless.

uvicorn writes head and body one after the other, and so does the event loop: the system is called
twice for each answer, and the reader woken twice. Of what comes it keeps all until a head is whole.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LARGEST_HEAD = 1 << 16
"""How many bytes address and headers of a request may have together."""
_AROUND = 4
"""Colon, blank and the end of the line of a header."""
_PROBLEM = json.dumps(
    {
        "type": "urn:termin:problem:head-too-large",
        "title": "The head of the request is too large",
        "status": 431,
        "detail": f"Address and headers may have {LARGEST_HEAD} bytes together.",
    }
).encode()
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/problem+json\r\n"
    b"cache-control: no-store\r\n"
    b"connection: close\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(_PROBLEM), _PROBLEM)
)


class HeadTooLargeError(Exception):
    """Ends the parsing of a request."""


class WholeAnswers(HttpToolsProtocol):
    """The protocol of one connection."""

    _pending = 0
    """How many bytes came since a head or a piece of a body was whole, those before in the same
    read included."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        gathered = cast("asyncio.Transport", GatheredTransport(transport, self.loop))
        super().connection_made(gathered)

    def data_received(self, data: bytes) -> None:
        """Something was read."""
        self._pending += len(data)
        super().data_received(data)
        if self._pending > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse()

    def on_headers_complete(self) -> None:
        """A head is whole; raises `HeadTooLargeError`."""
        if self._pending > LARGEST_HEAD and self._head_size() > LARGEST_HEAD:
            raise HeadTooLargeError
        self._pending = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body came."""
        self._pending = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, or is too large."""
        if self._pending > LARGEST_HEAD:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _head_size(self) -> int:
        return len(self.url) + sum(len(n) + len(value) + _AROUND for n, value in self.headers)

    def _refuse(self) -> None:
        """Close the connection, and say why, if that does not come into the midst of an answer."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is None or cycle.response_complete:
            self.transport.write(_REFUSAL)
        self.transport.close()


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
