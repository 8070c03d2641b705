"""GET /feed
├── tells everything that happened, each with what it says and where it stands
│   ├── and names the answers that it changes, by their paths and by what other answers name
│   ├── page by page, and again from where the reader stopped
│   └── of every kind of event: amounts have a currency, moments are dates, codes are words
├── waits
│   ├── until something comes, and for as long as it was asked to
│   ├── for no more readers than it may, and half as many of one address
│   └── for nobody who has gone
├── as a stream
│   ├── goes on behind the last id
│   ├── has few items ready
│   ├── ends within seconds when the server does
│   └── has a place only while it lasts; HEAD does not wait for its end
├── takes back what the chain gives up
├── tells of documents that are brought
├── is kept by nobody
└── refuses what it does not understand (422) and cursors that lead nowhere (410)
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from msgspec import Struct, structs
from support.node import free_port
from support.problems import problem
from support.processes import termin
from support.story import Story
from support.waiting import wait_until
from support.works import Works
from support.world import SUPPLIER, World, deploy

from backend.api.feed_watch import FeedBusyError, FeedWatch
from backend.api.routers import feed
from backend.app import create_app
from backend.chain.events import EVENTS
from backend.chain.nodes import Nodes
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import Indexer, Policy, index_once
from backend.queries.occurrence import AMOUNTS, MOMENTS, ROLE_SETS

FEED = "/api/v1/feed"
STREAM = {"Accept": "text/event-stream"}


def everything(client: TestClient, limit: int = 1_000) -> list[dict[str, Any]]:
    """All items, page by page."""
    items: list[dict[str, Any]] = []
    after = ""
    while True:
        body = client.get(f"{FEED}?limit={limit}{after}").json()
        items += body["items"]
        after = f"&after={body['next']}"
        if not body["more"]:
            assert client.get(f"{FEED}?{after[1:]}").json()["items"] == []
            return items
        assert len(body["items"]) == limit


def test_tells_everything_on_pages_of_any_size(client: TestClient) -> None:
    items = everything(client)
    assert len(items) > 100
    assert everything(client, 7) == items
    assert {item["kind"] for item in items} == {"event"}
    places = [(item["source"]["block"], item["source"]["logIndex"]) for item in items]
    assert places == sorted(set(places))
    after = client.get(f"{FEED}?after={items[40]['cursor']}&limit=2").json()["items"]
    assert after == items[41:43]


def test_says_what_the_history_says(client: TestClient, story: Story) -> None:
    address = story.contracts["road"].address
    told = [item for item in everything(client) if item["agreement"] == address]
    history = client.get(f"/api/v1/contracts/{address}/history").json()["history"]
    for name in ("event", "contract", "at", "milestone", "blockHash", "final", "source"):
        assert [item[name] for item in told] == [entry[name] for entry in history]


def test_says_what_an_event_says(client: TestClient, story: Story) -> None:
    items = everything(client)
    road = story.contracts["road"]
    made = next(i for i in items if i["event"] == "AgreementCreated" and i["agreement"])
    assert made["data"]["terms"]["value"] == {"amount": "1100.00", "currency": "MXN"}
    payment = next(
        i for i in items if i["event"] == "PaymentMade" and i["agreement"] == road.address
    )
    detail = client.get(f"/api/v1/contracts/{road.address}").json()
    paid = next(row for row in detail["payments"] if row["source"] == payment["source"])
    assert payment["data"]["payment"]["gross"] == paid["gross"]
    assert payment["data"]["payment"]["net"] == paid["net"]
    assert payment["data"]["basis"] == paid["basis"]
    assert payment["data"]["payee"] == paid["payee"]["id"]
    person = next(i for i in items if i["event"] == "ParticipantRegistered")
    assert person["participant"] == person["data"]["participant"]
    assert person["data"]["roles"] == ["buyer"]
    line = next(i for i in items if i["event"] == "LineAppropriated")
    assert line["budgetLine"] == line["data"]["line"]
    assert line["data"]["appropriated"]["currency"] == "MXN"


def test_names_the_answers_that_it_changes(client: TestClient, story: Story) -> None:
    items = everything(client)
    road = story.contracts["road"].address
    detail = client.get(f"/api/v1/contracts/{road}").json()
    buyer, supplier = (detail["contract"][side]["id"] for side in ("buyer", "supplier"))
    payment = next(i for i in items if i["event"] == "PaymentMade" and i["agreement"] == road)
    assert payment["data"]["payee"] == supplier
    sides = [f"participants/{supplier}", f"participants/{buyer}"]
    assert (payment["changes"], payment["names"]) == ([f"contracts/{road}", *sides], [])
    made = next(i for i in items if i["event"] == "LineAppropriated")
    line = made["budgetLine"]
    assert made["changes"] == [f"budget-lines/{line}", f"participants/{buyer}"]
    assert made["names"] == [line]
    office = next(i for i in items if i["data"].get("organization"))
    who, of = (office["data"][name] for name in ("participant", "organization"))
    assert office["changes"] == [f"participants/{who}", f"participants/{of}"]
    assert office["names"] == [who]


def test_together_they_name_all_there_is(client: TestClient) -> None:
    named = {path for item in everything(client) for path in item["changes"]}
    keys = {"contracts": "address", "participants": "id", "budget-lines": "id"}
    every = set()
    for kind, key in keys.items():
        body = client.get(f"/api/v1/{kind}?limit=200").json()
        rows = body["budgetLines" if kind == "budget-lines" else kind]
        every |= {f"{kind}/{row[key]}" for row in rows}
    assert every <= named
    assert {client.get(f"/api/v1/{path}").status_code for path in every} == {200}


def fields(kind: type[Struct]) -> Iterator[tuple[str, Any]]:
    """Every field of an event and of what is in it, with its type."""
    for field in structs.fields(kind):
        inner = getattr(field.type, "__args__", (field.type,))[0]
        if field.name == "origin":
            continue
        if isinstance(inner, type) and issubclass(inner, Struct):
            yield from fields(inner)
        else:
            yield field.name, inner


NUMBERS = set(
    "advance_rate amendment amendment_cap approvals attempt cure_days damages_cap damages_rate "  # noqa: SIM905
    "decimals default_share defects_days denominator dispute_days first fiscal_year hold_days "
    "holidays interest_rate lapse_days late late_days milestone needed numerator payment_days "
    "quorum recovery_rate rejections retention_rate review_days ruling_days security_rate "
    "suspension_days weekend year".split()
)


def test_every_whole_number_of_every_event_is_known_for_what_it_is() -> None:
    found = {
        name
        for kinds in EVENTS.values()
        for kind in kinds
        for name, type_ in fields(kind)
        if type_ is int
    }
    assert found == AMOUNTS | MOMENTS | NUMBERS | ROLE_SETS
    assert not AMOUNTS & MOMENTS
    assert not NUMBERS & (AMOUNTS | MOMENTS | ROLE_SETS)


def test_every_event_of_the_works_says_all(works: Works, worked: Database, tmp_path: Path) -> None:
    url = worked.url.render_as_string(hide_password=False)
    here = Settings(rpc_url=works.rpc.url, database_url=url, data_dir=tmp_path)
    with TestClient(create_app(here)) as client:
        items = everything(client)
    told = {item["event"]: item["data"] for item in items}
    assert len(told) > 40
    amounts = [item["data"]["amount"] for item in items if "amount" in item["data"]]
    assert len(amounts) > 50
    assert {amount["currency"] for amount in amounts} == {"IDR"}
    assert told["AgreementTerminated"]["ground"] == "convenience"
    assert told["GuaranteeRecorded"]["kind"] == "performance"
    assert told["GuaranteeRecorded"]["expiresAt"].endswith("Z")
    assert told["AgreementClosed"]["account"]["released"]["currency"] == "IDR"


# --- on a chain of its own ---


@pytest.fixture
def world(own_rpc: Rpc) -> World:
    """A deployment without anything."""
    return deploy(own_rpc)


@pytest.fixture
def indexer(world: World, any_database: Database, store: DocumentStore) -> Indexer:
    """An index that follows it."""
    policy = Policy(confirmations=3, behind_seconds=0.0)
    found = Indexer(any_database, Nodes([world.rpc]), world.deployment, store, policy)
    found.prepare()
    found.run()
    return found


def application(world: World, database: Database, folder: Path, readers: int = 6) -> Any:
    """API and portal on that index."""
    return create_app(
        Settings(
            rpc_url=world.rpc.url,
            database_url=database.url.render_as_string(hide_password=False),
            data_dir=folder,
            feed_readers=readers,
        )
    )


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of a real server."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def url(world: World, indexer: Indexer, any_database: Database, tmp_path: Path) -> Iterator[str]:
    """The address of a server on that index, where six readers may wait: three of one address."""
    with served(application(world, any_database, tmp_path)) as found:
        yield found


def get(url: str, query: str = "") -> Any:
    """A page."""
    answer = httpx.get(f"{url}{FEED}{query}", timeout=90)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    return answer.json()


def metrics(url: str) -> str:
    """What a server measures of itself."""
    return httpx.get(f"{url}/metrics", timeout=60).text


def test_begins_with_nothing(url: str) -> None:
    body = get(url)
    first = body["items"][0]
    assert (first["event"], first["kind"], body["more"]) == ("FactoryDeployed", "event", False)


def test_waits_until_something_comes(url: str, world: World, indexer: Indexer) -> None:
    end = get(url)["next"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(get, url, f"?after={end}&wait=60")
        time.sleep(0.5)
        assert not waiting.done()
        world.register(SUPPLIER)
        indexer.run()
        body = waiting.result(20)
    assert [item["event"] for item in body["items"]] == ["ParticipantRegistered"]


def test_waits_no_longer_than_it_was_asked_to(url: str) -> None:
    end = get(url)["next"]
    begun = time.monotonic()
    body = get(url, f"?after={end}&wait=1")
    assert time.monotonic() - begun >= 1
    assert (body["items"], body["next"]) == ([], end)


class Listening:
    """A reader of a stream, in a thread; `events` are id and item of each."""

    def __init__(self, url: str, **headers: str) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.ended = threading.Event()
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.netloc, timeout=60)
        self._connection.request("GET", f"{parts.path}?{parts.query}", headers=STREAM | headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.headers["content-type"].startswith("text/event-stream")
        assert self._answer.headers["cache-control"] == "no-store"
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def until(self, count: int) -> list[dict[str, Any]]:
        """So many items."""
        wait_until(lambda: len(self.events) >= count)
        return [item for _, item in self.events]

    def close(self) -> None:
        """Read no more."""
        with suppress(OSError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._answer.close()
        self._connection.close()

    def _read(self) -> None:
        name = ""
        with suppress(HTTPException, OSError):
            for line in map(bytes.decode, self._answer):
                if line.startswith("id: "):
                    name = line[4:].rstrip()
                elif line.startswith("data: "):
                    self.events.append((name, json.loads(line[6:])))
        self.ended.set()


def test_stream_tells_at_once_and_goes_on_behind_its_last_id(
    url: str, world: World, indexer: Indexer
) -> None:
    end = get(url)["next"]
    first = Listening(f"{url}{FEED}?after={end}")
    for _ in range(3):
        world.register(SUPPLIER)
        indexer.run()
    items = first.until(3)
    assert [name for name, _ in first.events] == [item["cursor"] for item in items]
    assert items == get(url, f"?after={end}")["items"]
    first.close()
    name = first.events[0][0]
    again = Listening(f"{url}{FEED}?after={end}", **{"Last-Event-ID": name})
    assert again.until(2) == items[1:]
    again.close()


def test_stream_has_few_items_ready(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []
    plain = feed._read

    def noted(services: Any, after: Any, limit: int) -> Any:
        limits.append(limit)
        return plain(services, after, limit)

    monkeypatch.setattr(feed, "_read", noted)
    for asked, expected in ((1_000, 50), (7, 7)):
        reader = Listening(f"{url}{FEED}?limit={asked}")
        reader.until(1)
        reader.close()
        assert set(limits) == {expected}
        limits.clear()


def test_only_so_many_wait(url: str) -> None:
    end = get(url)["next"]
    open_ = [Listening(f"{url}{FEED}?after={end}") for _ in range(3)]
    words = "3 readers wait for the feed from one address, and no more may. Try again later, or "
    for query, headers in ((f"?after={end}", STREAM), (f"?after={end}&wait=1", {})):
        answer = httpx.get(f"{url}{FEED}{query}", headers=headers, timeout=60)
        body = problem(answer, 503)
        assert (body["type"], body["detail"]) == (
            "urn:termin:problem:feed-busy",
            f"{words}ask without `wait`.",
        )
        assert answer.headers["retry-after"] == "5"
    assert get(url, f"?after={end}")["items"] == []
    open_.pop().close()
    deadline = time.monotonic() + 20
    while httpx.get(f"{url}{FEED}?after={end}&wait=1", timeout=60).status_code != 200:
        assert time.monotonic() < deadline, "the place is not given back"
        time.sleep(0.1)
    for each in open_:
        each.close()


def test_nobody_waits_who_has_gone(
    world: World, indexer: Indexer, any_database: Database, tmp_path: Path
) -> None:
    app = application(world, any_database, tmp_path)
    watch = app.state.services.feed
    with served(app) as url:
        end = get(url)["next"]
        parts = urlsplit(url)
        for _ in range(5):
            asking = [socket.create_connection((parts.hostname, parts.port)) for _ in range(3)]
            for each in asking:
                each.sendall(f"GET {FEED}?after={end}&wait=60 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            # A request that looks whether there is room would take the place of one of them.
            wait_until(lambda: not has_room(watch))
            for each in asking:
                each.close()
            wait_until(lambda: has_room(watch))
            assert get(url, f"?after={end}&wait=1")["items"] == []


def has_room(watch: FeedWatch) -> bool:
    """Whether one more reader at 127.0.0.1 may wait."""
    try:
        watch.places.require_room("127.0.0.1")
    except FeedBusyError:
        return False
    return True


def test_room_for_others(any_database: Database) -> None:
    watch = FeedWatch(any_database, 3).places
    with watch.place("a"), watch.place("a"):
        with pytest.raises(FeedBusyError, match="2 readers wait for the feed from one address"):
            watch.require_room("a")
        with watch.place("b"), pytest.raises(FeedBusyError, match="3 readers wait for the feed h"):
            watch.require_room("c")
        watch.require_room("b")
    for client in "abc":
        watch.require_room(client)
    with pytest.raises(FeedBusyError, match="0 readers"):
        FeedWatch(any_database, 0).places.require_room("a")


def test_head_does_not_wait_for_the_end_of_a_stream(url: str) -> None:
    answer = httpx.head(f"{url}{FEED}", headers=STREAM, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.content == b""


def test_nobody_looks_while_nobody_waits(indexer: Indexer, any_database: Database) -> None:
    async def wait() -> bool:
        watch = FeedWatch(any_database, 1)
        await watch.moved("nothing", 20)
        with watch.places.place("a"), pytest.raises(FeedBusyError):
            watch.places.require_room("b")
        await asyncio.sleep(0.5)
        assert watch._looking is not None
        return watch._looking.done()

    assert asyncio.run(wait())


def test_takes_back_what_the_chain_gives_up(url: str, world: World, indexer: Indexer) -> None:
    end = get(url)["next"]
    people = [world.register(SUPPLIER) for _ in range(3)]
    indexer.run()
    known = get(url, f"?after={end}&limit=2")
    stream = Listening(f"{url}{FEED}?after={known['next']}")
    stream.until(1)
    world.rpc.call("anvil_rollback", 3)
    world.register(SUPPLIER, identifier="another")
    world.rpc.call("anvil_mine", "0x4", "0x2")
    indexer.run()
    back = get(url, f"?after={known['next']}")["items"]
    assert [(item["kind"], item["participant"]) for item in back[:2]] == [
        ("retraction", people[1].hex),
        ("retraction", people[0].hex),
    ]
    for item, told in zip(back[:2], reversed(known["items"]), strict=True):
        same = ("event", "agreement", "at", "blockHash", "source", "address")
        assert [item[name] for name in same] == [told[name] for name in same]
        assert (item["data"], item["final"], item["reorganization"]) == (None, False, 1)
        assert (item["changes"], item["names"]) == (told["changes"], told["names"])
    assert [item["data"]["identifier"] for item in back[2:]] == ["another"]
    told_ = stream.until(5)
    assert [item["kind"] for item in told_] == ["event", *["retraction"] * 3, "event"]
    assert told_[-1]["cursor"] == back[-1]["cursor"]
    stream.close()


def test_tells_of_a_document_that_is_brought(documents: TestClient, story: Story) -> None:
    end = documents.get(f"{FEED}?limit=1000").json()["next"]
    address = story.contracts["road"].address
    digest = documents.get(f"/api/v1/contracts/{address}").json()["document"]
    content = story.store.read(bytes.fromhex(digest[2:]))
    assert documents.put(f"/api/v1/documents/{digest}", content=content).status_code == 201
    (item,) = documents.get(f"{FEED}?after={end}").json()["items"]
    assert (item["kind"], item["event"], item["data"]) == ("document", "AgreementCreated", None)
    assert (item["agreement"], item["document"]["hash"]) == (address, digest)
    assert item["document"]["state"] == "present"
    assert (item["changes"][0], item["names"]) == (f"contracts/{address}", [digest])
    after = documents.get(f"{FEED}?after={item['cursor']}").json()
    assert (after["items"], after["next"]) == ([], item["cursor"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("after=a.b", "after: 'a.b': expected `next` of the page before"),
        ("after=abc", "after: 'abc' is no cursor of the feed; expected `next` of an answer or "),
        ("limit=0", "limit: '0': input should be greater than or equal to 1"),
        ("limit=1001", "limit: '1001': input should be less than or equal to 1000"),
        ("wait=61", "wait: '61': input should be less than or equal to 60"),
        ("since=1", "since: Unknown parameter; expected after, limit, wait"),
    ],
)
@pytest.mark.parametrize("headers", [{}, STREAM], ids=["page", "stream"])
def test_refuses_what_it_does_not_understand(
    client: TestClient, query: str, words: str, headers: dict[str, str]
) -> None:
    body = problem(client.get(f"{FEED}?{query}", headers=headers), 422)
    assert body["detail"].startswith(words)


def test_refuses_an_id_that_it_did_not_give(client: TestClient) -> None:
    answer = client.get(FEED, headers=STREAM | {"Last-Event-ID": "x.y"})
    assert problem(answer, 422)["detail"].startswith("Last-Event-ID: 'x.y' is no cursor")


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["page", "stream"])
def test_refuses_a_cursor_of_another_chain(
    story: Story, url: str, told: Database, tmp_path: Path, headers: dict[str, str]
) -> None:
    database = told.url.render_as_string(hide_password=False)
    other = Settings(rpc_url=story.rpc.url, database_url=database, data_dir=tmp_path)
    with TestClient(create_app(other)) as client:
        cursor = client.get(FEED).json()["next"]
    body = problem(httpx.get(f"{url}{FEED}?after={cursor}", headers=headers), 410)
    assert (body["title"], body["type"]) == ("Start anew", "urn:termin:problem:feed-cursor-gone")
    assert body["detail"].startswith("The cursor leads nowhere: it ")
    assert body["detail"].endswith(" Forget what was read and begin without a cursor.")


@pytest.mark.alone
def test_server_ends_within_seconds_while_readers_wait(
    world: World, tmp_path: Path, store: DocumentStore
) -> None:
    world.deployment.save(tmp_path)
    database = Database(Settings(data_dir=tmp_path).database)
    index_once(database, world.rpc, world.deployment, store)
    database.close()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    options = ("--port", str(port), "--rpc-url", world.rpc.url, "--data-dir", str(tmp_path))
    with termin(tmp_path / "run", "serve", *options) as running:
        running.until("Serving on")
        deadline = time.monotonic() + 30
        while True:
            try:
                end = get(base)["next"]
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        with (
            closing(Listening(f"{base}{FEED}?after={end}")) as stream,
            ThreadPoolExecutor() as pool,
        ):
            waiting = pool.submit(get, base, f"?after={end}&wait=60")
            # The stream, who waits, and who asks for this.
            wait_until(lambda: "\ntermin_http_requests_in_flight 3.0\n" in metrics(base))
            running.process.send_signal(signal.SIGTERM)
            status = running.process.wait(30)
            assert (status, waiting.result(20)["items"]) == (0, [])
            assert stream.ended.wait(20)
        said = [json.loads(line) for line in running.err.splitlines()]
        at = {line["event"].split()[0]: line["timestamp"] for line in said}
        took = datetime.fromisoformat(at["Finished"]) - datetime.fromisoformat(at["Shutting"])
        assert took.total_seconds() < 5
        assert [line for line in said if line["level"] != "info"] == []
