"""GET
├── answers with the rows of the queries, money as text, each with its source
├── page by page
├── again, unchanged: 304 until a block or a document comes, or a minute passes
├── HEAD: the same without a body
└── the OpenAPI description: everything has words and an example that is true
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from support.problems import problem
from support.story import NOW, Story
from support.works import LAST_DAY, Works
from support.works import START as WORKS_START
from support.works_rows import NAMES

from backend.api.application import create_api
from backend.api.examples import EXAMPLES, PROBLEM
from backend.api.problems import Problem
from backend.api.schemas import answers, downloads, feed, reorganizations
from backend.api.services import Services, matches
from backend.app import create_app
from backend.core.settings import Settings
from backend.db.models import Cursor
from backend.db.session import Database

API = "/api/v1"


def get(client: TestClient, path: str) -> Any:
    """The JSON that a path answers with."""
    response = client.get(f"{API}{path}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def test_contracts(story: Story, client: TestClient) -> None:
    body = get(client, "/contracts?sort=created&order=asc")
    assert body["next"] is None
    assert body["index"]["block"] == int(story.rpc.call("eth_blockNumber"), 16)
    assert [row["contractId"] for row in body["contracts"]] == list(story.contracts)
    road = body["contracts"][0]
    assert (road["number"], road["address"]) == (1, story.contracts["road"].address)
    assert (road["title"], road["status"]) == ("Road Sukamaju–Cibeureum", "active")
    assert road["value"] == {"amount": "1100.00", "currency": "MXN"}
    assert road["paid"] == {"amount": "100.50", "currency": "MXN"}
    assert (road["late"], road["daysLate"]) == (True, 380)
    assert road["nextDueAt"] == "2024-01-21T00:00:00Z"
    assert road["buyer"]["name"] == "Kabupaten Sukamaju"
    assert set(road["source"]) == {"block", "transaction", "logIndex"}
    receipt = story.rpc.call("eth_getTransactionReceipt", road["source"]["transaction"])
    places = [(int(x["blockNumber"], 16), int(x["logIndex"], 16)) for x in receipt["logs"]]
    assert (road["source"]["block"], road["source"]["logIndex"]) in places


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("late=true&sort=created&order=asc", ["road", "school", "unfunded"]),
        ("status=closed&status=signed&currency=MXN&sort=value", ["dropped", "unfunded", "forever"]),
        ("q=jose%20nandu&sort=title&order=asc", ["clinic", "school"]),
        ("ocid=ocds-road&contractId=road", ["road"]),
        ("year=2023", ["road"]),
        ("year=9999", ["forever"]),
        ("buyer=2&order=asc", ["clinic", "bridge"]),
        ("limit=1&sort=paid", ["bridge"]),
    ],
)
def test_lists_what_is_asked_for(client: TestClient, query: str, names: list[str]) -> None:
    rows = get(client, f"/contracts?{query}")["contracts"]
    assert [row["contractId"] for row in rows] == names


@pytest.mark.parametrize(
    ("path", "rows"),
    [("contracts", 8), ("payments", 8), ("participants", 13), ("budget-lines", 6)],
)
def test_page_by_page(client: TestClient, path: str, rows: int) -> None:
    name = "budgetLines" if path == "budget-lines" else path
    whole = get(client, f"/{path}")[name]
    found: list[Any] = []
    after = ""
    while True:
        body = get(client, f"/{path}?limit=2{after}")
        found += body[name]
        if body["next"] is None:
            break
        after = f"&after={body['next']}"
    assert found == whole
    assert len(found) == rows


def test_a_contract(story: Story, client: TestClient) -> None:
    body = get(client, "/contracts/1")
    assert get(client, f"/contracts/{story.contracts['road'].address}") == body
    listed = get(client, "/contracts?contractId=road")["contracts"][0]
    assert body["contract"] == listed
    assert body["content"]["description"] == "Asphalt, 4 km"
    assert [m["waitsFor"] for m in body["milestones"]] == [
        None,
        "supplier",
        "committee",
        "supplier",
    ]
    assert body["payments"][0]["net"] == {"amount": "100.50", "currency": "MXN"}
    assert body["payments"][0]["paidAt"] == "2024-01-06T00:00:00Z"
    assert body["money"]["held"] == {"amount": "999.50", "currency": "MXN"}
    assert [p["number"] for p in body["inspectors"]] == [13]
    amended = get(client, "/contracts/3")
    assert [a["status"] for a in amended["amendments"]] == ["void", "enacted"]
    assert amended["amendments"][1]["value"] == {"amount": "8.75", "currency": "MXN"}


@pytest.fixture
def works_client(works: Works, worked: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The works, as they are seen when all is over."""
    now = datetime.fromtimestamp(WORKS_START + LAST_DAY * 86_400, UTC)
    here = Settings(rpc_url=works.rpc.url, database_url=str(worked.url), data_dir=tmp_path)
    with TestClient(create_app(here, clock=lambda: now)) as found:
        yield found


