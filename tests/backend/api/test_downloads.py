"""Downloads over HTTP, on both databases."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from support.problems import problem
from support.story import NOW, Story

from backend.app import create_app
from backend.core.settings import Settings
from backend.db.session import Database

V1 = "/api/v1"


@pytest.fixture(scope="module")
def api(
    told: Database, story: Story, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The story on SQLite."""
    folder = tmp_path_factory.mktemp("downloads")
    settings = Settings(data_dir=folder, database_url=str(told.url))
    with TestClient(create_app(settings, clock=clock)) as found:
        yield found


def clock() -> datetime:
    """The moment at which the story is looked at."""
    return datetime.fromtimestamp(NOW, UTC)


def pages(client: TestClient, path: str, **query: Any) -> list[Any]:
    """All items of a list of the API."""
    items: list[Any] = []
    after: dict[str, str] = {}
    while True:
        answer = client.get(f"{V1}/{path}", params={**query, **after, "limit": 3}).json()
        items += answer[path]
        if answer["next"] is None:
            return items
        after = {"after": answer["next"]}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_everything_that_is_listed_is_there(client: TestClient) -> None:
    answer = client.get(f"{V1}/downloads")
    assert answer.status_code == 200
    body = answer.json()
    block = body["index"]["block"]
    site = client.app.state.services.settings.api  # type: ignore[attr-defined]
    found = [(d["name"], d["format"]) for d in body["downloads"] if d["year"] is None]
    assert found == [
        ("records", "jsonl.gz"),
        ("tables", "csv.zip"),
        ("tables", "xlsx"),
        ("contracts", "csv"),
        ("contracts", "xlsx"),
        ("payments", "csv"),
        ("payments", "xlsx"),
    ]
    assert sum(d["rows"] for d in body["downloads"] if d["name"] == "payments" and d["year"]) == (
        2 * len(pages(client, "payments"))
    )
    for download in body["downloads"]:
        if download["year"] is not None:
            continue
        path = download["url"].removeprefix(site)
        file = client.get(path)
        assert file.status_code == 200, path
        assert file.headers["content-type"].partition(";")[0] == download["mediaType"]
        assert f"-block-{block}." in file.headers["content-disposition"]
        assert count(file.content, download["format"]) == download["rows"], path


def count(content: bytes, form: str) -> int:
    """How many rows a file has."""
    if form == "jsonl.gz":
        return len(gzip.decompress(content).splitlines())
    if form == "csv.zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return len(rows(archive.read("releases.csv")))
    if form == "csv":
        return len(rows(content))
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].max_row - 1


def test_records_are_those_of_the_open_data(api: TestClient) -> None:
    file = api.get(f"{V1}/downloads/all/records.jsonl.gz")
    assert gzip.decompress(file.content) == api.get(f"{V1}/ocds/records").content


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("contracts", {"status": "closed"}),
        ("contracts", {"late": "true", "sort": "value", "order": "asc"}),
        ("payments", {"contract": "1"}),
        ("payments", {"currency": "MXN", "sort": "net"}),
    ],
)
def test_list_that_is_filtered_is_downloaded_so(
    api: TestClient, path: str, query: dict[str, str]
) -> None:
    items = pages(api, path, **query)
    assert 0 < len(items) < len(pages(api, path))
    found = rows(api.get(f"{V1}/{path}.csv", params=query).content)
    assert [int(row["Number"]) for row in found] == [item["number"] for item in items]
    amount = {"contracts": ("Value", "value"), "payments": ("Net", "net")}[path]
    assert [row[amount[0]] for row in found] == [item[amount[1]]["amount"] for item in items]


