"""around the API
├── request ids: one for each request, taken as given only in a form that harms nobody
│   └── in the answer, in every problem, and in what is logged
├── any site may read, and only read
├── compression: where it saves something, once for each state, never of documents
│   └── for who takes it, by all that a reader says of it, however often
├── every answer says for how long it holds, and which it is
└── limits: so many requests a minute for each address
    ├── the next one is a clear 429, and is counted
    ├── a bucket fills evenly, and what is remembered is bounded
    ├── an IPv6 line is one client, whatever address of its 64 bits it takes
    └── a proxy is believed only where it is named
"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from support.node import free_port
from support.problems import problem
from support.story import Story

from backend.api import limiting
from backend.api.limiting import Buckets, TooManyRequestsError, client_of
from backend.api.packing import PACKED_BYTES
from backend.api.services import IMMUTABLE
from backend.app import create_app
from backend.cli.server import serving
from backend.core.logs import set_up_logs
from backend.core.metrics import REGISTRY
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import Policy, index_once

API = "/api/v1"
SECOND = 1_000_000_000
FROM = ("192.0.2.1", 50_000)


def settings(story: Story, database: Database, folder: Path, **more: Any) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return Settings(rpc_url=story.rpc.url, database_url=url, data_dir=folder, **more)


@pytest.fixture
def served(story: Story, told: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The story, without anything that a client would ask for by itself."""
    app = create_app(settings(story, told, tmp_path))
    with TestClient(app, raise_server_exceptions=False) as client:
        client.headers.clear()
        yield client


# --- request ids ---


def test_each_request_has_an_id(served: TestClient) -> None:
    paths = [f"{API}/contracts", f"{API}/contracts/1", "/en/contracts", "/metrics", "/nothing"]
    found = [served.get(path).headers["x-request-id"] for path in paths * 2]
    assert len(set(found)) == len(found)
    assert all(len(each) == 32 and int(each, 16) >= 0 for each in found)


@pytest.mark.parametrize("given_id", ["0af7651916cd43dd", "A" * 64, "2026-11-29-run-7"])
def test_an_id_is_taken_as_given(served: TestClient, given_id: str) -> None:
    response = served.get(f"{API}/contracts/99", headers={"X-Request-Id": given_id})
    assert response.headers["x-request-id"] == given_id
    assert problem(response, 404)["requestId"] == given_id


@pytest.mark.parametrize(
    "bad", ["short", "A" * 65, "", "a b c d e f g h", "-leading", "<script>", "ä" * 9]
)
def test_an_id_of_another_form_is_replaced(served: TestClient, bad: str) -> None:
    response = served.get(f"{API}/totals", headers={"X-Request-Id": bad.encode()})
    assert response.status_code == 200
    assert len(response.headers["x-request-id"]) == 32