def minor(money: dict[str, str]) -> int:
    """An amount of two decimals in minor units."""
    return int(money["amount"].replace(".", ""))


def test_contracts_with_all_that_real_ones_have(works_client: TestClient) -> None:
    bodies = {name: get(works_client, f"/contracts/{i}") for i, name in enumerate(NAMES, 1)}
    for body in bodies.values():
        summary = body["contract"]
        gone = sum(minor(summary[name]) for name in ("paid", "owed", "refunded"))
        assert minor(summary["funded"]) == gone + minor(body["money"]["held"])
        for payment in body["payments"]:
            assert minor(payment["gross"]) == sum(minor(p["amount"]) for p in payment["parts"])
    plant = bodies["plant"]
    assert plant["conditions"]["retentionRate"] == "0.0500"
    assert plant["conditions"]["interestRate"] == "0.000300"
    assert plant["conditions"]["taxes"][0]["numerator"] == 11
    accepted = plant["payments"][1]
    assert (accepted["basis"], accepted["lateDays"], accepted["milestone"]) == ("acceptance", 3, 0)
    assert accepted["parts"][2] == {
        "part": "damages",
        "amount": {"amount": "12.00", "currency": "IDR"},
        "status": "withheld",
        "recipient": None,
        "account": None,
        "paidAt": None,
        "condition": "damagesRate",
        "rate": "0.001000",
        "base": "gross",
        "days": 3,
        "source": accepted["source"],
    }
    assert plant["payments"][0]["milestone"] is None
    assert plant["finalAccount"]["refunded"] == {"amount": "512.00", "currency": "IDR"}
    assert [g["status"] for g in plant["guarantees"]][:2] == ["replaced", "expired"]
    dam = bodies["dam"]
    assert [d["status"] for d in dam["disputes"]] == [
        "settled",
        "ruled",
        "defaulted",
        "ruled",
        "dropped",
    ]
    assert dam["termination"]["ground"] == "by-agreement"
    assert [s["kind"] for s in bodies["pier"]["stops"]] == [
        "hold",
        "suspension",
        "hold",
        "suspension",
    ]
    quay = bodies["quay"]
    assert [a["status"] for a in quay["amendments"]] == ["void", "enacted", "expired"]
    assert quay["milestones"][2]["status"] == "owed"
    assert bodies["lock"]["contract"]["status"] == "terminated"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=owed", [20]),
        ("recipient=7&order=asc", [3]),
        ("contract=1&sort=net&limit=2", [2, 1]),
        ("contract=1&sort=gross&order=asc&limit=1", [5]),
    ],
)
def test_payments_that_are_asked_for(
    works_client: TestClient, query: str, numbers: list[int]
) -> None:
    found = get(works_client, f"/payments?{query}")["payments"]
    assert [row["number"] for row in found] == numbers


def test_its_history(client: TestClient) -> None:
    history = get(client, "/contracts/1/history")["history"]
    assert history[0]["event"] == "AgreementCreated"
    assert history[0]["arguments"]["terms"]["value"] == "110000"
    places = [(e["source"]["block"], e["source"]["logIndex"]) for e in history]
    assert places == sorted(places)


