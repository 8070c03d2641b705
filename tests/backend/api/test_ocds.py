"""Open data over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from support.problems import problem
from support.standard import findings, needs_standard
from support.story import Story

from backend.api.ocds_examples import (
    ONE_RELEASE,
    RECORD,
    RECORD_PACKAGE,
    RECORD_PAGE,
    RELEASE_ID,
    RELEASE_PACKAGE,
)
from backend.api.routers import ocds
from backend.api.services import Services
from backend.api.streams import STREAMS
from backend.app import create_app
from backend.core.settings import Settings
from backend.db.models import Agreement
from backend.db.session import Database
from backend.indexer import index_once
from backend.ocds.identifiers import release_id
from backend.ocds.packages import EXTENSIONS
from backend.ocds.records import compiled, record_lines
from backend.queries.index import index_state

BASE = "/api/v1/ocds"
BIG = Decimal("1237940039285380274899124.224")


@pytest.fixture(scope="module")
def settings(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("api-ocds")
    found = Settings(
        data_dir=folder,
        database_url="",
        api_url="https://termin.example",
        publisher_name="Kabupaten Sukamaju",
        publisher_uri="https://sukamaju.example",
        license_uri="https://creativecommons.org/licenses/by/4.0/",
        publication_policy_uri="https://sukamaju.example/policy",
    )
    database = Database(found.database)
    index_once(database, story.rpc, story.world.deployment, story.store)
    database.close()
    return found


@pytest.fixture(scope="module")
def api(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client


def exact(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def test_all_records_are_json_lines_and_the_same_as_the_export(
    api: TestClient, settings: Settings
) -> None:
    answer = api.get(f"{BASE}/records")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    database = Database(settings.database)
    with database.reading() as session:
        assert answer.content == b"".join(record_lines(session, index_state(session)))
    database.close()


def test_an_answer_that_is_known_is_not_sent_again(api: TestClient) -> None:
    etag = api.get(f"{BASE}/records").headers["etag"]
    for path in ("records", "records/1", "record-packages", "release-packages/1"):
        answer = api.get(f"{BASE}/{path}", headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content) == (304, b"")


def test_one_record_comes_in_a_package(api: TestClient, story: Story) -> None:
    answer = api.get(f"{BASE}/records/4")
    assert answer.headers["content-type"] == "application/json"
    package = exact(answer.text)
    (record,) = package.pop("records")
    published = package.pop("publishedDate")
    assert package == {
        "uri": "https://termin.example/api/v1/ocds/records/4",
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publisher": {"name": "Kabupaten Sukamaju", "uri": "https://sukamaju.example"},
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "publicationPolicy": "https://sukamaju.example/policy",
    }
    head = story.rpc.call("eth_getBlockByNumber", "latest", False)
    state = api.get("/api/v1/totals").json()["index"]
    assert state["block"] <= int(head["number"], 16)
    assert published == state["time"]
    (transaction,) = record["compiledRelease"]["contracts"][0]["implementation"]["transactions"]
    assert transaction["value"] == {"amount": BIG, "currency": "KWD"}
    lines = api.get(f"{BASE}/records").text.splitlines()
    assert exact(lines[3]) == record
    address = story.contracts["bridge"].address
    assert api.get(f"{BASE}/records/{address}").text == answer.text


@needs_standard
def test_packages_are_valid_as_they_are(api: TestClient) -> None:
    for number in range(1, 9):
        package = api.get(f"{BASE}/release-packages/{number}").json()
        assert findings(package) == {}
        records = api.get(f"{BASE}/records/{number}").json()
        assert findings(records) == {}
        assert package["releases"] == records["records"][0]["releases"]


def test_a_record_links_to_its_releases_and_each_link_leads_to_the_release(
    api: TestClient,
) -> None:
    for number in range(1, 9):
        package = api.get(f"{BASE}/records/{number}", params={"releases": "linked"}).json()
        assert package["uri"] == (
            f"https://termin.example/api/v1/ocds/records/{number}?releases=linked"
        )
        whole = api.get(f"{BASE}/records/{number}").json()["records"][0]
        (record,) = package["records"]
        assert record["compiledRelease"] == whole["compiledRelease"]
        for link, release in zip(record["releases"], whole["releases"], strict=True):
            url, _, fragment = link["url"].partition("#")
            found = api.get(url.removeprefix("https://termin.example")).json()
            assert (found["uri"], found["releases"]) == (url, [release])
            assert fragment == release["id"]
            assert link == {"url": link["url"], "date": release["date"], "tag": release["tag"]}


@needs_standard
def test_links_and_single_releases_are_valid(api: TestClient) -> None:
    package = api.get(f"{BASE}/records/3", params={"releases": "linked"}).json()
    assert findings(package) == {}
    for link in package["records"][0]["releases"]:
        assert findings(api.get(link["url"].removeprefix("https://termin.example")).json()) == {}


def test_all_lines_may_have_links(api: TestClient) -> None:
    lines = api.get(f"{BASE}/records", params={"releases": "linked"}).text.splitlines()
    pages = [
        api.get(f"{BASE}/records/{number}", params={"releases": "linked"}).text
        for number in range(1, 9)
    ]
    assert [exact(line) for line in lines] == [exact(page)["records"][0] for page in pages]


@pytest.mark.parametrize("releases", ["embedded", "linked"])
@pytest.mark.parametrize("limit", [1, 3, 8, 100])
def test_record_packages_lead_from_one_to_the_next(
    api: TestClient, releases: str, limit: int
) -> None:
    address = f"{BASE}/record-packages?limit={limit}&releases={releases}"
    records, sizes = [], []
    while address:
        answer = api.get(address)
        records += answer.json()["records"]
        sizes.append(len(answer.json()["records"]))
        following = answer.links.get("next", {}).get("url", "")
        address = following.removeprefix("https://termin.example")
    lines = api.get(f"{BASE}/records", params={"releases": releases}).text.splitlines()
    assert records == [json.loads(line) for line in lines]
    assert sizes == {1: [1] * 8, 3: [3, 3, 2], 8: [8], 100: [8]}[limit]


def test_a_page_says_where_it_is_and_where_the_next_one_is(api: TestClient) -> None:
    base = "https://termin.example/api/v1/ocds/record-packages"
    answer = api.get(f"{BASE}/record-packages")
    assert answer.json()["uri"] == f"{base}?after=0&limit=20"
    assert "link" not in answer.headers
    block = answer.headers["termin-block"]
    asked = f"limit=2&releases=linked&at_block={block}"
    answer = api.get(f"{BASE}/record-packages?after=2&{asked}")
    assert answer.json()["uri"] == f"{base}?after=2&{asked}"
    assert answer.headers["link"] == f'<{base}?after=4&{asked}>; rel="next"'


@needs_standard
def test_a_page_is_valid(api: TestClient) -> None:
    assert findings(api.get(f"{BASE}/record-packages?limit=2").json()) == {}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("record-packages?limit=0", "limit"),
        ("record-packages?limit=101", "limit"),
        ("record-packages?after=-1", "after"),
        ("record-packages?after=x", "after"),
        ("record-packages?releases=none", "releases"),
        ("records?releases=", "releases"),
        ("records/1?releases=linked&releases=linked", "releases"),
        ("releases/ocds-1-1-1?releases=linked", "releases"),
    ],
)
def test_what_cannot_be_asked_is_refused(api: TestClient, query: str, parameter: str) -> None:
    answer = api.get(f"{BASE}/{query}")
    assert answer.status_code == 422
    assert [each["parameter"] for each in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    "name", ["ocds-none-1-0", "x", "a/b/c", "%00-1-2", "%F0%90", "ocds-road-1-"]
)
def test_an_unknown_release_is_not_found(api: TestClient, name: str) -> None:
    answer = api.get(f"{BASE}/releases/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("There is no release '")


def test_an_ocid_with_any_characters_has_links_that_lead_there(
    story: Story, tmp_path: Path
) -> None:
    here = Settings(data_dir=tmp_path, database_url="", api_url="https://termin.example")
    database = Database(here.database)
    index_once(database, story.rpc, story.world.deployment, story.store)
    odd = "ocds-1/2?x=#&% ä"
    with database.transaction() as session:
        session.execute(update(Agreement).where(Agreement.number == 1).values(ocid=odd))
    database.close()
    with TestClient(create_app(here)) as client:
        (record,) = client.get(f"{BASE}/records/1?releases=linked").json()["records"]
        (whole,) = client.get(f"{BASE}/records/1").json()["records"]
        for link, release in zip(record["releases"], whole["releases"], strict=True):
            assert release["ocid"] == odd
            url = link["url"].removeprefix("https://termin.example")
            assert client.get(url).json()["releases"] == [release]


@needs_standard
@pytest.mark.parametrize("example", [RECORD_PACKAGE, RELEASE_PACKAGE, ONE_RELEASE])
def test_the_examples_are_valid(example: Any) -> None:
    assert findings(example) == {}


def test_the_examples_are_what_the_api_would_say(api: TestClient) -> None:
    releases = RECORD["releases"]
    assert RECORD["compiledRelease"] == compiled(releases)
    for release in releases:
        content = {name: value for name, value in release.items() if name != "id"}
        assert release["id"] == release_id(int(release["id"].split("-")[-2]), content)
    assert ONE_RELEASE["uri"].endswith(f"/{RELEASE_ID}")
    described = api.get("/api/v1/openapi.json").json()["paths"]
    shown = {
        path: next(iter(described[path]["get"]["responses"]["200"]["content"].values()))["example"]
        for path in described
        if path.startswith("/ocds")
    }
    assert json.loads(shown.pop("/ocds/records")) == RECORD
    assert shown == {
        "/ocds/records/{name}": RECORD_PACKAGE,
        "/ocds/record-packages": RECORD_PAGE,
        "/ocds/release-packages/{name}": RELEASE_PACKAGE,
        "/ocds/releases/{release}": ONE_RELEASE,
    }


@pytest.mark.parametrize("path", ["records/99", "release-packages/0", "records/0x1"])
def test_an_unknown_contract_is_not_found(api: TestClient, path: str) -> None:
    answer = api.get(f"{BASE}/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    name = path.split("/")[1]
    assert answer.json()["detail"] == (
        f"There is no contract {name!r}; expected its number or address."
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("records", "at_block, releases"),
        ("records/1", "at_block, releases"),
        ("record-packages", "after, at_block, limit, releases"),
        ("release-packages/1", "at_block"),
        ("releases/x", "at_block"),
    ],
)
def test_unknown_parameters_are_refused(api: TestClient, path: str, expected: str) -> None:
    answer = api.get(f"{BASE}/{path}", params={"unknown": "2024"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"parameter": "unknown", "detail": f"Unknown parameter; expected {expected}"}
    ]


@pytest.mark.parametrize(
    "path", ["records", "records/1", "record-packages", "release-packages/1", "releases/x"]
)
def test_without_an_index_it_says_what_to_do(tmp_path: Path, path: str) -> None:
    settings = Settings(data_dir=tmp_path, database_url="")
    with TestClient(create_app(settings)) as client:
        answer = client.get(f"{BASE}/{path}")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "There is no index yet. Run `termin index` first."


def test_openapi_describes_what_is_sent(api: TestClient) -> None:
    paths = api.get("/api/v1/openapi.json").json()["paths"]
    sent = {
        path: list(paths[path]["get"]["responses"]["200"]["content"])
        for path in paths
        if path.startswith("/ocds")
    }
    assert sent == {
        "/ocds/records": ["application/x-ndjson"],
        "/ocds/records/{name}": ["application/json"],
        "/ocds/record-packages": ["application/json"],
        "/ocds/releases/{release}": ["application/json"],
        "/ocds/release-packages/{name}": ["application/json"],
    }


def test_an_answer_leaves_no_session_behind(api: TestClient) -> None:
    pool = api.app.state.services.database.engine.pool  # type: ignore[attr-defined]
    for path in ("records", "records/1", "records/99"):
        api.get(f"{BASE}/{path}")
        assert pool.checkedout() == 0


def test_all_records_are_sent_to_so_many_readers_at_once(settings: Settings) -> None:
    application = create_app(settings)
    services: Services = application.state.services
    with TestClient(application) as client:
        with ExitStack() as others:
            for number in range(STREAMS):
                assert client.get(f"{BASE}/records").status_code == 200
                others.enter_context(services.streaming.place(f"192.0.2.{number}"))
            body = problem(client.get(f"{BASE}/records"), 503)
            assert body["type"] == "urn:termin:problem:streams-busy"
            assert body["detail"].startswith(f"{STREAMS} readers take in all records here, and")
            assert client.get(f"{BASE}/record-packages").status_code == 200
        assert client.get(f"{BASE}/records").status_code == 200


def test_who_takes_in_all_records_has_a_place_meanwhile(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = create_app(settings)
    services: Services = application.state.services
    taken: list[int] = []

    def lines(*_: Any) -> Iterator[bytes]:
        taken.append(services.streaming._taken.total())
        yield b"{}"

    monkeypatch.setattr(ocds, "record_lines", lines)
    with TestClient(application) as client:
        assert client.get(f"{BASE}/records").content == b"{}"
    assert taken == [1]
