"""problems
├── 404, 405, 422 as problem details, with what would be right
├── 422 for a cursor that nobody was given, whatever it says
├── 500 tells nothing of the inside
└── 503 while there is no index
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.problems import problem
from support.story import Story

from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database

API = "/api/v1"


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/contracts/99", "There is no contract '99'; expected its number or address."),
        ("/contracts/abc", "There is no contract 'abc'; expected its number or address."),
        ("/contracts/0/summary", "There is no contract '0'; expected its number or address."),
        ("/contracts/0/history", "There is no contract '0'; expected its number or address."),
        ("/participants/99", "There is no participant '99'; expected its number or id."),
        ("/documents/" + "0" * 64, f"The chain names no document '{'0' * 64}'."),
        ("/nothing", "There is nothing here; see /api/v1/openapi.json for what there is."),
    ],
)
def test_unknown(client: TestClient, path: str, detail: str) -> None:
    response = client.get(f"{API}{path}")
    body = problem(response, 404)
    assert body == {
        "type": "urn:termin:problem:not-found",
        "title": body["title"],
        "status": 404,
        "detail": detail,
        "instance": f"{API}{path}",
        "requestId": response.headers["x-request-id"],
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed(client: TestClient, method: str) -> None:
    response = client.request(method, f"{API}/contracts/1")
    body = problem(response, 405)
    assert body["detail"] == f"{method} is not possible here."
    assert response.headers["allow"] == "GET"


PARTICIPANT = "expected the number of a participant, or its id: 0x and 64 hexadecimal digits"


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("contracts?limit=0", "limit", "'0': input should be greater than or equal to 1"),
        ("contracts?limit=201", "limit", "'201': input should be less than or equal to 200"),
        ("contracts?limit=x", "limit", "'x': input should be a valid integer"),
        (
            "contracts?status=open",
            "status",
            "'open': input should be 'signed', 'active', 'completed', 'terminated' or 'closed'",
        ),
        ("contracts?" + "status=active&" * 6, "status", "list should have at most 5 items"),
        ("contracts.csv?" + "status=active&" * 6, "status", "list should have at most 5 items"),
        ("contracts?sort=age", "sort", "'age': input should be 'date', 'created', 'value', 'paid'"),
        ("contracts?order=up", "order", "'up': input should be 'asc' or 'desc'"),
        ("contracts?year=1969", "year", "'1969': input should be greater than or equal to 1970"),
        ("contracts?late=maybe", "late", "'maybe': input should be a valid boolean"),
        ("contracts?currency=pesos", "currency", "'pesos': expected a code of three capital"),
        ("contracts?buyer=Jaya", "buyer", f"'Jaya': {PARTICIPANT}"),
        ("contracts?buyer=99", "buyer", "There is no participant '99'; expected its number or id."),
        ("contracts?q=%00", "q", "expected text without NUL"),
        ("contracts?q=" + "x" * 201, "q", "string should have at most 200 characters"),
        ("contracts?after=%21", "after", "'!': expected `next` of the page before"),
        (
            "contracts?foo=1",
            "foo",
            "Unknown parameter; expected after, at_block, buyer",
        ),
        ("contracts?limit=1&limit=2", "limit", "Given more than once; expected one value"),
        ("contracts?valueFrom=5", "valueFrom", "expected together with `currency`"),
        ("contracts?valueTo=5", "valueTo", "expected together with `currency`"),
        (
            "contracts?valueFrom=5.001&currency=IDR",
            "valueFrom",
            "5.001 IDR; expected at most 2 digits after the point",
        ),
        (
            "contracts?valueTo=-5&currency=IDR",
            "valueTo",
            "expected an amount in major units such as 1500000.50",
        ),
        ("contracts?valueTo=5&currency=ZZZ", "valueTo", "'ZZZ'; expected a code of ISO 4217"),
        ("contracts?lateOver=30&late=false", "lateOver", "expected without late=false"),
        ("contracts.csv?lateOver=0", "lateOver", "greater than or equal to 1"),
        ("contracts/1?x=1", "x", "Unknown parameter; expected at_block"),
        ("payments?contract=99", "contract", "There is no contract '99'; expected its number"),
        ("payments?contract=x", "contract", "'x': expected the number of a contract, or its"),
        ("participants?role=king", "role", "'king': input should be 'buyer', 'supplier'"),
        ("budget-lines?year=70000", "year", "'70000': input should be less than or equal to 65535"),
        ("totals?buyer=99", "buyer", "There is no participant '99'"),
        ("documents/xyz", "digest", "'xyz': expected a SHA-256: 64 hexadecimal digits"),
        ("healthz?verbose=1", "verbose", "Unknown parameter; expected no parameters"),
    ],
)
def test_bad_parameters(client: TestClient, query: str, parameter: str, detail: str) -> None:
    body = problem(client.get(f"{API}/{query}"), 422)
    assert body["type"] == "urn:termin:problem:invalid-parameters"
    errors = {error["parameter"]: error["detail"] for error in body["errors"]}
    assert set(errors) == {parameter}
    assert detail in errors[parameter]


def test_all_at_once(client: TestClient) -> None:
    body = problem(client.get(f"{API}/contracts?limit=0&year=1&buyer=x"), 422)
    assert [error["parameter"] for error in body["errors"]] == ["buyer", "year", "limit"] or {
        error["parameter"] for error in body["errors"]
    } == {"buyer", "year", "limit"}


def test_a_cursor_of_another_order(client: TestClient) -> None:
    following = client.get(f"{API}/contracts?limit=1").json()["next"]
    body = problem(client.get(f"{API}/contracts?limit=1&order=asc&after={following}"), 422)
    assert body["type"] == "urn:termin:problem:invalid-cursor"
    assert "with the same `sort` and `order`" in body["detail"]


def made_up(*values: Any) -> str:
    """A cursor of a list that says anything."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("path", "sort", "key", "number"),
    [
        ("budget-lines", "year", 2**31, 1),
        ("budget-lines", "created", 2**63, 1),
        ("contracts", "created", 1, 2**63),
        ("contracts", "value", 2**128, 1),
        ("reorganizations", "number", 2**31, 1),
        ("reorganizations", "number", 1, 2**31),
    ],
)
def test_a_cursor_beyond_what_there_can_be(
    client: TestClient, path: str, sort: str, key: int, number: int
) -> None:
    order = "" if path == "reorganizations" else f"&sort={sort}"
    last = (min(key, 2**31 - 1), min(number, 2**31 - 1))
    for place, status in ((last, 200), ((key, number), 422)):
        after = made_up(sort, "desc", *place)
        answer = client.get(f"{API}/{path}?order=desc{order}&after={after}")
        assert answer.status_code == status, answer.text
    assert problem(answer, 422)["type"] == "urn:termin:problem:invalid-cursor"


