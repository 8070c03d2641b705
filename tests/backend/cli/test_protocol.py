"""answers over HTTP
├── come whole, one after the other on one connection
│   ├── with a body and without
│   └── piece by piece, where they are made so
├── come before the connection is closed
├── come from whatever address it is: of IPv4, of IPv6, or a name
│   └── that somebody else listens at, or nobody has: refused
├── leave in one piece
│   └── or as soon as nothing else is to be done
├── to a head, or to what follows a body, of more than 64 KiB: 431, and the connection is closed
│   ├── however many requests, or however long a body, come at once
│   └── and to a head of more than a hundred headers
├── are made of few requests at a time, however many come behind one that is being answered
├── are kept for who reads them slowly, but not for who does not
└── to a request that is not whole in time: 408, and the connection is closed
    ├── head and body, the first and a later one, however little by little it comes
    ├── without a word to who has not asked anything
    ├── not while another one is answered or its body read, and not for requests that are whole
    └── but where a body that is read hardly comes, without a word
"""

from __future__ import annotations

import asyncio
import errno
import http.client
import json
import socket
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from typing import Any, cast

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from support.node import free_port

from backend.cli import protocol
from backend.cli.protocol import LARGEST_HEAD, GatheredTransport, WholeAnswers
from backend.cli.server import LOCALHOST, PortTakenError, require_free, serving

LONG = b"x" * 3_000_000
LONGER = b"x" * 30_000_000
"""More than the system takes for a reader who does not read."""
SECONDS = 2.0


async def pieces() -> AsyncIterator[bytes]:
    """Long ones, and one that somebody has to wait for."""
    yield LONG
    await asyncio.sleep(0.05)
    yield b"end"


async def slow() -> Response:
    """After a while."""
    await asyncio.sleep(1.5 * SECONDS)
    return Response(b"slow")


async def length(request: Request) -> Response:
    """How long the body is."""
    return Response(str(len(await request.body())))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server with answers of all kinds."""
    app = FastAPI()
    app.get("/short")(lambda: Response(b"short"))
    app.get("/long")(lambda: Response(LONG))
    app.get("/longer")(lambda: Response(LONGER))
    app.get("/none")(lambda: Response(status_code=304))
    app.get("/slow")(slow)
    app.put("/length")(length)
    app.get("/pieces")(lambda: StreamingResponse(pieces()))
    chosen = free_port()
    with serving(app, LOCALHOST, chosen):
        yield chosen


def test_one_after_the_other(port: int) -> None:
    connection = http.client.HTTPConnection(LOCALHOST, port, timeout=10)
    expected = {
        "/short": (200, b"short"),
        "/none": (304, b""),
        "/long": (200, LONG),
        "/pieces": (200, LONG + b"end"),
    }
    connection.connect()
    first = connection.sock
    for path, answer in [*expected.items(), *expected.items()]:
        connection.request("GET", path)
        response = connection.getresponse()
        assert (response.status, response.read()) == answer, path
    assert connection.sock is first
    connection.close()


def has_ipv6() -> bool:
    """Whether this machine has addresses of IPv6, which may be turned off."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


HOSTS = {LOCALHOST: LOCALHOST, "0.0.0.0": LOCALHOST, "localhost": LOCALHOST}
if has_ipv6():
    HOSTS |= {"::1": "::1", "::": "::1"}


@pytest.mark.parametrize(("host", "address"), HOSTS.items())
def test_from_whatever_address(host: str, address: str) -> None:
    app, chosen = FastAPI(), free_port()
    app.get("/short")(lambda: Response(b"short"))
    with serving(app, host, chosen):
        connection = http.client.HTTPConnection(address, chosen, timeout=10)
        connection.request("GET", "/short")
        assert connection.getresponse().read() == b"short"
        connection.close()


@pytest.mark.parametrize("host", [host for host in HOSTS if host in ("::1", LOCALHOST)])
def test_where_somebody_else_listens(host: str) -> None:
    shown = f"[{host}]" if ":" in host else host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        chosen = taken.getsockname()[1]
        with pytest.raises(PortTakenError) as caught:
            require_free(host, chosen)
    assert caught.value.detail.startswith(f"{shown}:{chosen} cannot be listened on (Address alread")


def test_where_a_machine_lacks_some_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    real, lacking = socket.socket, {socket.AF_INET6}

    def made(family: int = socket.AF_INET, *more: Any, **named: Any) -> socket.socket:
        if family in lacking:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return real(family, *more, **named)

    places = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (LOCALHOST, 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
    monkeypatch.setattr(socket, "socket", made)
    require_free("localhost", 0)
    lacking.add(socket.AF_INET)
    with pytest.raises(PortTakenError, match="Address family not supported"):
        require_free("localhost", 0)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "nowhere.invalid"])
def test_where_nobody_can_listen(host: str) -> None:
    with pytest.raises(PortTakenError, match="cannot be listened on"):
        require_free(host, free_port())


