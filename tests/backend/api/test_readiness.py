"""readiness, each with a real node
├── near the head: 200
├── no file, no tables, no block, database away
├── node killed; one of two killed; hanging; one of two stands still, or is of another chain
├── who waits for somebody else's look does not wait for ever
├── another chain id; another first block
├── 100 blocks rewritten; rolled back; a final block among them
├── behind: more blocks, or more seconds, than the settings allow
├── indexer stopped
├── index of another version
└── what is served meanwhile is the last good state, with its age
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from support import node
from support.node import anvil, free_port
from support.problems import problem
from support.world import SUPPLIER, World, deploy

from backend.api import probe
from backend.api.readiness import CODES
from backend.app import create_app
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.models import Cursor
from backend.db.session import Database
from backend.indexer import Indexer, Policy
from backend.projections import PROJECTION_VERSION

START = 1_704_067_200
CLOCK = START + 86_400
OTHER = {"index": None, "lagBlocks": None, "lagSeconds": None}


@pytest.fixture(autouse=True)
def _each_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "GLANCE_SECONDS", 0.0)


@pytest.fixture
def world(own_rpc: Rpc) -> World:
    """A chain with two participants and 120 blocks on top."""
    made = deploy(own_rpc, START)
    for _ in range(2):
        made.register(SUPPLIER)
    mine(own_rpc, 120)
    made.now = START + 300
    made.register(SUPPLIER)
    return made


def mine(rpc: Rpc, blocks: int, seconds: int = 1) -> None:
    """Add empty blocks."""
    rpc.call("anvil_mine", hex(blocks), hex(seconds))


def bring(world: World, database: Database, store: DocumentStore, **policy: Any) -> None:
    """Index up to the head."""
    indexer = Indexer(database, Nodes([world.rpc]), world.deployment, store, Policy(**policy))
    indexer.prepare()
    indexer.run()


def block(rpc: Rpc, name: int | str = "latest") -> tuple[int, str, int]:
    """Number, hash and time of a block."""
    found = rpc.call("eth_getBlockByNumber", hex(name) if isinstance(name, int) else name, False)
    return int(found["number"], 16), found["hash"], int(found["timestamp"], 16)


@contextmanager
def serving(database: Database, folder: Path, **more: Any) -> Iterator[TestClient]:
    """API and portal on a database, a day after the world began."""
    settings = Settings(
        database_url=database.url.render_as_string(hide_password=False), data_dir=folder, **more
    )
    app = create_app(settings, clock=lambda: datetime.fromtimestamp(CLOCK, UTC))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def ready(client: TestClient) -> tuple[int, Any]:
    """Status and body of /readyz."""
    answer = client.get("/readyz")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json()


def index(place: tuple[int, str, int], final: int) -> dict[str, Any]:
    """`index` as answers have it."""
    number, block_hash, seconds = place
    return {
        "block": number,
        "blockHash": block_hash,
        "time": f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "age": CLOCK - seconds,
        "finalBlock": final,
    }


def body(place: tuple[int, str, int], final: int, head: int | None, **more: Any) -> dict[str, Any]:
    """What a ready server says."""
    return {
        "status": "not-ready" if more.get("reasons") else "ready",
        "index": index(place, final),
        "head": head,
        "lagBlocks": 0,
        "lagSeconds": 0,
        "reasons": [],
    } | more


def reason(code: str, detail: str) -> dict[str, str]:
    """One of `reasons`."""
    assert code in CODES
    return {"code": code, "detail": detail}


def test_near_the_head(
    world: World, any_database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    bring(world, any_database, store, confirmations=10)
    place = block(world.rpc)
    with serving(any_database, tmp_path, rpc_url=world.rpc.url) as client:
        assert ready(client) == (200, body(place, place[0] - 10, place[0]))
        assert client.get("/api/v1/readyz").json() == client.get("/readyz").json()
        assert client.get("/api/v1/totals").json()["index"] == index(place, place[0] - 10)


def test_without_a_file(own_rpc: Rpc, database: Database, tmp_path: Path) -> None:
    said = reason("index-missing", "There is no index yet. Run `termin index` first.")
    with serving(database, tmp_path, rpc_url=own_rpc.url) as client:
        expected = {"status": "not-ready", "head": 0, "reasons": [said]} | OTHER
        assert ready(client) == (503, expected)


def test_without_tables_and_without_a_block(
    own_rpc: Rpc, any_database: Database, tmp_path: Path
) -> None:
    with any_database.engine.connect():
        pass
    with serving(any_database, tmp_path, rpc_url=own_rpc.url) as client:
        detail = "The database has no tables yet. Run `termin index` first."
        expected = {"status": "not-ready", "head": 0, "reasons": [reason("tables-missing", detail)]}
        assert ready(client) == (503, expected | OTHER)
        any_database.migrate()
        detail = "No block has been indexed yet. Run `termin index` first."
        expected["reasons"] = [reason("index-empty", detail)]
        assert ready(client) == (503, expected | OTHER)


def test_with_database_and_node_away(tmp_path: Path) -> None:
    away = Database("postgresql://termin:geheim@127.0.0.1:1/termin")
    with serving(away, tmp_path, rpc_url="http://user:geheim@127.0.0.1:1") as client:
        reasons = [
            reason(
                "database-unreachable",
                "The database does not answer, or has closed the connection.",
            ),
            reason("node-unreachable", "No node answers as it should."),
        ]
        expected = {"status": "not-ready", "head": None, "reasons": reasons} | OTHER
        assert ready(client) == (503, expected)


NO_NODE: dict[str, Any] = {
    "head": None,
    "lagBlocks": None,
    "lagSeconds": None,
    "reasons": [{"code": "node-unreachable", "detail": "No node answers as it should."}],
}


def test_a_killed_node(database: Database, store: DocumentStore, tmp_path: Path) -> None:
    with anvil() as url, Rpc(url) as rpc:
        world = deploy(rpc, START)
        bring(world, database, store, confirmations=0)
        place = block(rpc)
    with serving(database, tmp_path, rpc_url=url) as client:
        assert ready(client) == (503, body(place, place[0], **NO_NODE))
        assert client.get("/api/v1/totals").json()["index"] == index(place, place[0])
        assert "The chain cannot be reached right now." in client.get("/en/").text


def test_one_of_two_nodes_is_enough(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    bring(world, database, store)
    nodes = {"rpc_url": f"http://127.0.0.1:{free_port()}", "nodes": world.rpc.url}
    with serving(database, tmp_path, **nodes) as client:
        assert ready(client)[0] == 200


@pytest.mark.alone
def test_a_node_that_hangs(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    bring(world, database, store, confirmations=0)
    place = block(world.rpc)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        with serving(database, tmp_path, rpc_url=url) as client:
            begun = time.monotonic()
            assert ready(client) == (503, body(place, place[0], **NO_NODE))
            assert time.monotonic() - begun < 3


def test_one_of_two_nodes_stands_still(
    own_rpc: Rpc, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    world = deploy(own_rpc, START)
    bring(world, database, store, confirmations=0)
    place = block(own_rpc)
    with anvil() as url, Rpc(url) as second:
        deploy(second, START)
        assert block(second) == place
        with serving(database, tmp_path, rpc_url=own_rpc.url, nodes=url) as client:
            assert ready(client)[0] == 200
            mine(second, 21)
            status, told = ready(client)
    assert (status, told["head"], told["lagBlocks"]) == (503, place[0] + 21, 21)
    assert [each["code"] for each in told["reasons"]] == ["lag-blocks"]


def test_one_of_two_nodes_is_of_another_chain(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    bring(world, database, store, confirmations=0)
    place = block(world.rpc)
    with anvil(chain_id=7) as url, Rpc(url) as other:
        mine(other, place[0] + 100)
        nodes = {"rpc_url": world.rpc.url, "nodes": url}
        with serving(database, tmp_path, **nodes) as client:
            assert ready(client) == (200, body(place, place[0], place[0]))
            world.rpc.call("anvil_setChainId", 8)
            assert ready(client)[1]["reasons"][0]["code"] == "chain-id-changed"


def test_who_waits_for_a_look_does_not_wait_for_ever(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "STALE_SECONDS", 0.2)
    watch = probe.ChainWatch([world.rpc.url], database, lambda: datetime.fromtimestamp(CLOCK, UTC))
    with watch._asking:
        found = watch.glance()
    assert (found.place, found.sight) == (None, None)
    assert found.problem is not None
    assert found.problem.detail == "The database and the nodes do not answer."


@pytest.mark.parametrize(("chain_id", "began"), [(7, 631_152_000), (2026, 631_152_001)])
def test_another_chain_id_or_another_first_block(
    world: World,
    database: Database,
    store: DocumentStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chain_id: int,
    began: int,
) -> None:
    bring(world, database, store, confirmations=0)
    place, genesis = block(world.rpc), block(world.rpc, 0)[1]
    monkeypatch.setattr(node, "OPTIONS", node.OPTIONS.replace("631152000", str(began)))
    with anvil(chain_id) as url, Rpc(url) as other:
        mine(other, place[0] + 5)
        rewritten, first, head = block(other, place[0])[1], block(other, 0)[1], block(other)[0]
        with serving(database, tmp_path, rpc_url=url) as client:
            found = ready(client)
    if chain_id == 2026:
        assert first != genesis
        identity = reason(
            "genesis-changed",
            f"The index is of a chain that begins with {genesis}, the node's begins with {first}.",
        )
    else:
        detail = "The index is of chain 2026, the node is on chain 7."
        identity = reason("chain-id-changed", detail)
    reasons = [
        identity,
        reason(
            "block-rewritten",
            f"The index has block {place[0]} as {place[1]}, the node as {rewritten}.",
        ),
        reason(
            "final-block-rewritten",
            f"The index has block {place[0]} as {place[1]}, the node as {rewritten}: that block "
            "was final, or is too far back to be undone. Run `termin index --rebuild`.",
        ),
    ]
    assert found == (503, body(place, place[0], head, lagBlocks=5, reasons=reasons))


@pytest.mark.parametrize("confirmations", [120, 10])
def test_a_hundred_blocks_rewritten(
    world: World,
    any_database: Database,
    store: DocumentStore,
    tmp_path: Path,
    confirmations: int,
) -> None:
    bring(world, any_database, store, confirmations=confirmations)
    place = block(world.rpc)
    with any_database.reading() as session:
        final = session.get_one(Cursor, 1).final_block
    assert final == place[0] - confirmations
    settled = block(world.rpc, final)
    with serving(any_database, tmp_path, rpc_url=world.rpc.url) as client:
        assert ready(client)[0] == 200
        world.rpc.call("anvil_reorg", 100, [])
        new = block(world.rpc, place[0])
        assert new[1] != place[1]
        reasons = [
            reason(
                "block-rewritten",
                f"The index has block {place[0]} as {place[1]}, the node as {new[1]}.",
            )
        ]
        if confirmations < 100:
            now = block(world.rpc, settled[0])[1]
            reasons.append(
                reason(
                    "final-block-rewritten",
                    f"The index has block {settled[0]} as {settled[1]}, the node as {now}: that "
                    "block was final, or is too far back to be undone. Run `termin index "
                    "--rebuild`.",
                )
            )
        assert ready(client) == (503, body(place, final, place[0], reasons=reasons))
        rows = client.get("/api/v1/participants").json()
        assert (rows["index"], len(rows["participants"])) == (index(place, final), 3)
        page = client.get("/en/")
        assert page.status_code == 200
        assert "The chain no longer has a block that this page was read from." in page.text


def test_rolled_back(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    snapshot = world.rpc.call("evm_snapshot")
    back = block(world.rpc)[0]
    world.register(SUPPLIER)
    bring(world, database, store)
    place = block(world.rpc)
    with database.reading() as session:
        final = session.get_one(Cursor, 1).final_block
    world.rpc.call("evm_revert", snapshot)
    with serving(database, tmp_path, rpc_url=world.rpc.url) as client:
        detail = (
            f"The index stands at block {place[0]} {place[1]}, the node's last block is {back}."
        )
        reasons = [reason("block-missing", detail)]
        assert ready(client) == (503, body(place, final, back, reasons=reasons))
        mine(world.rpc, 1)
        assert ready(client)[1]["reasons"][0]["code"] == "block-rewritten"


def test_a_node_that_ends_below_what_was_final(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    """It lags for all that one can tell: no other block was seen there."""
    snapshot = world.rpc.call("evm_snapshot")
    back = block(world.rpc)[0]
    world.register(SUPPLIER)
    bring(world, database, store, confirmations=0)
    world.rpc.call("evm_revert", snapshot)
    with serving(database, tmp_path, rpc_url=world.rpc.url) as client:
        status, found = ready(client)
    assert (status, found["head"]) == (503, back)
    assert [each["code"] for each in found["reasons"]] == ["block-missing"]


def test_behind_by_blocks_and_by_seconds(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    bring(world, database, store, confirmations=0)
    place = block(world.rpc)
    limits = {"max_lag_blocks": 3, "max_lag_seconds": 40}
    with serving(database, tmp_path, rpc_url=world.rpc.url, **limits) as client:
        mine(world.rpc, 3, 10)
        lag = block(world.rpc)[2] - place[2]
        assert lag <= 40
        expected = body(place, place[0], place[0] + 3, lagBlocks=3, lagSeconds=lag)
        assert ready(client) == (200, expected)
        mine(world.rpc, 1, 1)
        head = block(world.rpc)
        detail = "The index is 4 blocks behind the chain; at most 3 are allowed."
        reasons = [reason("lag-blocks", detail)]
        more = {"lagBlocks": 4, "lagSeconds": head[2] - place[2], "reasons": reasons}
        assert ready(client) == (503, body(place, place[0], head[0], **more))
    with serving(database, tmp_path, rpc_url=world.rpc.url, max_lag_seconds=5) as client:
        seconds = head[2] - place[2]
        detail = f"The index is {seconds} seconds behind the chain; at most 5 are allowed."
        more = {"lagBlocks": 4, "lagSeconds": seconds, "reasons": [reason("lag-seconds", detail)]}
        assert ready(client) == (503, body(place, place[0], head[0], **more))


def test_a_stopped_indexer(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    bring(world, database, store)
    replace(world.deployment, factory=world.deployment.registry).save(tmp_path)
    settings = Settings(database_url=str(database.url), data_dir=tmp_path, rpc_url=world.rpc.url)
    detail = (
        f"The index is of factory {world.deployment.factory} on chain 2026, the deployment is "
        f"factory {world.deployment.registry} on chain 2026. Run `termin index --rebuild` to drop "
        "the index and build it again from the chain."
    )
    with TestClient(create_app(settings, index=True)) as client:
        deadline = time.monotonic() + 20
        while client.get("/readyz").status_code == 200:
            assert time.monotonic() < deadline
        assert client.get("/readyz").json()["reasons"] == [reason("index-stopped", detail)]
        assert client.get("/api/v1/totals").status_code == 200


def test_an_index_of_another_version(
    world: World, database: Database, store: DocumentStore, tmp_path: Path
) -> None:
    bring(world, database, store)
    with database.transaction() as session:
        session.execute(update(Cursor).values(projection_version=PROJECTION_VERSION - 1))
    detail = (
        f"The index was built by version {PROJECTION_VERSION - 1} of the projections, this is "
        f"version {PROJECTION_VERSION}."
    )
    with serving(database, tmp_path, rpc_url=world.rpc.url) as client:
        status, found = ready(client)
        assert (status, found["reasons"]) == (503, [reason("projections-outdated", detail)])
        assert client.get("/api/v1/totals").status_code == 200


def test_takes_no_parameters(database: Database, tmp_path: Path) -> None:
    with serving(database, tmp_path, rpc_url="http://127.0.0.1:1") as client:
        problem(client.get("/readyz?verbose=1"), 422)
