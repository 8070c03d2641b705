"""as of a block
├── an answer says that it is of this block, and what was so then
│   ├── the same whether the index stands there, or has gone on
│   ├── for a block in which nothing happened, by the node's header
│   └── 503 where no node answers for it, though not for others
├── a block that is not indexed yet, or before everything: 404
├── more than is gone over, too many who wait: 422, 503
├── documents that come since are in it, and a model is made once
├── a model whose file was cleared away is made anew; one that is read is not dropped
├── after the index was built anew: what was erased meanwhile, or repaired, is not as it was kept
└── how long it holds: what follows from final blocks alone for ever, words of documents an hour
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select
from support.problems import problem
from support.story import NOW, Story
from support.waiting import wait_until

from backend.api import past
from backend.app import create_app
from backend.chain.nodes import Nodes
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.models import Batch, Block, Cursor, EventRow
from backend.db.session import Database
from backend.indexer import Indexer, Policy, build_beside, index_once
from backend.indexer.reorgs import take_back

API = "/api/v1"
OPEN = Policy(confirmations=10**6, reorg_blocks=10**6)
SETTLED = Policy(confirmations=0)
PATHS = [
    "contracts?limit=200",
    "contracts?late=true",
    "contracts/1",
    "contracts/1/summary",
    "contracts/1/history",
    "participants?limit=200",
    "participants/1",
    "payments?limit=200",
    "budget-lines",
    "budget-lines/1",
    "totals",
    "ocds/records",
    "ocds/records/1",
    "ocds/release-packages/1",
]


def clock() -> datetime:
    return datetime.fromtimestamp(NOW, UTC)


def serve(database: Database, folder: Path, rpc_url: str, **more: Any) -> TestClient:
    url = database.url.render_as_string(hide_password=False)
    here = Settings(rpc_url=rpc_url, database_url=url, data_dir=folder, **more)
    return TestClient(create_app(here, clock=clock), raise_server_exceptions=False)


def pinned(client: TestClient, path: str, block: int) -> Any:
    return client.get(f"{API}/{path}{'&' if '?' in path else '?'}at_block={block}")


def blocks_of(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(Block.number).order_by(Block.number)))


@pytest.fixture
def client(story: Story, told: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The story, of which the last blocks are not final yet."""
    with serve(told, tmp_path, story.rpc.url) as found:
        yield found


