"""metrics
├── where the index stands: from the chain and the database, left out where not known
├── requests: by route, method and status; never by path
├── the indexer: events, batches, retries by error, failures by host, reorganisations by depth
├── every one is documented
└── `termin index --metrics-port`: the same without a server
"""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from support.node import free_port
from support.processes import termin
from support.story import Story
from support.waiting import wait_until
from support.world import SUPPLIER, deploy

from backend.app import create_app
from backend.chain.nodes import Nodes
from backend.chain.rpc import NodeUnreachableError, Rpc
from backend.core.documents import DocumentStore
from backend.core.metrics import REGISTRY
from backend.core.settings import Settings
from backend.db.models import EventRow
from backend.db.session import Database
from backend.indexer import Indexer, Policy, run_forever

ROOT = Path(__file__).parents[3]


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """All figures, by name and labels."""
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def figure(client: TestClient, name: str, **labels: str) -> float | None:
    """One figure of a server."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return samples(answer.text).get((name, tuple(sorted(labels.items()))))


def counted(name: str, **labels: str) -> float:
    """What this process has counted so far."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def serve(story: Story, database: Database, folder: Path, **more: Any) -> TestClient:
    """A server on a database."""
    values = {"rpc_url": story.rpc.url, "database_url": str(database.url), "data_dir": folder}
    return TestClient(create_app(Settings(**values | more)), raise_server_exceptions=False)


def test_where_the_index_stands(story: Story, told: Database, tmp_path: Path) -> None:
    head = int(story.rpc.call("eth_blockNumber"), 16)
    names = ("index_block", "chain_block", "index_lag_blocks", "index_lag_seconds", "ready")
    with serve(story, told, tmp_path) as client:
        assert [figure(client, f"termin_{name}") for name in names] == [head, head, 0, 0, 1]
        assert figure(client, "termin_index_final_block") == head - 64
    with serve(story, told, tmp_path, rpc_url="http://127.0.0.1:1") as client:
        found = [figure(client, f"termin_{name}") for name in names]
        assert found == [head, None, None, None, 0]


def test_nothing_is_known(story: Story, database: Database, tmp_path: Path) -> None:
    with serve(story, database, tmp_path) as client:
        assert figure(client, "termin_index_block") is None
        assert figure(client, "termin_ready") == 0


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/api/v1/contracts/1", "/api/v1/contracts/{name}", "200"),
        ("GET", "/api/v1/contracts/99", "/api/v1/contracts/{name}", "404"),
        ("GET", "/api/v1/contracts/1/summary", "/api/v1/contracts/{name}/summary", "200"),
        ("GET", "/api/v1/payments?limit=0", "/api/v1/payments", "422"),
        ("HEAD", "/api/v1/totals", "/api/v1/totals", "200"),
        ("PUT", "/api/v1/totals", "/api/v1/totals", "405"),
        ("PROPFIND", "/api/v1/totals", "/api/v1/totals", "405"),
        ("LOCK", "/api/v1/totals", "/api/v1/totals", "405"),
        ("GET", "/api/v1/nothing/here", "none", "404"),
        ("GET", "/en/contracts/1", "/contracts/{name}", "200"),
        ("GET", "/nothing", "none", "404"),
        ("GET", "/healthz", "/healthz", "200"),
    ],
)
def test_requests(
    story: Story, told: Database, tmp_path: Path, method: str, path: str, route: str, status: str
) -> None:
    counted_as = {"HEAD": "GET", "PROPFIND": "other", "LOCK": "other"}.get(method, method)
    labels = {"method": counted_as, "route": route, "status": status}
    before = counted("termin_http_request_seconds_count", **labels)
    with serve(story, told, tmp_path) as client:
        client.request(method, path)
        after = figure(client, "termin_http_request_seconds_count", **labels)
        assert after == before + 1
        # This very one is being answered.
        assert figure(client, "termin_http_requests_in_flight") == 1