def test_large_money_is_whole(client: TestClient) -> None:
    body = get(client, "/payments?currency=KWD&sort=net")
    assert body["payments"][0]["net"]["amount"] == "1237940039285380274899124.224"
    totals = {row["currency"]: row for row in get(client, "/totals")["totals"]}
    assert totals["KWD"]["paid"]["amount"] == "1237940039285380274899124.224"
    assert totals["KWD"]["held"]["amount"] == "0.001"
    assert totals["JPY"]["value"] == {"amount": "1000", "currency": "JPY"}
    assert (totals["MXN"]["contracts"], totals["MXN"]["late"]) == (6, 3)


def test_participants(story: Story, client: TestClient) -> None:
    jose = story.people["jose"].hex
    body = get(client, f"/participants/{jose}")
    assert body == get(client, f"/participants/{body['participant']['number']}")
    assert body["participant"]["name"] == "José Ñandú 100%_ S.A."
    assert body["participant"]["standing"] == "debarred"
    assert body["totals"][0]["paid"] == {"amount": "1000", "currency": "JPY"}
    assert body["history"][-1]["event"] == "ParticipantStandingChanged"
    listed = get(client, "/participants?q=nandu")["participants"]
    assert listed == [body["participant"]]
    offices = get(client, "/participants?organization=1&role=committee")["participants"]
    assert len(offices) == 3


def test_payments_and_budget_lines(story: Story, client: TestClient) -> None:
    sub = story.people["sub"].hex
    assert [p["number"] for p in get(client, f"/payments?payee={sub}")["payments"]] == [4]
    assert [p["number"] for p in get(client, "/payments?contract=2&order=asc")["payments"]] == [
        2,
        3,
    ]
    assert len(get(client, "/payments?year=2024&currency=MXN&buyer=1")["payments"]) == 4
    lines = get(client, "/budget-lines?buyer=1&year=2024&currency=MXN")["budgetLines"]
    assert [line["committed"]["amount"] for line in lines] == ["1114.76"]
    [line] = lines
    for name in (line["number"], line["id"], line["id"].upper().replace("X", "x")):
        assert get(client, f"/budget-lines/{name}")["budgetLine"] == line
    for name in ("99", "0", "x", "0x" + "0" * 64):
        body = problem(client.get(f"{API}/budget-lines/{name}"), 404)
        assert body["detail"].startswith(f"There is no budget line '{name}'")


# --- unchanged ---


