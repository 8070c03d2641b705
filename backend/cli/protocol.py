"""HTTP as uvicorn speaks it, but answers leave as a whole, and no head of a request is endless.

uvicorn writes head and body one after the other, and so does the event loop: the system is called
twice for each answer, and the reader woken twice. Of what comes it keeps all until a head is whole,
and for as long as that takes.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LARGEST_HEAD = 1 << 16
"""How many bytes address and headers of a request may have together."""
_AROUND = 4
"""Colon, blank and the end of the line of a header."""
REQUEST_SECONDS = 20.0
"""Within so many a request has to be whole once it has begun, the first one once somebody has
connected; a body that is asked for may take longer."""
SLOWEST = 1 << 10
"""How many bytes a second such a body has to bring, in any `REQUEST_SECONDS`."""


def _refusal(status: HTTPStatus, name: str, title: str, detail: str) -> bytes:
    """An answer after which the connection is closed."""
    told = {"type": f"urn:termin:problem:{name}", "title": title, "status": status}
    problem = json.dumps(told | {"detail": detail}).encode()
    return (
        b"HTTP/1.1 %d %b\r\n"
        b"content-type: application/problem+json\r\n"
        b"cache-control: no-store\r\n"
        b"connection: close\r\n"
        b"content-length: %d\r\n\r\n%b" % (status, status.phrase.encode(), len(problem), problem)
    )


_TOO_LARGE = _refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "head-too-large",
    "The head of the request is too large",
    f"Address and headers may have {LARGEST_HEAD} bytes together.",
)
_TOO_SLOW = _refusal(
    HTTPStatus.REQUEST_TIMEOUT,
    "request-too-slow",
    "The request is too slow",
    f"A request has to be whole within {REQUEST_SECONDS:.0f} seconds.",
)


class HeadTooLargeError(Exception):
    """Ends the parsing of a request."""


class WholeAnswers(HttpToolsProtocol):
    """The protocol of one connection."""

    _pending = 0
    """How many bytes came since a head or a piece of a body was whole, those before in the same
    read included."""
    _brought = 0
    """How much of a body did since patience began."""
    _patience: asyncio.TimerHandle | None = None
    """Ends the connection, unless a request is whole before."""
    _whole = False
    """Whether the last request that began is."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        gathered = cast("asyncio.Transport", GatheredTransport(transport, self.loop))
        super().connection_made(gathered)
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more comes."""
        self._be_at_ease()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something was read."""
        self._pending += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._pending > LARGEST_HEAD:
            self._refuse(_TOO_LARGE)
        elif not self._whole and self._patience is None:
            self._be_patient()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._whole = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is whole; raises `HeadTooLargeError`."""
        if self._pending > LARGEST_HEAD and self._head_size() > LARGEST_HEAD:
            raise HeadTooLargeError
        self._pending = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body came."""
        self._pending = 0
        self._brought += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is whole."""
        self._whole = True
        self._be_at_ease()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, or is too large."""
        if self._pending > LARGEST_HEAD:
            self._refuse(_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def _head_size(self) -> int:
        return len(self.url) + sum(len(n) + len(value) + _AROUND for n, value in self.headers)

    def _be_patient(self) -> None:
        self._brought = 0
        self._patience = self.loop.call_later(REQUEST_SECONDS, self._lose_patience)

    def _be_at_ease(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        """Refuse a request that is not whole.

        Not while one is answered: who answers may still read its body, which has to come, and what
        comes behind it waits.
        """
        if self._is_answering():
            if self._is_kept_waiting():
                self.transport.close()
            else:
                self._be_patient()
        elif self._pending:
            self._refuse(_TOO_SLOW)
        else:
            # Browsers connect before they have anything to ask.
            self.transport.close()

    def _is_kept_waiting(self) -> bool:
        """Whether the body of what is answered hardly comes; not where it is left unread."""
        slow = self._brought < SLOWEST * REQUEST_SECONDS
        return slow and self.cycle.more_body and not self.flow.read_paused

    def _is_answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _refuse(self, answer: bytes) -> None:
        """Close the connection, and say why, if that does not come into the midst of an answer."""
        if not self._is_answering():
            self.transport.write(answer)
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