def test_is_the_same_when_the_index_has_gone_on(
    story: Story, any_database: Database, tmp_path: Path
) -> None:
    deployment = story.world.deployment
    index_once(any_database, story.rpc, deployment, story.store, policy=OPEN)
    blocks = blocks_of(any_database)
    steps = [blocks[len(blocks) * part // 4] for part in (3, 2)]
    (tmp_path / "documents").symlink_to(story.store.folder)
    with serve(any_database, tmp_path, story.rpc.url) as client:
        later = {(b, p): pinned(client, p, b) for b in steps for p in PATHS}
        for block in steps:
            with any_database.transaction() as session:
                cursor, batch = session.get_one(Cursor, 1), session.get_one(Batch, block)
                take_back(session, cursor, batch)
            for path in PATHS:
                then, now = later[block, path], pinned(client, path, block)
                assert (now.status_code, now.content) == (200, then.content), (block, path)
                assert now.headers["etag"] == then.headers["etag"]
                if not path.startswith("ocds"):
                    assert now.json()["index"]["block"] == block
                    assert now.json()["index"]["age"] == 0


def test_a_block_in_which_nothing_happened(
    client: TestClient, story: Story, told: Database, tmp_path: Path
) -> None:
    blocks = blocks_of(told)
    last, block = next((a, a + 1) for a, b in pairwise(blocks) if b > a + 1)
    found = pinned(client, "payments", block).json()
    before = pinned(client, "payments", last).json()
    header = story.rpc.call("eth_getBlockByNumber", hex(block), False)
    assert (found["index"]["block"], found["index"]["blockHash"]) == (block, header["hash"])
    assert found["payments"] == before["payments"]
    with serve(told, tmp_path, "http://127.0.0.1:1") as alone:
        body = problem(pinned(alone, "payments", block), 503)
        assert body["type"] == "urn:termin:problem:block-not-known"
        assert pinned(alone, "payments", last).json() == before


@pytest.mark.parametrize(
    ("shift", "detail"),
    [
        (1, "The index stands at block {0}, before {1}."),
        (10**12, "The index stands at block {0}, before {1}."),
    ],
)
def test_a_block_that_is_not_indexed_yet(client: TestClient, shift: int, detail: str) -> None:
    head = client.get(f"{API}/totals").json()["index"]["block"]
    body = problem(pinned(client, "totals", head + shift), 404)
    assert body["type"] == "urn:termin:problem:block-not-indexed"
    assert body["detail"] == detail.format(head, head + shift)


def test_before_everything(client: TestClient, told: Database) -> None:
    first = blocks_of(told)[0]
    body = problem(pinned(client, "contracts/1", 0), 404)
    assert (
        body["detail"]
        == f"Nothing had happened at block 0 yet; the first event is in block {first}."
    )
    body = problem(pinned(client, "contracts/1", first), 404)
    assert body["type"] == "urn:termin:problem:not-found"


@pytest.mark.parametrize("value", ["-1", "x", "", "1.5", str(2**63), "1&at_block=2"])
def test_what_is_no_block(client: TestClient, value: str) -> None:
    body = problem(client.get(f"{API}/totals?at_block={value}"), 422)
    assert [each["parameter"] for each in body["errors"]] == ["at_block"]


@pytest.mark.parametrize("path", ["reorganizations", "reorganizations/1", "healthz", "readyz"])
def test_what_is_of_no_block(client: TestClient, path: str) -> None:
    body = problem(pinned(client, path, 1), 422)
    assert body["errors"][0]["parameter"] == "at_block"
    assert body["errors"][0]["detail"].startswith("Unknown parameter; expected ")


def test_more_events_than_are_gone_over(story: Story, told: Database, tmp_path: Path) -> None:
    blocks = blocks_of(told)
    with serve(told, tmp_path, story.rpc.url, api_past_events=5) as client:
        body = problem(pinned(client, "totals", blocks[-2]), 422)
        assert body["type"] == "urn:termin:problem:past-too-long"
        assert body["detail"].startswith("More than 5 events led to what is said at block ")
        assert pinned(client, "totals", blocks[-1]).status_code == 200


def test_too_many_who_wait(client: TestClient, told: Database) -> None:
    blocks, service = blocks_of(told), client.app.state.services.past  # type: ignore[attr-defined]
    with service._building:
        waiting = [
            threading.Thread(target=pinned, args=(client, "totals", block))
            for block in blocks[-1 - past.WAITING : -1]
        ]
        for each in waiting:
            each.start()
        wait_until(lambda: not service._places._value)
        body = problem(pinned(client, "totals", blocks[-9]), 503)
        assert body["type"] == "urn:termin:problem:past-busy"
    for each in waiting:
        each.join()
    assert pinned(client, "totals", blocks[-9]).status_code == 200


def test_a_model_is_made_once_and_hears_of_documents(
    story: Story, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    plain = past.replay

    def count(*args: Any) -> None:
        made.append(args[-1])
        plain(*args)

    monkeypatch.setattr(past, "replay", count)
    monkeypatch.setattr(past, "MODELS", 2)
    index_once(database, story.rpc, story.world.deployment, DocumentStore(tmp_path / "documents"))
    *_, a, b, c, _ = blocks_of(database)
    with serve(database, tmp_path, story.rpc.url) as client:
        first = pinned(client, "participants/1", c)
        assert first.json()["participant"]["name"] is None
        digest = story.documents["Kabupaten Sukamaju"]
        content = story.store.read(digest)
        assert content is not None
        answer = client.put(f"{API}/documents/{digest.hex()}", content=content)
        assert answer.status_code == 201
        again = pinned(client, "participants/1", c)
        assert again.json()["participant"]["name"] == "Kabupaten Sukamaju"
        assert again.headers["etag"] != first.headers["etag"]
        folder = client.app.state.services.past._folder  # type: ignore[attr-defined]
        for block in (b, a, b, c):
            assert pinned(client, "totals", block).status_code == 200
        assert made == [c, b, a, c]
        assert len(list(folder.glob("*.db"))) == 2
    assert not folder.exists()


def test_what_was_cleared_away_is_made_anew(client: TestClient, told: Database) -> None:
    """Temporary folders are cleared of what is old while the server goes on."""
    service = client.app.state.services.past  # type: ignore[attr-defined]
    *_, a, b, _ = blocks_of(told)
    first = pinned(client, "totals", a).content
    shutil.rmtree(service._folder)
    assert pinned(client, "totals", a).content == first
    assert pinned(client, "totals", b).status_code == 200
    assert pinned(client, "totals", a).content == first
    pinned(client, "totals", b)
    for each in service._folder.glob("*.db*"):
        each.unlink()
    assert pinned(client, "totals", a).content == first
    assert len(service._models) == len(list(service._folder.glob("*.db"))) == 1


def test_a_model_that_is_read_is_not_dropped(
    told: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though others came after it meanwhile, and before its reader has opened it."""
    monkeypatch.setattr(past, "MODELS", 1)
    service = client.app.state.services.past  # type: ignore[attr-defined]
    *_, a, b, _ = blocks_of(told)
    wanted = pinned(client, "totals", a).content
    plain, files = Database.reading, []

    def late(self: Database) -> Any:
        if service._folder and self.url.database.startswith(str(service._folder)) and not files:
            files.append(Path(self.url.database))
            assert pinned(client, "totals", b).status_code == 200
        return plain(self)

    monkeypatch.setattr(Database, "reading", late)
    assert pinned(client, "totals", a).content == wanted
    assert not files[0].exists()
    assert len(list(service._folder.glob("*.db"))) == 1


def anew(story: Story, database: Database, store: DocumentStore) -> None:
    """Build the index anew and let it take its place, as another process does."""
    with Nodes.at([story.rpc.url]) as nodes:
        build_beside(Indexer(database, nodes, story.world.deployment, store, SETTLED))


def test_what_was_erased_is_told_no_more_after_a_rebuild(
    story: Story, any_database: Database, tmp_path: Path
) -> None:
    """Not by what the server keeps, nor by what a browser or a file has kept of the same block."""
    shutil.copytree(story.store.folder, tmp_path / "documents")
    store = DocumentStore(tmp_path / "documents")
    index_once(any_database, story.rpc, story.world.deployment, store, policy=SETTLED)
    block, name = blocks_of(any_database)[-2], b"Kabupaten Sukamaju"
    digest = story.documents[name.decode()]
    paths = [f"{API}/participants/1?at_block={block}", f"{API}/participants/1"]
    paths.append(f"{API}/contracts.csv")
    with serve(any_database, tmp_path, story.rpc.url) as client:
        kept = {path: client.get(path) for path in paths}
        assert all(name in answer.content for answer in kept.values())
        store.erase(digest)
        anew(story, any_database, store)
        for path, answer in kept.items():
            again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, name in again.content) == (200, False), path


def test_what_was_repaired_is_told_after_a_rebuild(
    story: Story, any_database: Database, tmp_path: Path
) -> None:
    """A model of what events led to is not one of others that the same blocks turn out to have."""
    index_once(any_database, story.rpc, story.world.deployment, story.store, policy=SETTLED)
    *_, lost, block, _ = blocks_of(any_database)
    with any_database.transaction() as session:
        session.execute(delete(EventRow).where(EventRow.block == lost))
    with serve(any_database, tmp_path, story.rpc.url) as client:
        kept = pinned(client, "contracts/1/history", block), client.get(f"{API}/reorganizations")
        model = client.app.state.services.past._models  # type: ignore[attr-defined]
        assert len(model) == 1
        assert kept[1].json()["reorganizations"] == []
        anew(story, any_database, story.store)
        assert client.get(f"{API}/reorganizations").json()["reorganizations"] != []
        assert client.get(f"{API}/reorganizations").headers["etag"] != kept[1].headers["etag"]
        pinned(client, "totals", block)
        assert len(model) == 2


def test_how_long_it_holds(story: Story, database: Database, tmp_path: Path) -> None:
    index_once(database, story.rpc, story.world.deployment, story.store, policy=SETTLED)
    block = blocks_of(database)[-1]
    holds = {
        "contracts/1/history": "public, max-age=31536000, immutable",
        "totals": "public, max-age=31536000, immutable",
        "contracts/1": "public, max-age=3600",
        "contracts/1/summary": "public, max-age=3600",
        "payments": "public, max-age=3600",
        "ocds/records": "public, max-age=3600",
    }
    with serve(database, tmp_path, story.rpc.url) as client:
        for path, expected in holds.items():
            response = pinned(client, path, block)
            assert response.headers["cache-control"] == expected
            tag = {"If-None-Match": response.headers["etag"]}
            same = client.get(str(response.request.url), headers=tag)
            assert (same.status_code, same.content) == (304, b"")
            assert client.get(f"{API}/{path}").headers["cache-control"] == "no-cache"


def test_what_is_not_final_does_not_hold(story: Story, database: Database, tmp_path: Path) -> None:
    index_once(database, story.rpc, story.world.deployment, story.store, policy=OPEN)
    block = blocks_of(database)[-2]
    with serve(database, tmp_path, story.rpc.url) as client:
        first = pinned(client, "totals", block)
        assert first.headers["cache-control"] == "no-cache"
        assert first.json()["index"]["finalBlock"] == 0
        with database.transaction() as session:
            session.get_one(Cursor, 1).final_block = block
        then = pinned(client, "contracts/1/history", block)
        assert then.headers["cache-control"].endswith("immutable")
        assert then.json()["index"]["finalBlock"] == block
        assert all(each["final"] for each in then.json()["history"])
        assert then.headers["etag"] != first.headers["etag"]
