"""a connection of an event loop's own
├── brings answers of any length, to statements of any length
├── takes values of any type
├── prepares each statement once
│   └── and keeps the latest alone
├── is as good as before when a statement was wrong
├── notices at once that the server has closed it
│   ├── while nobody asks
│   └── while somebody waits
└── closes only itself
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from psycopg.errors import UndefinedTable

from backend.db import lane as module
from backend.db.lane import Lane
from backend.db.session import Database

NAMES = b"SELECT statement FROM pg_prepared_statements"
PATIENCE = 60.0


def on_a_lane(database: Database, tell: Callable[[Lane], Awaitable[None]]) -> None:
    """What happens on one lane."""

    async def happen() -> None:
        lane = await Lane.open({"conninfo": url(database)})
        try:
            async with asyncio.timeout(PATIENCE):
                await tell(lane)
        finally:
            lane.close()

    asyncio.run(happen())


def url(database: Database) -> str:
    """The database as libpq names it."""
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def end(database: Database, server: int) -> None:
    """End the process of the server that serves a connection."""
    with psycopg.connect(url(database), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", [server])


def test_any_length(postgres_database: Database) -> None:
    async def tell(lane: Lane) -> None:
        for length in (0, 1, 8_192, 20_000_000):
            sent = "é" * length
            assert await lane.rows(b"SELECT $1::text, $2::int", [sent, length]) == [(sent, length)]
        rows = await lane.rows(b"SELECT i, NULL FROM generate_series(1, 100000) i", [])
        assert rows == [(i, None) for i in range(1, 100_001)]

    on_a_lane(postgres_database, tell)


def test_values_of_any_type(postgres_database: Database) -> None:
    given: list[Any] = [None, True, "a'b\\", 7, 2**70, ["x", '"y"', None], [1, 2**40]]
    marks = ("text", "bool", "text", "int", "numeric", "text[]", "bigint[]")
    asked = ", ".join(f"${i}::{kind}" for i, kind in enumerate(marks, 1))

    async def tell(lane: Lane) -> None:
        assert await lane.rows(f"SELECT {asked}".encode(), given) == [tuple(given)]

    on_a_lane(postgres_database, tell)


def test_a_statement_is_prepared_once(postgres_database: Database) -> None:
    async def tell(lane: Lane) -> None:
        for i in range(5):
            assert await lane.rows(b"SELECT $1::int", [i]) == [(i,)]
        found = [statement for (statement,) in await lane.rows(NAMES, [])]
        assert sorted(found) == ["SELECT $1::int", NAMES.decode()]

    on_a_lane(postgres_database, tell)


def test_the_latest_are_kept(postgres_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PREPARED", 3)

    async def tell(lane: Lane) -> None:
        for i in (1, 2, 3, 1, 4):
            assert await lane.rows(b"SELECT %d AS kept" % i, []) == [(i,)]
        # To ask this, 3 was let go of as 2 was before.
        found = {statement for (statement,) in await lane.rows(NAMES, [])}
        assert found == {"SELECT 1 AS kept", "SELECT 4 AS kept", NAMES.decode()}

    on_a_lane(postgres_database, tell)


def test_a_wrong_statement(postgres_database: Database) -> None:
    async def tell(lane: Lane) -> None:
        with pytest.raises(UndefinedTable, match='relation "nowhere" does not exist'):
            await lane.rows(b"SELECT 1 FROM nowhere", [])
        assert not lane.lost
        assert await lane.rows(b"SELECT 1", []) == [(1,)]

    on_a_lane(postgres_database, tell)


def test_closed_by_the_server_while_nobody_asks(postgres_database: Database) -> None:
    async def tell(lane: Lane) -> None:
        ((server,),) = await lane.rows(b"SELECT pg_backend_pid()", [])
        end(postgres_database, server)
        for _ in range(6_000):
            if lane.lost:
                break
            await asyncio.sleep(0.01)
        assert lane.lost
        with pytest.raises(psycopg.OperationalError, match="has closed the connection"):
            await lane.rows(b"SELECT $1::text", ["x"])

    on_a_lane(postgres_database, tell)


def test_closed_by_the_server_while_somebody_waits(postgres_database: Database) -> None:
    async def tell(lane: Lane) -> None:
        ((server,),) = await lane.rows(b"SELECT pg_backend_pid()", [])
        asked = asyncio.create_task(lane.rows(b"SELECT pg_sleep(60)", []))
        await asyncio.sleep(0.1)
        end(postgres_database, server)
        with pytest.raises(psycopg.OperationalError):
            await asked
        assert lane.lost

    on_a_lane(postgres_database, tell)


def test_closing_again_closes_no_other(postgres_database: Database) -> None:
    async def tell(lane: Lane) -> None:
        lane.close()
        # It is given the number of the socket that was closed.
        other = await Lane.open({"conninfo": url(postgres_database)})
        lane.close()
        assert await other.rows(b"SELECT 1", []) == [(1,)]
        other.close()

    on_a_lane(postgres_database, tell)