@pytest.mark.parametrize("where", ["after", "Last-Event-ID"])
@pytest.mark.parametrize(
    "place",
    [("a", 0, ""), (None, 0, ""), ([], 0, ""), (True, 0, "ab"), (1, 2**31, "ab"), (1, 2**40, "ab")],
)
def test_a_cursor_of_the_feed_that_is_made_up(
    client: TestClient, place: tuple[Any, ...], where: str
) -> None:
    told = client.get(f"{API}/feed?limit=1").json()["next"]
    form, index, *_ = json.loads(base64.urlsafe_b64decode(told + "=="))
    cursor = made_up(form, index, *place, 0)
    if where == "after":
        answer = client.get(f"{API}/feed?after={cursor}")
    else:
        headers = {"Accept": "text/event-stream", where: cursor}
        answer = client.get(f"{API}/feed", headers=headers)
    assert problem(answer, 422)["errors"][0]["parameter"] == where


@pytest.mark.parametrize("path", ["reorganizations/99999999999", "events/1/99999999999"])
def test_numbers_beyond_what_there_can_be(client: TestClient, path: str) -> None:
    assert client.get(f"{API}/{path}").status_code in {404, 422}


NAMES = [
    "buyer", "supplier", "status", "currency", "year", "q", "late", "ocid", "contractId", "sort",
    "order", "limit", "after", "payee", "contract", "role", "standing", "organization", "scheme",
]  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150
)
@given(
    path=st.sampled_from(["contracts", "payments", "participants", "budget-lines", "totals"]),
    query=st.dictionaries(
        st.one_of(st.sampled_from(NAMES), st.text(max_size=5)),
        st.one_of(st.text(max_size=20), st.integers().map(str), st.sampled_from(["1", "asc"])),
        max_size=4,
    ),
)
def test_never_fails_otherwise(client: TestClient, path: str, query: dict[str, str]) -> None:
    response = client.get(f"{API}/{path}", params=query)
    assert response.status_code in {200, 422}
    if response.status_code == 422:
        problem(response, 422)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_name_is_answered(client: TestClient, name: str) -> None:
    from urllib.parse import quote

    for path in ("contracts", "participants", "documents"):
        response = client.get(f"{API}/{path}/{quote(name, safe='')}")
        assert response.status_code in {200, 404, 422}


def test_the_inside_stays_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from backend.api.routers import budget

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(budget, "totals", fail)
    response = client.get(f"{API}/totals")
    body = problem(response, 500)
    assert body["type"] == "urn:termin:problem:unexpected"
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert any("Unexpected error on /api/v1/totals" in m for m in caplog.messages)


PATHS = ["contracts", "contracts/1", "participants", "payments", "budget-lines", "totals"]


@pytest.mark.parametrize("path", [*PATHS, "documents/" + "0" * 64])
def test_no_database(story: Story, database: Database, tmp_path: Path, path: str) -> None:
    here = Settings(rpc_url=story.rpc.url, database_url=str(database.url), data_dir=tmp_path)
    with TestClient(create_app(here), raise_server_exceptions=False) as client:
        response = client.get(f"{API}/{path}")
        body = problem(response, 503)
        assert body["detail"] == "There is no index yet. Run `termin index` first."
        assert response.headers["retry-after"] == "5"
        assert not (tmp_path / "termin.db").exists()
        database.migrate()
        if not path.startswith("documents"):
            body = problem(client.get(f"{API}/{path}"), 503)
            assert body["type"] == "urn:termin:problem:index-empty"


def test_no_tables(story: Story, any_database: Database, tmp_path: Path) -> None:
    with any_database.engine.connect():
        pass
    url = any_database.url.render_as_string(hide_password=False)
    here = Settings(rpc_url=story.rpc.url, database_url=url, data_dir=tmp_path)
    with TestClient(create_app(here), raise_server_exceptions=False) as client:
        body = problem(client.get(f"{API}/contracts"), 503)
        assert body["type"] == "urn:termin:problem:database-unavailable"
        assert body["detail"] == "The database has no tables yet. Run `termin index` first."


def test_no_server(story: Story, tmp_path: Path) -> None:
    url = "postgresql://termin:secret@127.0.0.1:1/termin"
    here = Settings(rpc_url=story.rpc.url, database_url=url, data_dir=tmp_path)
    with TestClient(create_app(here), raise_server_exceptions=False) as client:
        response = client.get(f"{API}/contracts")
        problem(response, 503)
        assert "secret" not in response.text