def test_unchanged_until_something_comes(client: TestClient, any_database: Database) -> None:
    first = client.get(f"{API}/contracts")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["last-modified"] == "Sat, 06 Jan 2024 00:00:00 GMT"
    again = client.get(f"{API}/contracts", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(f"{API}/contracts", headers={"If-None-Match": '"x"'}).status_code == 200
    for change in ({"documents_revision": 1}, {"block": 10_000}, {"block_hash": "0x" + "9" * 64}):
        with any_database.transaction() as session:
            session.execute(update(Cursor).values(**change))
        changed = client.get(f"{API}/contracts", headers={"If-None-Match": tag})
        assert changed.status_code == 200
        tag = changed.headers["etag"]


def test_changed_when_a_minute_has_passed(story: Story, told: Database, tmp_path: Path) -> None:
    now = [datetime.fromtimestamp(NOW, UTC)]
    settings = Settings(rpc_url=story.rpc.url, database_url=str(told.url), data_dir=tmp_path)
    with TestClient(create_app(settings, clock=lambda: now[0])) as client:
        tag = client.get(f"{API}/totals").headers["etag"]
        now[0] += timedelta(seconds=59)
        assert client.get(f"{API}/totals", headers={"If-None-Match": tag}).status_code == 304
        now[0] += timedelta(seconds=1)
        assert client.get(f"{API}/totals", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("header", "same"),
    [
        (None, False),
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        (" * ", True),
        ("W/*", False),
        ('*, "b"', False),
        ('"b"', False),
    ],
)
def test_matching(header: str | None, same: bool) -> None:
    assert matches(header, 'W/"a"') is same


@pytest.mark.parametrize("path", ["/api/v1/contracts", "/healthz", "/api/v1/contracts/99"])
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    whole, head = client.get(path, headers=plain), client.head(path, headers=plain)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["content-type"] == whole.headers["content-type"]


# --- described ---


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The OpenAPI description; needs neither node nor database."""
    folder = tmp_path_factory.mktemp("data")
    found: dict[str, Any] = create_api(Services(Settings(data_dir=folder))).openapi()
    return found


def test_is_served(client: TestClient, schema: dict[str, Any]) -> None:
    served = get(client, "/openapi.json")
    assert served["paths"] == schema["paths"]
    assert served["servers"] == [{"url": "/api/v1"}]


def test_is_whole_for_all_who_ask_first(schema: dict[str, Any], tmp_path: Path) -> None:
    api = create_api(Services(Settings(data_dir=tmp_path)))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: api.openapi(), range(4))) == [schema] * 4


def test_everything_has_words(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (path, method)
            assert operation["description"], (path, method)
            for parameter in operation.get("parameters", []):
                assert parameter["description"], (path, parameter["name"])
            assert {"500", "503"} <= set(operation["responses"]) or path == "/healthz"
    for name, model in schema["components"]["schemas"].items():
        assert model["description"], name
        for field, details in model["properties"].items():
            assert details.get("description") or "$ref" in details, (name, field)


def test_no_path_but_documents_changes_anything(schema: dict[str, Any]) -> None:
    methods = {(p, m) for p, operations in schema["paths"].items() for m in operations}
    assert {pair for pair in methods if pair[1] != "get"} == {("/documents/{digest}", "put")}


MODELS = {
    "/contracts": answers.ContractList,
    "/contracts/{name}": answers.ContractDetail,
    "/contracts/{name}/summary": answers.ContractShort,
    "/contracts/{name}/history": answers.ContractHistory,
    "/participants": answers.ParticipantList,
    "/participants/{name}": answers.ParticipantDetail,
    "/payments": answers.PaymentList,
    "/payments/{number}": answers.PaymentDetail,
    "/events/{block}/{log_index}": answers.EventDetail,
    "/budget-lines": answers.BudgetLineList,
    "/budget-lines/{name}": answers.BudgetLineDetail,
    "/totals": answers.Totals,
    "/reorganizations": reorganizations.ReorganizationList,
    "/reorganizations/{number}": reorganizations.ReorganizationDetail,
    "/downloads": downloads.DownloadList,
    "/feed": feed.Feed,
    "/healthz": answers.Health,
    "/readyz": answers.Readiness,
}


def test_every_answer_has_an_example(schema: dict[str, Any]) -> None:
    assert set(EXAMPLES) == set(MODELS)
    for path, operations in schema["paths"].items():
        answer = operations["get"]["responses"]["200"]["content"]
        if "$ref" in answer.get("application/json", {}).get("schema", {}):
            assert answer["application/json"]["example"] == EXAMPLES[path]


@pytest.mark.parametrize("path", MODELS)
def test_examples_are_what_the_api_would_say(path: str) -> None:
    read = MODELS[path].model_validate(EXAMPLES[path])
    assert read.model_dump(mode="json", by_alias=True) == EXAMPLES[path]


def test_the_example_of_a_problem_is_one() -> None:
    read = Problem.model_validate(PROBLEM)
    assert read.model_dump(by_alias=True, exclude_none=True) == PROBLEM


def test_problems_are_described(schema: dict[str, Any]) -> None:
    names = set(schema["components"]["schemas"])
    assert {"Problem", "FieldProblem"} <= names
    assert not names & {"HTTPValidationError", "ValidationError"}
    missing = schema["paths"]["/contracts/{name}"]["get"]["responses"]["404"]["content"]
    problem = {"$ref": "#/components/schemas/Problem"}
    assert missing["application/problem+json"]["schema"] == problem