@pytest.mark.parametrize(
    ("path", "body"), [("/short", b"short"), ("/long", LONG), ("/pieces", LONG + b"end")]
)
def test_before_the_connection_is_closed(port: int, path: str, body: bytes) -> None:
    connection = http.client.HTTPConnection(LOCALHOST, port, timeout=10)
    connection.request("GET", path, headers={"Connection": "close"})
    response = connection.getresponse()
    assert response.read() == body
    assert response.will_close
    connection.close()


class Noted:
    """Stands for a transport, and notes what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def writelines(self, parts: Iterable[bytes]) -> None:
        self.told.append(list(parts))

    def close(self) -> None:
        self.told.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.told


def test_in_one_piece() -> None:
    async def tell() -> list[Any]:
        noted = Noted()
        transport = GatheredTransport(cast("asyncio.Transport", noted), asyncio.get_running_loop())
        transport.write(b"head")
        assert noted.told == []
        transport.write(b"body")
        assert noted.told == [[b"head", b"body"]]
        transport.write(b"alone")
        await asyncio.sleep(0)
        assert noted.told[1:] == [b"alone"]
        await asyncio.sleep(0)
        transport.write(b"last")
        assert not transport.is_closing()
        transport.close()
        assert transport.is_closing()
        await asyncio.sleep(0)
        return noted.told

    assert asyncio.run(tell()) == [[b"head", b"body"], b"alone", b"last", "closed"]


HEAD = b"GET /short HTTP/1.1\r\nHost: a\r\n"
LAST = b"GET /short HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
PUT = b"PUT /length HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
CHUNKED = PUT + b"Transfer-Encoding: chunked\r\n\r\n"


def said(port: int, *parts: bytes) -> bytes:
    """All that is answered to what is sent, until the connection is closed."""
    found = b""
    with socket.create_connection((LOCALHOST, port), timeout=10) as connection:
        with suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
        with suppress(ConnectionError):
            while piece := connection.recv(65_536):
                found += piece
    return found


def head_of(size: int) -> bytes:
    """A head that is so long: what httptools does not hand over is not counted."""
    start = b"GET /short HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: "
    return start + b"x" * (size - len(start) - 4) + b"\r\n\r\n"


def test_a_head_that_is_long_enough(port: int) -> None:
    head = head_of(LARGEST_HEAD - 100)
    for pieces_ in ([head], [head[:50_000], head[50_000:]]):
        assert said(port, *pieces_).endswith(b"short")


def test_a_head_that_is_too_long(port: int) -> None:
    answer = said(port, head_of(LARGEST_HEAD + 100))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"content-type: application/problem+json\r\n" in head
    assert b"connection: close\r\n" in head
    assert f"content-length: {len(body)}".encode() in head
    assert json.loads(body) == {
        "type": "urn:termin:problem:head-too-large",
        "title": "The head of the request is too large",
        "status": 431,
        "detail": (
            "Address and headers may have 65536 bytes together, and there may be 100 headers."
        ),
    }


@pytest.mark.parametrize(
    "start",
    [HEAD + b"X-A: ", b"GET /short?", b"X" * 8, CHUNKED + b"0\r\nX-A: ", CHUNKED + b"1;a="],
    ids=["header", "address", "method", "trailer", "extension"],
)
def test_a_head_without_an_end(port: int, start: bytes) -> None:
    sent = 0
    with socket.create_connection((LOCALHOST, port), timeout=10) as connection:
        connection.sendall(start)
        with suppress(ConnectionError):
            for _ in range(100):
                connection.sendall(b"a" * 1_000_000)
                sent += 1
    # The system itself takes some.
    assert sent < 20


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_much_that_is_no_head(port: int, size: int) -> None:
    requests = 200_000 // len(HEAD)
    many = (HEAD + b"\r\n") * requests
    assert said(port, many + LAST).count(b"HTTP/1.1 200 OK") == requests + 1
    body = b"x" * size
    put = PUT + f"Content-Length: {size}\r\n\r\n".encode() + body
    assert said(port, put).endswith(f"\r\n\r\n{size}".encode())
    chunk = f"{size:x}\r\n".encode() + body + b"\r\n"
    whole = said(port, CHUNKED + chunk * 3 + b"0\r\nX-End: yes\r\n\r\n")
    assert whole.endswith(f"\r\n\r\n{3 * size}".encode())


@pytest.mark.parametrize(("headers", "status"), [(99, 200), (100, 431)])
def test_many_headers(port: int, headers: int, status: int) -> None:
    head = LAST[: -len(b"Connection: close\r\n\r\n")] + b"a:\r\n" * (headers - 1)
    answer = said(port, head + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"connection: close\r\n" in answer


def test_many_requests_behind_one(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []
    plain = WholeAnswers.on_headers_complete

    def noted(self: WholeAnswers) -> None:
        plain(self)
        waiting.append(len(self.pipeline))

    monkeypatch.setattr(WholeAnswers, "on_headers_complete", noted)
    smallest = b"GET /short HTTP/1.1\r\n\r\n"
    answers = said(port, smallest * 3_000, LAST)
    assert answers.count(b"HTTP/1.1 200 OK") == len(waiting) == 3_001
    assert max(waiting) <= 4_096 // len(smallest) + 1


def asked(port: int) -> socket.socket:
    """A connection on which a long answer was asked for, which takes in little by itself."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(10)
    connection.connect((LOCALHOST, port))
    connection.sendall(LAST.replace(b"/short", b"/longer"))
    return connection


