"""health
├── near the head: ok
├── behind, without node, without index, stopped: alive, degraded, with the reason
├── the node is asked once a second, however many ask
└── while it is being asked, others get what was known
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.story import NOW, Story

from backend.api import probe
from backend.api.probe import ChainWatch
from backend.api.services import wall_clock
from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database


def application(story: Story, database: Database, folder: Path, **more: Any) -> Any:
    """An application on the story."""
    values = {"rpc_url": story.rpc.url, "database_url": str(database.url), "data_dir": folder}
    return create_app(Settings(**values | more), clock=lambda: datetime.fromtimestamp(NOW, UTC))


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/healthz"])
def test_near_the_head(story: Story, told: Database, tmp_path: Path, path: str) -> None:
    with TestClient(application(story, told, tmp_path)) as client:
        body = client.get(path).json()
    head = int(story.rpc.call("eth_blockNumber"), 16)
    final = int(story.rpc.call("eth_getBlockByNumber", "finalized", False)["number"], 16)
    assert body["index"].pop("blockHash").startswith("0x")
    assert body == {
        "status": "ok",
        "index": {
            "block": head,
            "time": "2024-01-06T00:00:00Z",
            "age": 395 * 86_400,
            "finalBlock": final,
        },
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


def watch(story: Story, told: Database) -> ChainWatch:
    """A watch on the story."""
    return ChainWatch([story.rpc.url], told, wall_clock)


def test_the_node_is_asked_once_a_second(
    story: Story, told: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    now = [100.0]
    monkeypatch.setattr(probe.time, "monotonic", lambda: now[0])
    found = watch(story, told)
    look = found._look

    def noted() -> Any:
        asked.append(now[0])
        return look()

    monkeypatch.setattr(found, "_look", noted)
    assert found.head() == found.head() == int(story.rpc.call("eth_blockNumber"), 16)
    now[0] += 1.1
    found.head()
    assert asked == [100.0, 101.1]


def test_who_asks_meanwhile_gets_what_was_known(
    story: Story, told: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = watch(story, told)
    first = found.glance()
    monkeypatch.setattr(probe, "GLANCE_SECONDS", 0.0)
    begun, go_on = threading.Event(), threading.Event()
    look = found._look

    def slowly() -> Any:
        begun.set()
        assert go_on.wait(10)
        return look()

    monkeypatch.setattr(found, "_look", slowly)
    asking = threading.Thread(target=found.glance)
    asking.start()
    assert begun.wait(10)
    assert found.glance() is first
    go_on.set()
    asking.join()
    assert found._seen is not None
    assert found._seen[1] is not first
