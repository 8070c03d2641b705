"""answers over HTTP
├── come whole, one after the other on one connection
│   ├── with a body and without
│   └── piece by piece, where they are made so
├── come before the connection is closed
└── leave in one piece
    └── or as soon as nothing else is to be done
"""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, cast

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

from backend.cli.protocol import GatheredTransport
from backend.cli.server import LOCALHOST, free_port, serving

LONG = b"x" * 3_000_000


async def pieces() -> AsyncIterator[bytes]:
    """Long ones, and one that somebody has to wait for."""
    yield LONG
    await asyncio.sleep(0.05)
    yield b"end"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server with answers of all kinds."""
    app = FastAPI()
    app.get("/short")(lambda: Response(b"short"))
    app.get("/long")(lambda: Response(LONG))
    app.get("/none")(lambda: Response(status_code=304))
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
