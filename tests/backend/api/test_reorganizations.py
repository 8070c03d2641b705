"""reorganisations
├── none: an empty list
├── each is listed, newest first, page by page, with what went
├── one by its number: every event that was published and taken back, each with its source
├── what is not there: 404, 422
├── what came again is in the history, final or not by its block
└── the portal says when there was one, and which facts are not final
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.node import anvil
from support.problems import problem
from support.world import SUPPLIER, World, deploy

from backend.app import create_app
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import Indexer, Policy

API = "/api/v1"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A chain of the module's own."""
    with anvil() as url, Rpc(url) as rpc:
        yield deploy(rpc)


@pytest.fixture
def indexer(world: World, any_database: Database, store: DocumentStore) -> Indexer:
    """Three blocks on top make one final."""
    found = Indexer(any_database, Nodes([world.rpc]), world.deployment, store, Policy(3))
    found.prepare()
    found.run()
    return found


@pytest.fixture
def client(world: World, any_database: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The API on that index."""
    settings = Settings(
        rpc_url=world.rpc.url,
        database_url=any_database.url.render_as_string(hide_password=False),
        data_dir=tmp_path,
    )
    with TestClient(create_app(settings)) as found:
        yield found


def get(client: TestClient, path: str) -> Any:
    """What a path answers with."""
    answer = client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def block(world: World, number: int | str = "latest") -> tuple[int, str]:
    """Number and hash of a block."""
    name = hex(number) if isinstance(number, int) else number
    found = world.rpc.call("eth_getBlockByNumber", name, False)
    return int(found["number"], 16), found["hash"]


def given_up(world: World, indexer: Indexer, register: int, empty: int) -> dict[str, Any]:
    """Let the chain give up blocks with events and without; what the API is to say of it."""
    fork, fork_hash = block(world)
    for _ in range(register):
        world.register(SUPPLIER)
    if empty:
        world.rpc.call("anvil_mine", hex(empty), "0x1")
    indexer.run()
    last, last_hash = block(world)
    world.rpc.call("anvil_rollback", register + empty)
    world.rpc.call("anvil_mine", hex(register + empty + 1), "0x2")
    indexer.run()
    return {
        "forkBlock": fork,
        "forkHash": fork_hash,
        "block": last,
        "blockHash": last_hash,
        "depth": register + empty,
        "events": register,
    }


def test_none(indexer: Indexer, client: TestClient) -> None:
    body = get(client, "/reorganizations")
    assert (body["reorganizations"], body["next"]) == ([], None)
    assert "The chain gave up" not in client.get("/en/how-to-check").text


def test_each_is_listed(world: World, indexer: Indexer, client: TestClient) -> None:
    begun = datetime.now(UTC).replace(microsecond=0)
    expected = [
        given_up(world, indexer, 1, 0) | {"number": 1},
        given_up(world, indexer, 2, 1) | {"number": 2},
        given_up(world, indexer, 1, 1) | {"number": 3},
    ]
    rows = get(client, "/reorganizations")["reorganizations"]
    for row in rows:
        assert begun <= datetime.fromisoformat(row.pop("noticedAt")) <= datetime.now(UTC)
    assert rows == expected[::-1]
    first = get(client, "/reorganizations?limit=2&order=asc")
    assert [row["number"] for row in first["reorganizations"]] == [1, 2]
    second = get(client, f"/reorganizations?limit=2&order=asc&after={first['next']}")
    assert ([row["number"] for row in second["reorganizations"]], second["next"]) == ([3], None)
    page = client.get("/en/how-to-check").text
    assert "The chain gave up blocks that stood here 3 times." in page
    assert "2 blocks, and with them 1 entries that had been shown." in page


def test_one_by_its_number(world: World, indexer: Indexer, client: TestClient) -> None:
    fork = block(world)[0]
    for _ in range(2):
        world.register(SUPPLIER)
    indexer.run()
    gone = [block(world, fork + 1), block(world, fork + 2)]
    receipts = [
        world.rpc.call("eth_getBlockReceipts", hex(number))[0]["transactionHash"]
        for number, _ in gone
    ]
    world.rpc.call("anvil_rollback", 2)
    world.rpc.call("anvil_mine", "0x3", "0x2")
    indexer.run()
    body = get(client, "/reorganizations/1")
    assert body["reorganization"]["events"] == 2
    assert [
        (row["event"], row["contract"], row["address"], row["blockHash"], row["final"])
        for row in body["retractions"]
    ] == [
        ("ParticipantRegistered", "ParticipantRegistry", world.deployment.registry, each, False)
        for _, each in gone
    ]
    assert [row["source"] for row in body["retractions"]] == [
        {"block": number, "transaction": transaction, "logIndex": 0}
        for (number, _), transaction in zip(gone, receipts, strict=True)
    ]
    assert body["retractions"][0]["arguments"]["scheme"] == "XX-TEST"


@pytest.mark.parametrize(
    ("path", "status"), [("1", 404), ("0", 422), ("x", 422), (str(2**31), 422), ("1?a=b", 422)]
)
def test_what_is_not_there(indexer: Indexer, client: TestClient, path: str, status: int) -> None:
    body = problem(client.get(f"{API}/reorganizations/{path}"), status)
    if status == 404:
        assert body["detail"] == "There is no reorganisation 1."


def test_what_is_final(world: World, indexer: Indexer, client: TestClient) -> None:
    old = world.register(SUPPLIER)
    world.rpc.call("anvil_mine", "0x2", "0x1")
    new = world.register(SUPPLIER)
    indexer.run()
    head = block(world)[0]
    for person, final in ((old, True), (new, False)):
        body = get(client, f"/participants/{person.hex}")
        assert body["index"]["finalBlock"] == head - 3
        assert [entry["final"] for entry in body["history"]] == [final]
        number = body["participant"]["number"]
        assert ("not final yet" in client.get(f"/en/participants/{number}").text) is not final
        assert ("belum final" in client.get(f"/id/participants/{number}").text) is not final
        place = "{block}-{logIndex}".format(**body["participant"]["source"])
        fact = client.get(f"/en/facts/{place}").text
        said = "yes: the chain gives this block up no more"
        assert (said in fact) is final
        assert f"Final up to block {head - 3}." in fact
