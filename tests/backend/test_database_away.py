"""server with the indexer beside it, while its database
├── is stopped: 503 with Retry-After and the reason, alive; started again it goes on by itself
├── is cut off without a word: the same, within seconds
├── is locked by another writer: the last good state is served; then it goes on by itself
└── has a full disk: the last good state is served; with room again it goes on by itself
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from support.postgres import find_binaries
from support.problems import problem
from support.stoppable import stoppable
from support.waiting import wait_until
from support.wire import wire
from support.world import SUPPLIER, World, deploy

from backend.app import create_app
from backend.chain.rpc import Rpc
from backend.core.settings import Settings
from backend.db import connecting
from backend.db.session import Database


@contextmanager
def serving(world: World, database_url: str, folder: Path) -> Iterator[TestClient]:
    """API, portal and indexer on one database."""
    world.deployment.save(folder)
    settings = Settings(rpc_url=world.rpc.url, database_url=database_url, data_dir=folder)
    app = create_app(settings, index=True)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def people(client: TestClient) -> int:
    """How many participants the API knows; -1 while it has no answer."""
    answer = client.get("/api/v1/participants")
    return len(answer.json()["participants"]) if answer.status_code == 200 else -1


def codes(client: TestClient) -> list[str]:
    """The codes of all reasons against readiness."""
    return [reason["code"] for reason in client.get("/readyz").json()["reasons"]]


def test_stopped_and_started_again(own_rpc: Rpc, tmp_path: Path) -> None:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: initdb was not found")
    world = deploy(own_rpc)
    with stoppable(binaries) as server, serving(world, server.url, tmp_path) as client:
        world.register(SUPPLIER)
        wait_until(lambda: people(client) == 1)
        server.stop()
        world.register(SUPPLIER)
        answer = client.get("/api/v1/participants")
        body = problem(answer, 503)
        assert body["detail"] == "The database does not answer, or has closed the connection."
        assert answer.headers["retry-after"] == "5"
        assert client.get("/en/").status_code == 503
        wait_until(lambda: codes(client) == ["database-unreachable"])
        assert client.get("/healthz").status_code == 200
        server.start()
        wait_until(lambda: people(client) == 2)
        wait_until(lambda: codes(client) == [])


def test_cut_off_without_a_word(
    own_rpc: Rpc, postgres_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "SILENT_SECONDS", 3)
    url = postgres_database.url
    world = deploy(own_rpc)
    with (
        wire(str(url.host), int(url.port or 0)) as line,
        serving(world, str(url.set(port=line.port)), tmp_path) as client,
    ):
        world.register(SUPPLIER)
        wait_until(lambda: people(client) == 1)
        line.cut()
        world.register(SUPPLIER)
        problem(client.get("/api/v1/participants"), 503)
        wait_until(lambda: codes(client) == ["database-unreachable"])
        assert client.get("/healthz").status_code == 200
        line.mend()
        wait_until(lambda: people(client) == 2)
        wait_until(lambda: codes(client) == [])


def test_locked_by_another_writer(own_rpc: Rpc, database: Database, tmp_path: Path) -> None:
    world = deploy(own_rpc)
    with serving(world, str(database.url), tmp_path) as client:
        world.register(SUPPLIER)
        wait_until(lambda: people(client) == 1)
        file = str(database.url.database)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            world.register(SUPPLIER)
            time.sleep(4)
            assert people(client) == 1
            assert client.get("/en/").status_code == 200
        wait_until(lambda: people(client) == 2)


def test_a_full_disk(own_rpc: Rpc, database: Database, tmp_path: Path) -> None:
    world = deploy(own_rpc)
    full = [False]

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {1 if full[0] else 1_000_000}")

    with serving(world, str(database.url), tmp_path) as client:
        services = client.app.state.services  # type: ignore[attr-defined]
        event.listen(services.database.engine, "checkout", limit)
        world.register(SUPPLIER)
        wait_until(lambda: people(client) == 1)
        full[0] = True
        for _ in range(40):
            world.register(SUPPLIER)
        time.sleep(2)
        known = people(client)
        assert 1 <= known < 41
        assert client.get("/en/").status_code == 200
        full[0] = False
        wait_until(lambda: people(client) == 41)
