"""application
├── with the indexer beside it
│   ├── follows the chain, and stops within seconds
│   ├── waits for a deployment that is not there yet
│   └── that does not fit the chain: says so, and goes on serving
└── without: only serves
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.story import Story
from support.waiting import wait_until
from support.world import SUPPLIER, deploy

from backend.app import create_app
from backend.chain.rpc import Rpc
from backend.core.settings import Settings


def settings(rpc: Rpc, folder: Path) -> Settings:
    """SQLite in a folder of the test's own."""
    return Settings(rpc_url=rpc.url, data_dir=folder)


def participants(client: TestClient) -> int:
    """How many participants the API knows."""
    response = client.get("/api/v1/participants")
    return len(response.json()["participants"]) if response.status_code == 200 else -1


@pytest.mark.alone
def test_follows_the_chain_and_stops(own_rpc: Rpc, tmp_path: Path) -> None:
    world = deploy(own_rpc)
    world.deployment.save(tmp_path)
    with TestClient(create_app(settings(own_rpc, tmp_path), index=True)) as client:
        wait_until(lambda: participants(client) == 0)
        sent = time.monotonic()
        world.register(SUPPLIER)
        wait_until(lambda: participants(client) == 1)
        assert time.monotonic() - sent < 3
        assert client.get("/healthz").json()["lag"] in {0, None}
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 5
    assert threading.active_count() < 20


def test_waits_for_a_deployment(own_rpc: Rpc, tmp_path: Path) -> None:
    world = deploy(own_rpc)
    with TestClient(create_app(settings(own_rpc, tmp_path), index=True)) as client:
        wait_until(lambda: "deployment.json" in str(client.get("/healthz").json()["problems"]))
        assert client.get("/api/v1/contracts").status_code == 503
        world.deployment.save(tmp_path)
        wait_until(lambda: participants(client) == 0)
        assert "deployment.json" not in client.get("/healthz").text


def test_goes_on_serving_when_the_index_does_not_fit(
    story: Story, told: Any, tmp_path: Path
) -> None:
    replace(story.world.deployment, chain_id=1).save(tmp_path)
    file = tmp_path / "copy.db"
    with sqlite3.connect(told.url.database) as original, sqlite3.connect(file) as copy:
        original.backup(copy)
    original.close()
    copy.close()
    here = Settings(rpc_url=story.rpc.url, database_url=f"sqlite:///{file}", data_dir=tmp_path)
    with TestClient(create_app(here, index=True)) as client:
        wait_until(lambda: client.get("/healthz").json()["status"] == "degraded")
        assert "The index is of factory" in client.get("/healthz").json()["problems"][0]
        assert client.get("/api/v1/contracts/1").status_code == 200


def test_only_serves(story: Story, told: Any, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    here = Settings(rpc_url=story.rpc.url, database_url=str(told.url), data_dir=tmp_path)
    with TestClient(create_app(here)) as client:
        assert client.get("/api/v1/contracts").status_code == 200
        assert client.get("/healthz").json()["status"] == "ok"
    assert list(tmp_path.iterdir()) == []
