"""The servers that are measured, each in a process of its own with one worker.

`python -m benchmarks.api.served api|cached|static|asgi PORT URL FOLDER`. They run as `termin serve`
does, on uvloop and httptools.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, select

from backend.app import create_app
from backend.cli.server import server, settle
from backend.core.settings import Settings
from backend.db.lanes import Lanes
from backend.queries.contract_pages import CURSOR

STATIC_BYTES = 30_000


def api(url: str, folder: str, *, cache: int) -> Any:
    """The whole server; `folder` is for its files."""
    settings = Settings(
        rpc_url="http://127.0.0.1:1",
        database_url=url,
        data_dir=Path(folder),
        api_cache_bytes=cache,
        # Counted as for every reader, and never reached.
        api_requests_per_minute=10**9,
    )
    return create_app(settings)


def static(_: str) -> Any:
    """A body that is there already: what server and client can do at most."""
    body = b"x" * STATIC_BYTES

    async def app(scope: Any, _: Any, send: Any) -> None:
        await _answer(scope, send, body)

    return app


def asgi(url: str) -> Any:
    """One SELECT of one row by its key, and its bytes as they come."""
    lanes = Lanes(make_url(url))
    statement = select(CURSOR.column)

    async def app(scope: Any, _: Any, send: Any) -> None:
        if scope["type"] == "http":
            rows = await lanes.rows(statement, {})
            await _answer(scope, send, rows[0][0].encode())

    return app


async def _answer(scope: Any, send: Any, body: bytes) -> None:
    if scope["type"] != "http":
        return
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until ended."""
    kind, port, url, folder = sys.argv[1:5]
    apps = {
        "api": lambda: api(url, folder, cache=0),
        "cached": lambda: api(url, folder, cache=1 << 26),
        "static": lambda: static(url),
        "asgi": lambda: asgi(url),
    }
    running = server(apps[kind](), "127.0.0.1", int(port))
    settle()
    running.run()


if __name__ == "__main__":
    main()