def test_the_indexer(own_rpc: Rpc, database: Database, store: DocumentStore) -> None:
    world = deploy(own_rpc)
    indexer = Indexer(database, Nodes([own_rpc]), world.deployment, store, Policy(1000))
    names = ("events_total", "batches_total")
    before = [counted(f"termin_index_{name}") for name in names]
    indexer.prepare()
    indexer.run()
    with database.reading() as session:
        events = len(session.scalars(select(EventRow)).all())
    after = [counted(f"termin_index_{name}") for name in names]
    assert after[0] - before[0] == events
    assert after[1] > before[1]
    world.register(SUPPLIER)
    indexer.run()
    depths = counted("termin_reorganization_depth_blocks_count")
    sums = counted("termin_reorganization_depth_blocks_sum")
    own_rpc.call("anvil_reorg", 1, [])
    indexer.run()
    assert counted("termin_reorganization_depth_blocks_count") == depths + 1
    assert counted("termin_reorganization_depth_blocks_sum") == sums + 1


def test_a_node_that_fails(story: Story, database: Database, store: DocumentStore) -> None:
    port = free_port()
    label, kind = {"node": f"127.0.0.1:{port}"}, {"error": NodeUnreachableError.__name__}
    failures = counted("termin_node_failures_total", **label)
    retries = counted("termin_index_retries_total", **kind)
    stop = threading.Event()
    with Nodes.at([f"http://user:geheim@127.0.0.1:{port}/key"]) as nodes:
        indexer = Indexer(database, nodes, story.world.deployment, store)
        thread = threading.Thread(target=run_forever, args=(indexer, stop))
        thread.start()
        # The tables are made first, which takes as long as the machine is busy.
        deadline = time.monotonic() + 30
        while counted("termin_index_retries_total", **kind) <= retries:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        stop.set()
        thread.join()
    assert counted("termin_node_failures_total", **label) > failures
    assert "geheim" not in str(list(REGISTRY.collect()))


def test_every_one_is_documented(story: Story, told: Database, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.partition("## Metrics")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `(termin_[a-z_]+)`", table, re.M))
    with serve(story, told, tmp_path) as client:
        client.get("/healthz")
        found = text_string_to_metric_families(client.get("/metrics").text)
        assert documented == {each.name for each in found if each.name.startswith("termin_")}


def test_an_index_by_itself(story: Story, database: Database, tmp_path: Path) -> None:
    story.world.deployment.save(tmp_path)
    port = free_port()
    head = int(story.rpc.call("eth_blockNumber"), 16)
    settings = {
        "TERMIN_RPC_URL": story.rpc.url,
        "TERMIN_DATA_DIR": str(tmp_path),
        "TERMIN_DATABASE_URL": str(database.url),
    }
    names = ["termin_ready", "termin_index_block", "nothing"]
    asked: list[dict[str, list[str]]] = [{}, {"name[]": names}, {"name[]": ["x"]}]
    answers: list[httpx.Response] = []

    def ready() -> bool:
        """The node is asked anew each time, and may not answer in time on a busy machine."""
        url = f"http://127.0.0.1:{port}/metrics"
        answers[:] = [httpx.get(url, params=each, timeout=60) for each in asked]
        return all("\ntermin_ready 1.0\n" in each.text for each in answers[:2])

    with termin(tmp_path, "index", "--metrics-port", str(port), **settings) as found:
        found.until("Following the chain.")
        wait_until(ready)
        assert found.end()[0] == 0
    all_, some, none = answers
    figures = samples(all_.text)
    assert figures["termin_index_block", ()] == figures["termin_chain_block", ()] == head
    assert figures["termin_index_events_total", ()] == 148
    assert figures["termin_ready", ()] == 1
    assert samples(some.text) == {("termin_ready", ()): 1, ("termin_index_block", ()): head}
    assert (some.status_code, none.status_code, none.text) == (200, 200, "")
