"""documents
├── GET
│   ├── what is here comes as it is, and can do no harm in a browser
│   ├── what is not here: 404, and who has it may bring it
│   ├── what was erased: 410
│   ├── a file that is not what its name says: 404
│   └── one that goes while it is looked at: 404
└── PUT
    ├── a document that the chain names is taken: 201, again: 204
    ├── and names what it names from then on
    ├── anything else is refused: 404, 409, 413, 415, 422, and leaves nothing
    ├── so is what is not whole, by who has gone: 400, and no failure of the server
    └── that is not small has a place until it is whole and kept: 503, or 408 if it takes too long
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from support.node import anvil
from support.problems import problem
from support.world import SUPPLIER, World, deploy

from backend.api import bringing
from backend.api.bringing import (
    SMALL_BYTES,
    DocumentsBusyError,
    DocumentTooSlowError,
    documents_busy,
    read_body,
)
from backend.api.places import Places
from backend.app import create_app
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once

API = "/api/v1/documents"
LIMIT = 1000
JSON = b'{"name":"PT Karya Jaya","type":"participant"}'
PDF = b"%PDF-1.7\n..."
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
GOOD = {"application/json": JSON, "application/pdf": PDF, "image/png": PNG, "image/jpeg": JPEG}
LIST = b"[1, 2]"
HTML = b"<html><script>alert(1)</script>"
DEEP = b'{"a":' * 150 + b"1" + b"}" * 150
TOO_DEEP = b'{"a":' + b"[" * 200 + b"]" * 200 + b"}"
BROKEN = b'{"a": NaN}'
UTF_16 = JSON.decode().encode("utf-16")
MARKED = JSON.decode().encode("utf-8-sig")
HALF = b'{"name":"\xed\xa0\x80"}'
LARGE = b"%PDF-" + b"x" * LIMIT
ALL = [*GOOD.values(), LIST, HTML, DEEP, TOO_DEEP, BROKEN, UTF_16, MARKED, HALF, LARGE]


def digest(content: bytes) -> str:
    """Hash of a document."""
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A chain on which one participant is named by each of `ALL`."""
    with anvil() as url, Rpc(url) as rpc:
        made = deploy(rpc)
        for content in ALL:
            made.register(SUPPLIER, document=bytes.fromhex(digest(content)))
        yield made


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    """The store of the application."""
    return DocumentStore(tmp_path / "documents")


