"""application
├── with the indexer beside it
│   ├── follows the chain, and stops within seconds
│   ├── waits for a deployment that is not there yet
│   └── that does not fit the chain: says so, and goes on serving
├── without: only serves
└── every question is answered, whatever the chain takes for the time
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
from support.gallery import application
from support.story import START, Story
from support.vocabulary import BUYER, COMMITTEE, TREASURY, milestone
from support.waiting import wait_until
from support.world import SUPPLIER, deploy

from backend.app import create_app
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.base import LAST_MOMENT
from backend.db.session import Database
from backend.indexer import index_once


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


FAR = 300_000_000_000
"""In the year 11476, which no date of ISO 8601 has."""
LAST = "9999-12-31T23:59:59Z"


def test_the_chain_is_in_a_year_without_dates(own_rpc: Rpc, tmp_path: Path) -> None:
    world = deploy(own_rpc, START)
    world.admit("MXN", 2)
    city, karya = world.register(BUYER, account=False), world.register(SUPPLIER)
    treasury, member = world.register(TREASURY), world.register(COMMITTEE, organization=city.id)
    line = world.appropriate(city, "MXN", 10_000)
    schedule = [milestone(100, START), milestone(50), milestone(7, START)]
    agreed = {"budgetLine": line, "signedAt": START}
    agreement = world.create(city, karya, treasury, [member], [], schedule, **agreed)
    world.fund(agreement)
    world.now = FAR
    world.pay(agreement, 0)
    world.submit(agreement, 1)
    world.create(city, karya, treasury, [member], [], schedule, budgetLine=line)
    here = settings(own_rpc, tmp_path)
    database = Database(here.database)
    index_once(database, own_rpc, world.deployment, DocumentStore(here.documents_dir))
    database.close()
    head = int(own_rpc.call("eth_blockNumber"), 16)
    app = application(here, head, LAST_MOMENT)
    with TestClient(app, raise_server_exceptions=False) as client:
        found = client.get("/api/v1/contracts/1").json()
        assert found["index"]["time"] == LAST
        (payment,) = client.get("/api/v1/payments?year=9999").json()["payments"]
        assert payment["paidAt"] == LAST
        paths = client.get("/api/v1/openapi.json").json()["paths"]
        asked = [f"/api/v1{path}" for path in paths if "{" not in path]
        asked += [f"/api/v1/{path}" for path in ("contracts/1", "contracts/2", "payments/1")]
        asked += [f"/api/v1/contracts/1?at_block={head}", "/metrics"]
        pages = ("", "contracts", "contracts/1", "contracts/2", "payments", "budget", "budget/1")
        asked += [f"/en/{page}" for page in (*pages, "waiting", "data", f"facts/{head}-0")]
        asked += [f"/en/participants/{person.hex}" for person in (city, karya)]
        answered = {path: client.get(path).status_code for path in asked}
    assert {path: code for path, code in answered.items() if code >= 400} == {}