def test_lists_are_bounded_by_value_and_by_days_late(api: TestClient) -> None:
    every = pages(api, "contracts", currency="MXN")
    bound = sorted(Decimal(each["value"]["amount"]) for each in every)[len(every) // 2]
    above = [each for each in every if Decimal(each["value"]["amount"]) >= bound]
    below = [each for each in every if Decimal(each["value"]["amount"]) <= bound]
    assert 0 < len(above) < len(every)
    assert pages(api, "contracts", currency="MXN", valueFrom=str(bound)) == above
    assert pages(api, "contracts", currency="MXN", valueTo=str(bound)) == below
    longest = max(each["daysLate"] or 0 for each in pages(api, "contracts", late="true"))
    assert longest > 1
    late = [each for each in pages(api, "contracts") if (each["daysLate"] or 0) >= longest]
    assert pages(api, "contracts", lateOver=str(longest - 1)) == late
    assert pages(api, "contracts", lateOver=str(longest)) == []


def test_csv_is_compressed_for_whom_it_may_be(api: TestClient) -> None:
    plain = api.get(f"{V1}/payments.csv", headers={"Accept-Encoding": "identity"})
    packed = api.get(f"{V1}/payments.csv", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content
    assert {answer.headers["vary"] for answer in (plain, packed)} == {"Accept-Encoding"}


RECORDS = f"{V1}/downloads/all/records.jsonl.gz"


def test_file_that_is_known_is_not_sent_again_and_the_rest_of_a_broken_one_is(
    api: TestClient,
) -> None:
    path = RECORDS
    first = api.get(path)
    etag = first.headers["etag"]
    again = api.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    rest = api.get(path, headers={"Range": "bytes=100-"})
    assert rest.status_code == 206
    assert rest.content == first.content[100:]


@pytest.fixture(scope="module")
def records(api: TestClient) -> bytes:
    """A file as it is whole."""
    content: bytes = api.get(RECORDS).content
    assert len(content) > 1_000
    return content


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        (" BYTES = 5 - 5 ".replace(" - ", "-"), 5, 6),
        ("bytes=990-", 990, None),
        ("bytes=-5", -5, None),
        ("bytes=10-999999999999999999", 10, None),
        ("bytes=-999999999999999999", 0, None),
        ("bytes=3-4, 999999999-, -0", 3, 5),
    ],
)
def test_part_of_a_file(
    api: TestClient, records: bytes, asked: str, start: int, end: int | None
) -> None:
    answer = api.get(RECORDS, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, records[start:end])
    assert answer.headers["content-range"].endswith(f"/{len(records)}")


def test_several_parts_of_a_file(api: TestClient, records: bytes) -> None:
    answer = api.get(RECORDS, headers={"Range": "bytes=0-1,5-6,999999999-"})
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")
    assert (answer.content.count(records[:2]), answer.content.count(records[5:7])) == (1, 1)


@pytest.mark.parametrize(
    "asked",
    [
        "items=0-1",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=--1",
        "bytes=5-2",
        "bytes=0-1,a",
        "bytes=\u00b2-",
        "bytes=" + "9" * 5_000 + "-",
        "bytes=" + ",".join(["0-1"] * 101),
    ],
)
def test_what_asks_for_no_part_is_passed_over(api: TestClient, records: bytes, asked: str) -> None:
    answer = api.get(RECORDS, headers={"Range": asked.encode("latin-1")})
    assert (answer.status_code, answer.content) == (200, records)


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes=-0", "bytes={size}-,999999-9999999"])
def test_part_that_there_is_not(api: TestClient, records: bytes, asked: str) -> None:
    headers = {"Range": asked.format(size=len(records))}
    answer = api.get(RECORDS, headers=headers)
    body = problem(answer, 416)
    assert body["type"] == "urn:termin:problem:range-not-satisfiable"
    assert body["detail"] == f"The file has {len(records)} bytes, and none of those asked for."
    assert answer.headers["content-range"] == f"bytes */{len(records)}"
    # A part of another one is not asked for.
    other = api.get(RECORDS, headers=headers | {"If-Range": 'W/"other"'})
    assert (other.status_code, other.content) == (200, records)


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        (
            "downloads/1999/tables.xlsx",
            404,
            "No contract was signed in 1999; /api/v1/downloads names the years there are.",
        ),
        (
            "downloads/26/tables.xlsx",
            422,
            "period: '26': expected a year from 1970 to 9999, or all",
        ),
        (
            "downloads/all/tables.ods",
            422,
            "name: 'tables.ods': input should be 'records.jsonl.gz', 'tables.csv.zip' or",
        ),
        ("downloads?year=2024", 422, "year: Unknown parameter; expected no parameters"),
        (
            "payments.csv?limit=5",
            422,
            "limit: Unknown parameter; expected buyer, contract, currency, order, payee,",
        ),
        ("contracts.xlsx?buyer=99", 422, "buyer: There is no participant '99'; expected its"),
        ("payments.xlsx?contract=99", 422, "contract: There is no contract '99'; expected its"),
    ],
)
def test_what_is_not_there_is_refused(api: TestClient, path: str, status: int, detail: str) -> None:
    answer = api.get(f"{V1}/{path}")
    assert answer.status_code == status
    assert answer.json()["detail"].startswith(detail)


@pytest.mark.parametrize(
    "path", ["downloads", "downloads/all/tables.csv.zip", "contracts.csv", "payments.xlsx"]
)
def test_without_an_index_it_says_what_to_do(tmp_path: Path, path: str) -> None:
    with TestClient(create_app(Settings(data_dir=tmp_path, database_url=""))) as client:
        answer = client.get(f"{V1}/{path}")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "There is no index yet. Run `termin index` first."


def test_download_leaves_no_session_behind(api: TestClient) -> None:
    pool = api.app.state.services.database.engine.pool  # type: ignore[attr-defined]
    for path in ("downloads", "downloads/all/records.jsonl.gz", "contracts.csv?status=closed"):
        assert api.get(f"{V1}/{path}").status_code == 200
        assert pool.checkedout() == 0
