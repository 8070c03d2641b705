"""health
├── near the head: ok
├── behind, without node, without index, stopped: alive, degraded, with the reason
└── the node is asked once a second, however many ask
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.faults import ChangedRpc
from support.story import Story

from backend.api import probe
from backend.api.probe import HeadProbe
from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database


def application(story: Story, database: Database, folder: Path, **more: Any) -> Any:
    """An application on the story."""
    values = {"rpc_url": story.rpc.url, "database_url": str(database.url), "data_dir": folder}
    return create_app(Settings(**values | more))


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/healthz"])
def test_near_the_head(story: Story, told: Database, tmp_path: Path, path: str) -> None:
    with TestClient(application(story, told, tmp_path)) as client:
        body = client.get(path).json()
    head = int(story.rpc.call("eth_blockNumber"), 16)
    assert body["index"].pop("blockHash").startswith("0x")
    assert body == {
        "status": "ok",
        "index": {"block": head, "time": "2024-01-06T00:00:00Z"},
        "head": head,
        "lag": 0,
        "problems": [],
    }


class FarHead:
    """A chain that is far ahead."""

    def head(self) -> int:
        """Its latest block."""
        return 10_000


def test_far_behind(story: Story, told: Database, tmp_path: Path) -> None:
    app = application(story, told, tmp_path)
    app.state.services.probe = FarHead()
    with TestClient(app) as client:
        response = client.get("/healthz")
    body = response.json()
    lag = 10_000 - body["index"]["block"]
    assert (response.status_code, body["status"], body["lag"]) == (200, "degraded", lag)
    assert body["problems"] == [f"The index is {lag} blocks behind the chain."]


def test_no_node(story: Story, told: Database, tmp_path: Path) -> None:
    app = application(story, told, tmp_path, rpc_url="http://127.0.0.1:1")
    with TestClient(app) as client:
        body = client.get("/healthz").json()
    assert (body["status"], body["head"], body["lag"]) == ("degraded", None, None)
    assert body["problems"] == ["The node does not answer."]
    assert body["index"] is not None


def test_no_index(story: Story, database: Database, tmp_path: Path) -> None:
    with TestClient(application(story, database, tmp_path)) as client:
        response = client.get("/healthz")
    body = response.json()
    assert (response.status_code, body["status"], body["index"]) == (200, "degraded", None)
    assert body["problems"] == ["There is no index yet. Run `termin index` first."]


def test_the_node_is_asked_once_a_second(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = [], [100.0]

    def change(method: str, _: Any, result: Any) -> Any:
        asked.append(method)
        return result

    monkeypatch.setattr(probe, "Rpc", lambda url, timeout: ChangedRpc(url, change))
    monkeypatch.setattr(probe.time, "monotonic", lambda: now[0])
    head = HeadProbe(story.rpc.url)
    assert head.head() == head.head() == int(story.rpc.call("eth_blockNumber"), 16)
    now[0] += 1.1
    head.head()
    assert asked == ["eth_blockNumber"] * 2