def taken_in(connection: socket.socket, pause: float) -> int:
    """How many bytes come until there are no more, for who rests after each megabyte."""
    found, rest = 0, 1_000_000
    with connection, suppress(ConnectionError):
        while piece := connection.recv(65_536):
            found += len(piece)
            if found > rest:
                rest += 1_000_000
                time.sleep(pause)
    return found


@pytest.mark.parametrize("before", [b"", b"some of it"])
def test_who_does_not_read(port: int, monkeypatch: pytest.MonkeyPatch, before: bytes) -> None:
    monkeypatch.setattr(protocol, "UNREAD_SECONDS", 0.2)
    connection = asked(port)
    connection.recv(len(before)) if before else None
    time.sleep(1)
    assert taken_in(connection, 0) < len(LONGER)


def test_who_reads_slowly(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "UNREAD_SECONDS", 0.5)
    assert taken_in(asked(port), 0.05) > len(LONGER)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", SECONDS)


def trickled(port: int, first: bytes, start: bytes) -> bytes:
    """All that is answered to requests that are whole, and to one that never will be."""
    found = b""
    with socket.create_connection((LOCALHOST, port), timeout=10) as connection:
        connection.settimeout(0.05)
        connection.sendall(first + start)
        with suppress(ConnectionError):
            for _ in range(400):
                with suppress(TimeoutError):
                    if not (piece := connection.recv(65_536)):
                        return found
                    found += piece
                connection.sendall(b"a")
            pytest.fail("The connection is still open.")
    return found


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("first", [b"", HEAD + b"\r\n"], ids=["first", "later"])
@pytest.mark.parametrize("start", [b"GET /sh", HEAD + b"X-A: "], ids=["address", "header"])
def test_a_head_that_comes_little_by_little(port: int, first: bytes, start: bytes) -> None:
    before, _, answer = trickled(port, first, start).rpartition(b"HTTP/1.1 ")
    assert before.endswith(b"short") == bool(first)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"408 Request Timeout\r\n")
    assert b"connection: close\r\n" in head
    assert json.loads(body) == {
        "type": "urn:termin:problem:request-too-slow",
        "title": "The request is too slow",
        "status": 408,
        "detail": "A request has to be whole within 20 seconds.",
    }


@pytest.mark.usefixtures("impatient")
def test_a_body_that_comes_little_by_little(port: int) -> None:
    start = HEAD.replace(b"GET", b"PUT") + b"Content-Length: 1000000\r\n\r\n"
    assert trickled(port, b"", start).startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")


@pytest.mark.usefixtures("impatient")
def test_who_asks_nothing(port: int) -> None:
    with socket.create_connection((LOCALHOST, port), timeout=10) as connection:
        assert connection.recv(10) == b""


@pytest.mark.usefixtures("impatient")
def test_who_waits_for_another_answer(port: int) -> None:
    slow = HEAD.replace(b"/short", b"/slow") + b"\r\n"
    with socket.create_connection((LOCALHOST, port), timeout=10) as connection:
        connection.sendall(slow + HEAD)
        assert b"\r\n\r\nslow" in connection.recv(65_536)
        connection.sendall(b"\r\n")
        assert connection.recv(65_536).endswith(b"short")


@pytest.mark.usefixtures("impatient")
def test_a_body_that_is_waited_for(port: int) -> None:
    with socket.create_connection((LOCALHOST, port), timeout=10) as connection:
        connection.sendall(PUT + b"Content-Length: 9216\r\n\r\n")
        for _ in range(9):
            time.sleep(SECONDS / 6)
            connection.sendall(b"a" * 1024)
        assert connection.recv(65_536).endswith(b"\r\n\r\n9216")


@pytest.mark.usefixtures("impatient")
def test_a_body_that_hardly_comes(port: int) -> None:
    assert trickled(port, b"", PUT + b"Content-Length: 9216\r\n\r\n") == b""


@pytest.mark.usefixtures("impatient")
def test_requests_in_time(port: int) -> None:
    connection = http.client.HTTPConnection(LOCALHOST, port, timeout=10)
    connection.connect()
    first = connection.sock
    for _ in range(4):
        connection.request("GET", "/short")
        assert connection.getresponse().read() == b"short"
        time.sleep(SECONDS / 3)
    assert connection.sock is first
    connection.close()
