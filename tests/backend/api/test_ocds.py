"""Open data over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from support.standard import findings, needs_standard
from support.story import Story

from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once
from backend.ocds.packages import EXTENSIONS
from backend.ocds.records import record_lines
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
    for path in ("records", "records/1", "release-packages/1"):
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
def test_a_release_package_is_valid_as_it_is(api: TestClient) -> None:
    for number in range(1, 9):
        package = api.get(f"{BASE}/release-packages/{number}").json()
        assert findings(package) == {}
        record = api.get(f"{BASE}/records/{number}").json()["records"][0]
        assert package["releases"] == record["releases"]


@pytest.mark.parametrize("path", ["records/99", "release-packages/0", "records/0x1"])
def test_an_unknown_contract_is_not_found(api: TestClient, path: str) -> None:
    answer = api.get(f"{BASE}/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    name = path.split("/")[1]
    assert answer.json()["detail"] == (
        f"There is no contract {name!r}; expected its number or address."
    )


@pytest.mark.parametrize("path", ["records", "records/1", "release-packages/1"])
def test_unknown_parameters_are_refused(api: TestClient, path: str) -> None:
    answer = api.get(f"{BASE}/{path}", params={"year": "2024"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"parameter": "year", "detail": "Unknown parameter; expected at_block"}
    ]


@pytest.mark.parametrize("path", ["records", "records/1", "release-packages/1"])
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
        "/ocds/release-packages/{name}": ["application/json"],
    }


def test_an_answer_leaves_no_session_behind(api: TestClient) -> None:
    pool = api.app.state.services.database.engine.pool  # type: ignore[attr-defined]
    for path in ("records", "records/1", "records/99"):
        api.get(f"{BASE}/{path}")
        assert pool.checkedout() == 0