def test_what_is_logged_names_the_request(
    served: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from backend.api.routers import budget

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(budget, "totals", fail)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    set_up_logs("INFO", "json")
    body = problem(served.get(f"{API}/totals"), 500)
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    about = [each for each in logged if each["event"] == "Unexpected error on /api/v1/totals"]
    assert {each["request_id"] for each in about} == {body["requestId"]}


# --- any site ---


@pytest.mark.parametrize("path", ["/contracts", "/contracts/1", "/contracts/99", "/openapi.json"])
def test_any_site_may_read(served: TestClient, path: str) -> None:
    for headers in ({}, {"Origin": "https://ngo.example"}):
        found = served.get(f"{API}{path}", headers=headers).headers
        assert found["access-control-allow-origin"] == "*"
        exposed = found["access-control-expose-headers"].split(", ")
        assert {"ETag", "Link", "Retry-After", "X-Request-Id"} <= set(exposed)
        assert "access-control-allow-credentials" not in found


def test_the_browser_is_told_before(served: TestClient) -> None:
    asked = {"Origin": "https://ngo.example", "Access-Control-Request-Method": "GET"}
    response = served.options(f"{API}/contracts", headers=asked)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD"
    assert response.headers["access-control-allow-headers"] == "*"
    assert response.headers["access-control-max-age"] == "86400"


def test_only_the_api_and_only_to_read(served: TestClient) -> None:
    assert "access-control-allow-origin" not in served.get("/en/contracts").headers
    assert served.options(f"{API}/contracts").status_code == 405


# --- compression ---

PACKED = {"Accept-Encoding": "br, gzip"}


@pytest.mark.parametrize(
    "path", ["/contracts", "/contracts/1", "/payments", "/ocds/records", "/openapi.json"]
)
def test_compressed_for_who_takes_it(served: TestClient, path: str) -> None:
    plain = served.get(f"{API}{path}")
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    for _ in range(2):  # made, and said again
        with served.stream("GET", f"{API}{path}", headers=PACKED) as response:
            raw = b"".join(response.iter_raw())
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["vary"] == "Accept-Encoding"
        assert gzip.decompress(raw) == plain.content
        assert len(raw) < len(plain.content) / 2
        assert response.headers.get("content-length", str(len(raw))) == str(len(raw))
        assert response.headers.get("etag") == plain.headers.get("etag")


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        (["identity, GZIP"], True),
        (["x-gzip"], True),
        (["gzip ; q=0.001"], True),
        (["gzip;q=1.000"], True),
        (["br", "gzip"], True),
        (["gzip", "identity"], True),
        (["identity", "gzip"], True),
        (["gzip;q=0"], False),
        (["gzip;q=0.000, identity"], False),
        (["gzip;q=2"], False),
        (["gzip;level=9"], False),
        (["gzipped, not-gzip"], False),
        (["identity", "br"], False),
        ([""], False),
    ],
)
@pytest.mark.parametrize(
    "path", ["/contracts/1", "/totals", "/contracts?sort=value", "/payments.csv", "/openapi.json"]
)
def test_compressed_by_all_that_is_said(
    served: TestClient, path: str, said: list[str], takes: bool
) -> None:
    wanted = [("Accept-Encoding", each) for each in said]
    encoding = served.get(f"{API}{path}", headers=wanted).headers.get("content-encoding")
    # Who asks in another way is not given what was kept for this one.
    plain = served.get(f"{API}{path}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text.isprintable() or "\r\n" in plain.text
    assert encoding == ("gzip" if takes and len(plain.content) >= PACKED_BYTES else None)


def test_compressed_once_for_each_state(
    served: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.middleware.gzip import GZipResponder

    first = served.get(f"{API}/contracts/1", headers=PACKED)
    monkeypatch.delattr(GZipResponder, "_compress_body")
    assert served.get(f"{API}/contracts/1", headers=PACKED).content == first.content


def test_unchanged_says_what_it_varies_by(served: TestClient) -> None:
    for path in ("/contracts/1", "/participants/1"):
        tag = served.get(f"{API}{path}").headers["etag"]
        response = served.get(f"{API}{path}", headers={"If-None-Match": tag, **PACKED})
        assert (response.status_code, response.content) == (304, b"")
        assert (response.headers["vary"], response.headers["etag"]) == ("Accept-Encoding", tag)


def test_small_answers_and_documents_come_as_they_are(
    story: Story, told: Database, tmp_path: Path
) -> None:
    here = settings(story, told, tmp_path)
    content = json.dumps({"type": "participant", "name": "PT Karya Jaya"}).encode()
    with TestClient(create_app(here), headers=PACKED) as client:
        assert "content-encoding" not in client.get(f"{API}/contracts/99").headers
        digest = story.documents["PT Karya Jaya"].hex()
        assert client.put(f"{API}/documents/{digest}", content=content).status_code in {201, 422}
        assert "content-encoding" not in client.get(f"{API}/documents/{digest}").headers


# --- how long it holds ---


_NOW = {"/healthz", "/readyz", "/feed"}
"""What is said of this moment alone."""


def test_every_answer_says_for_how_long_it_holds(served: TestClient, story: Story) -> None:
    description = served.get(f"{API}/openapi.json").json()
    source = served.get(f"{API}/contracts/1").json()["contract"]["source"]
    values = {"name": 1, "number": 1, "block": source["block"], "log_index": source["logIndex"]}
    values["digest"] = story.documents["PT Karya Jaya"].hex()
    record = served.get(f"{API}/ocds/records/1").json()["records"][0]
    values["release"] = quote(record["releases"][0]["id"], safe="")
    file = {"/downloads/{period}/{name}": "/downloads/all/records.jsonl.gz"}
    paths = [
        file.get(path, path).format(**values)
        for path, item in description["paths"].items()
        if "get" in item
    ]
    for path in [*paths, "/openapi.json"]:
        headers = (response := served.get(f"{API}{path}")).headers
        if headers["cache-control"] == "no-store":
            assert response.status_code in {404, 503} or path in _NOW
            continue
        assert response.status_code == 200
        assert headers["cache-control"] in {"no-cache", "public, max-age=86400", IMMUTABLE}
        same = served.get(f"{API}{path}", headers={"If-None-Match": headers["etag"]})
        assert (same.status_code, same.content) == (304, b""), path


def test_none_is_wanted_if_there_is_one(served: TestClient) -> None:
    star = {"If-None-Match": "*"}
    for _ in range(2):
        assert served.get(f"{API}/contracts/1", headers=star).status_code == 304
        assert served.get(f"{API}/totals", headers=star).status_code == 304
        for said in ("*", " * ", "W/*", '*, "x"'):
            problem(served.get(f"{API}/contracts/99", headers={"If-None-Match": said}), 404)
        problem(served.get(f"{API}/payments?limit=0", headers=star), 422)
        served.get(f"{API}/contracts/1")


def test_an_event_never_changes_once_it_is_final(
    story: Story, database: Database, tmp_path: Path
) -> None:
    policies = (Policy(confirmations=10**6, reorg_blocks=10**6), Policy(confirmations=0))
    for policy, holds in zip(policies, ("no-cache", "immutable"), strict=True):
        database.reset()
        index_once(database, story.rpc, story.world.deployment, story.store, policy=policy)
        with TestClient(create_app(settings(story, database, tmp_path))) as client:
            head = client.get(f"{API}/totals").json()["index"]
            *_, entry = client.get(f"{API}/contracts/1/history").json()["history"]
            place = entry["source"]
            response = client.get(f"{API}/events/{place['block']}/{place['logIndex']}")
            body = response.json()
            assert response.headers["cache-control"].endswith(holds)
            assert {**body["event"], "address": None} == {**entry, "address": None}
            expected = place["block"] if entry["final"] else head["block"]
            assert body["index"]["block"] == expected
            assert entry["final"] == (holds == "immutable")
            assert (body["index"]["age"] == 0) == entry["final"]
            problem(client.get(f"{API}/events/{place['block']}/9999"), 404)


# --- limits ---


@pytest.fixture
def limited(story: Story, told: Database, tmp_path: Path) -> Iterator[TestClient]:
    """Three requests a minute."""
    app = create_app(settings(story, told, tmp_path, api_requests_per_minute=3))
    with TestClient(app, client=FROM) as client:
        yield client


def test_one_too_many(limited: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = {"method": "GET", "route": "none", "status": "429"}
    before = REGISTRY.get_sample_value("termin_http_request_seconds_count", labels) or 0
    tag = limited.get(f"{API}/contracts/1").headers["etag"]
    assert limited.get(f"{API}/contracts/1", headers={"If-None-Match": tag}).status_code == 304
    assert limited.get(f"{API}/nothing").status_code == 404
    response = limited.get(f"{API}/contracts/1")
    body = problem(response, 429)
    assert body["type"] == "urn:termin:problem:too-many-requests"
    assert body["detail"] == (
        "At most 3 requests a minute from one address are answered; try again in 20 seconds. "
        "What is wanted in whole is in the downloads."
    )
    assert body["requestId"] == response.headers["x-request-id"]
    assert response.headers["retry-after"] == "20"
    assert response.headers["ratelimit-policy"] == '"minute";q=3;w=60'
    assert response.headers["ratelimit"] == '"minute";r=0;t=20'
    assert response.headers["access-control-allow-origin"] == "*"
    assert REGISTRY.get_sample_value("termin_http_request_seconds_count", labels) == before + 1


def test_who_watches_and_who_reads_the_portal_is_not_limited(limited: TestClient) -> None:
    paths = ["/healthz", "/readyz", "/metrics", f"{API}/healthz", f"{API}/readyz", "/en/contracts"]
    for path in paths * 2:
        assert limited.get(path).status_code != 429
    assert [limited.get(f"{API}/totals").status_code for _ in range(4)] == [200, 200, 200, 429]
    for path in paths:
        assert limited.get(path).status_code != 429


def test_without_limit(story: Story, told: Database, tmp_path: Path) -> None:
    app = create_app(settings(story, told, tmp_path, api_requests_per_minute=0))
    with TestClient(app) as client:
        codes = {client.get(f"{API}/contracts/1").status_code for _ in range(1_300)}
    assert codes == {200}


def test_a_bucket_fills_evenly() -> None:
    now = [1_000 * SECOND]
    buckets = Buckets(60, lambda: now[0])
    for _ in range(60):
        buckets.take("a")
    with pytest.raises(TooManyRequestsError, match="try again in 1 seconds"):
        buckets.take("a")
    buckets.take("b")
    now[0] += 5 * SECOND // 2
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(TooManyRequestsError):
        buckets.take("a")
    now[0] += 60 * SECOND
    for _ in range(60):
        buckets.take("a")


@given(
    limit=st.integers(1, 10),
    gaps=st.lists(st.integers(0, 30 * SECOND), max_size=60),
)
def test_never_more_than_the_limit_at_once_and_as_much_again_a_minute(
    limit: int, gaps: list[int]
) -> None:
    now, taken = [0], []
    buckets = Buckets(limit, lambda: now[0])
    for gap in gaps:
        now[0] += gap
        try:
            buckets.take("a")
        except TooManyRequestsError as error:
            wait = int(error.headers["Retry-After"])
            assert 1 <= wait <= 60
            later = Buckets(limit, lambda: now[0] + wait * SECOND)  # noqa: B023
            later._full.update(buckets._full)
            later.take("a")
        else:
            taken.append(now[0])
    for start in taken:
        # A full bucket, and what fills it meanwhile.
        assert sum(start <= each < start + 60 * SECOND for each in taken) <= 2 * limit


def test_remembers_so_many_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "CLIENTS", 2)
    buckets = Buckets(1, lambda: 0)
    for client in "abc":
        buckets.take(client)
    assert len(buckets) == 2
    with pytest.raises(TooManyRequestsError):
        buckets.take("c")
    buckets.take("a")
    assert len(buckets) == 2


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%" + "x" * 100, "unknown"),
        ("fe80::1%eth0", "fe80::/64"),
        ("/run/socket", "unknown"),
    ],
)
def test_who_asks(host: str, client: str) -> None:
    assert client_of({"client": (host, 1)}) == client


def test_who_asks_by_a_socket() -> None:
    assert client_of({"client": None}) == "unknown"


@pytest.mark.parametrize(("proxies", "codes"), [("", [200, 429]), ("127.0.0.0/8", [200, 200])])
def test_a_proxy_is_believed_where_it_is_named(
    story: Story, told: Database, tmp_path: Path, proxies: str, codes: list[int]
) -> None:
    here = settings(story, told, tmp_path, api_requests_per_minute=1, trusted_proxies=proxies)
    port = free_port()
    app = create_app(here)
    with serving(app, "127.0.0.1", port, proxies=here.trusted_proxies):
        found = [
            httpx.get(
                f"http://127.0.0.1:{port}{API}/totals", headers={"X-Forwarded-For": client}
            ).status_code
            for client in ("192.0.2.1", "192.0.2.2")
        ]
    assert found == codes