@pytest.fixture
def client(
    world: World, any_database: Database, store: DocumentStore, tmp_path: Path
) -> Iterator[TestClient]:
    """The API with no document yet."""
    index_once(any_database, world.rpc, world.deployment, store)
    settings = Settings(
        rpc_url=world.rpc.url,
        database_url=any_database.url.render_as_string(hide_password=False),
        data_dir=tmp_path,
        document_max_bytes=LIMIT,
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize("kind", GOOD)
def test_what_the_chain_names_is_taken(client: TestClient, kind: str) -> None:
    content = GOOD[kind]
    path = f"{API}/{digest(content)}"
    first = client.put(path, content=content, headers={"Content-Type": kind})
    assert (first.status_code, first.content, first.headers["location"]) == (201, b"", path)
    again = client.put(path, content=content, headers={"Content-Type": kind})
    assert (again.status_code, again.content) == (204, b"")
    back = client.get(path)
    assert (back.status_code, back.content) == (200, content)
    assert back.headers["content-type"] == kind


@pytest.mark.parametrize("declared", ["", "application/octet-stream", "APPLICATION/PDF; a=b"])
def test_the_type_may_be_left_open(client: TestClient, declared: str) -> None:
    headers = {"Content-Type": declared} if declared else {}
    path = f"{API}/0x{digest(PDF).upper()}"
    assert client.put(path, content=PDF, headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("kind", "disposition"),
    [
        ("application/json", "inline; filename="),
        ("image/png", "inline; filename="),
        ("image/jpeg", "inline; filename="),
        ("application/pdf", "attachment; filename="),
    ],
)
def test_can_do_no_harm_in_a_browser(client: TestClient, kind: str, disposition: str) -> None:
    path = f"{API}/{digest(GOOD[kind])}"
    client.put(path, content=GOOD[kind])
    headers = client.get(path).headers
    assert headers["content-disposition"].startswith(f'{disposition}"{digest(GOOD[kind])}.')
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-cache"
    same = client.get(path, headers={"If-None-Match": headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_names_what_it_names_from_then_on(client: TestClient, any_database: Database) -> None:
    before = client.get("/api/v1/participants")
    assert {row["name"] for row in before.json()["participants"]} == {None}
    client.put(f"{API}/{digest(JSON)}", content=JSON)
    tag = {"If-None-Match": before.headers["etag"]}
    after = client.get("/api/v1/participants?q=karya", headers=tag)
    assert [row["name"] for row in after.json()["participants"]] == ["PT Karya Jaya"]


def test_is_known_again_after_a_rebuild(
    client: TestClient, world: World, any_database: Database, store: DocumentStore
) -> None:
    client.put(f"{API}/{digest(JSON)}", content=JSON)
    any_database.reset()
    index_once(any_database, world.rpc, world.deployment, store)
    rows = client.get("/api/v1/participants?q=karya").json()["participants"]
    assert [row["name"] for row in rows] == ["PT Karya Jaya"]


def test_many_at_once(client: TestClient, store: DocumentStore) -> None:
    def bring(content: bytes) -> int:
        return int(client.put(f"{API}/{digest(content)}", content=content).status_code)

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(bring, list(GOOD.values()) * 5))
    assert set(statuses) <= {201, 204}
    assert sorted(p.name for p in store.folder.glob("??/*")) == sorted(map(digest, GOOD.values()))


def files(store: DocumentStore) -> list[Path]:
    """Whatever lies in the store."""
    return [path for path in store.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "declared", "status", "detail"),
    [
        (digest(b"{}"), b"{}", "application/json", 404, "The chain names no document"),
        ("0" * 64, b"", "", 404, "The chain names no document"),
        (digest(JSON), PDF, "application/json", 422, f"SHA-256 of the body is {digest(PDF)}, not"),
        (digest(JSON), b"", "application/json", 422, "The SHA-256 of the body is e3b0c442"),
        (
            digest(JSON),
            JSON,
            "application/pdf",
            415,
            "was called 'application/pdf'; expected one of",
        ),
        (digest(JSON), JSON, "text/html", 415, "The body is application/json and was called"),
        (digest(LIST), LIST, "application/json", 415, "The body is of no known type"),
        (digest(HTML), HTML, "application/pdf", 415, "The body is of no known type"),
        (digest(BROKEN), BROKEN, "application/json", 415, "The body is of no known type"),
        (digest(TOO_DEEP), TOO_DEEP, "application/json", 415, "The body is of no known type"),
        (digest(UTF_16), UTF_16, "application/json", 415, "The body is of no known type"),
        (digest(MARKED), MARKED, "application/json", 415, "The body is of no known type"),
        (digest(HALF), HALF, "application/json", 415, "The body is of no known type"),
        (digest(LARGE), LARGE, "application/pdf", 413, "At most 1000 bytes are taken in."),
        ("xyz", JSON, "application/json", 422, "expected a SHA-256: 64 hexadecimal digits"),
    ],
)
def test_anything_else_is_refused(
    client: TestClient,
    store: DocumentStore,
    name: str,
    content: bytes,
    declared: str,
    status: int,
    detail: str,
) -> None:
    headers = {"Content-Type": declared} if declared else {}
    body = problem(client.put(f"{API}/{name}", content=content, headers=headers), status)
    assert detail in body["detail"]
    assert files(store) == []


def test_is_stopped_while_it_streams(client: TestClient, store: DocumentStore) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        for number in range(50):
            sent.append(number)
            yield b"x" * 100

    body = problem(client.put(f"{API}/{digest(LARGE)}", content=endless()), 413)
    assert body["type"] == "urn:termin:problem:document-too-large"
    assert files(store) == []


@pytest.mark.parametrize("length", ["2000", "99999999999999999999"])
def test_is_stopped_before_it_streams(client: TestClient, length: str) -> None:
    headers = {"Content-Length": length}
    response = client.put(f"{API}/{digest(LARGE)}", content=b"x", headers=headers)
    problem(response, 413)


def test_what_is_not_whole(client: TestClient, store: DocumentStore) -> None:
    coming = [
        {"type": "http.request", "body": JSON[:5], "more_body": True},
        {"type": "http.disconnect"},
    ]
    said: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        said.append(message)

    path = f"{API}/{digest(JSON)}"
    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    asyncio.run(client.app(scope, receive, send))  # type: ignore[arg-type]
    assert said[0]["status"] == 400
    assert json.loads(said[1]["body"])["detail"] == "It ended after 5 bytes."
    assert files(store) == []


def test_a_deep_document_is_taken(client: TestClient) -> None:
    path = f"{API}/{digest(DEEP)}"
    assert client.put(path, content=DEEP).status_code in {201, 413}


def test_what_is_not_here(client: TestClient) -> None:
    body = problem(client.get(f"{API}/{digest(JSON)}"), 404)
    assert body["type"] == "urn:termin:problem:document-missing"
    assert "can PUT it to this address" in body["detail"]


def test_what_was_erased(client: TestClient, store: DocumentStore) -> None:
    path = f"{API}/{digest(JSON)}"
    client.put(path, content=JSON)
    store.erase(bytes.fromhex(digest(JSON)))
    assert "the figures stay" in problem(client.get(path), 410)["detail"]
    body = problem(client.put(path, content=JSON), 409)
    assert "is not taken in again" in body["detail"]
    assert store.read(bytes.fromhex(digest(JSON))) is None


def test_a_file_that_is_not_what_its_name_says(client: TestClient, store: DocumentStore) -> None:
    path = store.path(bytes.fromhex(digest(JSON)))
    path.parent.mkdir(parents=True)
    path.write_bytes(HTML)
    problem(client.get(f"{API}/{digest(JSON)}"), 404)


def test_a_file_of_another_type_is_only_to_be_kept(
    client: TestClient, store: DocumentStore
) -> None:
    store.write(HTML)
    headers = client.get(f"{API}/{digest(HTML)}").headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == f'attachment; filename="{digest(HTML)}.bin"'


def brought(*chunks: bytes, client: str = "192.0.2.1") -> Request:
    """A request whose body comes in pieces, and after them never ends."""

    async def come() -> AsyncIterator[dict[str, Any]]:
        for chunk in chunks:
            yield {
                "type": "http.request",
                "body": chunk,
                "more_body": chunk is not chunks[-1] or not chunk,
            }
        await asyncio.Event().wait()

    scope = {"type": "http", "headers": [], "client": (client, 1)}
    return Request(scope, come().__anext__)


async def read(request: Request, places: Places, taken: ExitStack) -> int:
    assert request.client is not None
    place = places.place(request.client.host)
    return len(await read_body(request, 10 * SMALL_BYTES, lambda: taken.enter_context(place)))


def test_what_is_not_small_has_a_place() -> None:
    places = Places(4, documents_busy)
    small, large = b"x" * SMALL_BYTES, (b"x" * SMALL_BYTES, b"x")

    async def tell() -> None:
        with ExitStack() as taken:
            for client in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2"):
                found = await read(brought(*large, client=client), places, taken)
                assert found == SMALL_BYTES + 1
                assert await read(brought(small), places, taken) == SMALL_BYTES
            with pytest.raises(DocumentsBusyError, match="4 documents are being brought here, and"):
                await read(brought(*large, client="192.0.2.3"), places, taken)
        with ExitStack() as taken:
            await read(brought(*large), places, taken)
            await read(brought(*large), places, taken)
            with pytest.raises(DocumentsBusyError, match="2 documents are being brought from one"):
                await read(brought(*large), places, taken)

    asyncio.run(tell())


def test_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "BODY_SECONDS", 0.1)

    async def tell() -> None:
        with ExitStack() as taken, pytest.raises(DocumentTooSlowError):
            await read(brought(b"x", b""), Places(1, documents_busy), taken)

    asyncio.run(tell())


def test_a_file_that_goes_while_it_is_looked_at(
    client: TestClient, store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.put(f"{API}/{digest(JSON)}", content=JSON).status_code == 201
    read = DocumentStore.read

    def erased_meanwhile(self: DocumentStore, key: bytes) -> bytes | None:
        content = read(self, key)
        store.path(key).unlink()
        return content

    monkeypatch.setattr(DocumentStore, "read", erased_meanwhile)
    body = problem(client.get(f"{API}/{digest(JSON)}"), 404)
    assert body["type"] == "urn:termin:problem:document-missing"
