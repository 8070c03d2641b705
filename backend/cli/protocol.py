"""HTTP as uvicorn speaks it, but answers leave as a whole, and nobody is waited for without end.

uvicorn writes head and body one after the other, and so does the event loop: the system is called
twice for each answer, and the reader woken twice. Of what comes it keeps all until a head is whole,
and for as long as that takes; makes requests of all that comes behind one that is being answered;
and keeps an answer until it is read, or for good.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LARGEST_HEAD = 1 << 16
"""How many bytes address and headers of a request may have together."""
MOST_HEADERS = 100
"""How many headers a request may have: one of few bytes takes a hundred and more of memory."""
_AROUND = 4
"""Colon, blank and the end of the line of a header."""
REQUEST_SECONDS = 20.0
"""Within so many a request has to be whole once it has begun, the first one once somebody has
connected; a body that is asked for may take longer."""
SLOWEST = 1 << 10
"""How many bytes a second such a body has to bring, in any `REQUEST_SECONDS`."""
UNREAD_SECONDS = 30.0
LEAST_READ = 1 << 15
"""Within so many seconds a reader has to take in so many bytes of an answer, or all that there are.
The system's own buffers are not counted."""
_PIECE = 1 << 12
"""How many bytes are looked at before it is asked whether there are requests to be answered first:
the smallest have 18 bytes and take a hundred times as much once they are read."""


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
    f"Address and headers may have {LARGEST_HEAD} bytes together, and there may be {MOST_HEADERS} "
    "headers.",
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
    _ahead = b""
    """What came behind requests that are to be answered first, as it came."""
    _too_large = False
    """Whether the head that is being read is."""
    _unread = 0
    """How much of an answer was not taken in when that was looked at last."""
    _reader: asyncio.TimerHandle | None = None
    """Ends the connection, unless something of it is taken in before."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        gathered = cast("asyncio.Transport", GatheredTransport(transport, self.loop))
        super().connection_made(gathered)
        # Whatever the system does not take at once waits for the reader.
        transport.set_write_buffer_limits(high=0)
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more comes."""
        self._be_at_ease()
        self._stop_watching()
        self._ahead = b""
        self.pipeline.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something was read."""
        self._ahead += data
        self._go_on()

    def on_response_complete(self) -> None:
        """An answer was given."""
        super().on_response_complete()
        self._go_on()

    def pause_writing(self) -> None:
        """Something of an answer waits for the reader."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """All was taken in."""
        self._stop_watching()
        super().resume_writing()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._whole = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header came; raises `HeadTooLargeError`."""
        if len(self.headers) >= MOST_HEADERS:
            self._too_large = True
            raise HeadTooLargeError
        super().on_header(name, value)

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
        if self._too_large or self._pending > LARGEST_HEAD:
            self._refuse(_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def _go_on(self) -> None:
        """Read what came, up to a request that has to wait for its answer; no more comes then."""
        while self._ahead and not self.pipeline and not self.transport.is_closing():
            piece, self._ahead = self._ahead[:_PIECE], self._ahead[_PIECE:]
            self._read(piece)
        if (self._ahead or self.pipeline) and not self.transport.is_closing():
            self.flow.pause_reading()

    def _read(self, data: bytes) -> None:
        self._pending += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._pending > LARGEST_HEAD:
            self._refuse(_TOO_LARGE)
        elif not self._whole and self._patience is None:
            self._be_patient()

    def _watch(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        self._reader = self.loop.call_later(UNREAD_SECONDS, self._look_at_reader)

    def _look_at_reader(self) -> None:
        if self.transport.get_write_buffer_size() > self._unread - LEAST_READ:
            self.transport.abort()
        else:
            self._watch()

    def _stop_watching(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

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
