"""How fast the read API answers from PostgreSQL: one contract, a page, and what has not changed.

Client, server and database share the machine. The server is one uvicorn worker. `api_one` asks for
contracts by number, at random among the first 20,000: six milestones, five payments of three parts,
a tax, a guarantee, a committee of three, 31 KB of JSON each; `api_summary` for the same contracts
as lists have them, 1.7 KB; `api_page` for pages of 50 among 100,000 by status and year in eight
orders, 78 KB each. No answer of these is kept. Their floor is bare ASGI with one SELECT of one row
for each request, that of `api_cached_rps` a body that is there already, which shows too that the
client is not what is measured.
"""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.api.database import filled
from benchmarks.api.filling import DETAILED
from benchmarks.api.load import Load, UnexpectedAnswerError, listens, request, run
from benchmarks.support import free_port

SECONDS = 5.0
WARM_UP_SECONDS = 1.5
CONNECTIONS = 32
_START_SECONDS = 90.0
_SEED = 20_240_101


def measure() -> list[dict[str, Any]]:
    """All rows of the API, each with `name`, `value`, `unit` and where there is one `floor`."""
    with filled() as url:
        static = loaded("static", url, itertools.repeat(request("/"))).rate
        asgi = loaded("asgi", url, itertools.repeat(request("/"))).rate
        one = loaded("api", url, ones(DETAILED))
        short = loaded("api", url, ones(DETAILED, "/summary"))
        page = loaded("api", url, pages())
        cached = loaded("cached", url, itertools.repeat(request("/api/v1/contracts/7"))).rate
        unchanged = _unchanged(url).rate
    return [
        _row("api_one_rps", one.rate, "requests/s", asgi),
        _row("api_one_p99_ms", one.percentile(0.99), "ms"),
        _row("api_summary_rps", short.rate, "requests/s", asgi),
        _row("api_summary_p99_ms", short.percentile(0.99), "ms"),
        _row("api_cached_rps", cached, "requests/s", static),
        _row("api_unchanged_rps", unchanged, "requests/s", static),
        _row("api_page_rps", page.rate, "requests/s", asgi),
        _row("api_page_p99_ms", page.percentile(0.99), "ms"),
    ]


def _row(name: str, value: float, unit: str, floor: float | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "value": round(value, 1), "unit": unit}
    return row if floor is None else row | {"floor": round(floor, 1)}


def ones(contracts: int, part: str = "") -> Iterator[bytes]:
    """One contract of so many after another, or a part of it."""
    chosen = random.Random(_SEED)
    while True:
        yield request(f"/api/v1/contracts/{chosen.randint(1, contracts)}{part}")


def pages() -> Iterator[bytes]:
    """Pages by status and year, in eight orders."""
    chosen = random.Random(_SEED)
    while True:
        sort = chosen.choice(("value", "paid", "date", "title"))
        order = chosen.choice(("asc", "desc"))
        query = f"status=active&year={chosen.choice((2024, 2025))}&sort={sort}&order={order}"
        yield request(f"/api/v1/contracts?{query}")


def loaded(kind: str, url: str, requests: Iterator[bytes], connections: int = CONNECTIONS) -> Load:
    """What a server answers that is warm; the database is at `url`."""
    with _served(kind, url) as port:
        run(port, requests, connections=connections, seconds=WARM_UP_SECONDS)
        return run(port, requests, connections=connections, seconds=SECONDS)


def _unchanged(url: str) -> Load:
    """Readers who have the answer: 304, without a body. The minute may end: then they ask anew."""
    with _served("cached", url) as port:
        for _ in range(3):
            tag = _etag(port)
            requests = itertools.repeat(request("/api/v1/contracts/7", [f"If-None-Match: {tag}"]))
            try:
                return run(port, requests, connections=CONNECTIONS, seconds=SECONDS, status=304)
            except UnexpectedAnswerError:
                continue
        raise UnexpectedAnswerError("No minute was long enough for readers who have the answer.")


def _etag(port: int) -> str:
    import httpx

    return httpx.get(f"http://127.0.0.1:{port}/api/v1/contracts/7").headers["etag"]


@contextmanager
def _served(kind: str, url: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.api.served", kind, str(port), url]
    with (
        tempfile.TemporaryDirectory(prefix="termin-bench-") as folder,
        subprocess.Popen([*command, folder]) as server,
    ):
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not listens(port):
                if (ended := server.poll()) is not None or time.monotonic() > deadline:
                    raise UnexpectedAnswerError(f"The server {kind!r} did not start: {ended}")
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
            server.wait()
