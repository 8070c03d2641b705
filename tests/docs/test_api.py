"""docs/api.md: each example is run as it stands, and what it names is there."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from support.node import anvil, free_port
from support.works_played import play

from backend.api.application import create_api
from backend.api.services import AN_HOUR, IMMUTABLE, Services
from backend.app import create_app
from backend.chain.rpc import Rpc
from backend.cli.server import serving
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once
from backend.queries.pages import LARGEST_PAGE

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
SERVER = "http://127.0.0.1:8000"

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None, reason="curl is not installed: no curl on the PATH"
)


def examples(heading: str, language: str) -> list[str]:
    """The examples of a section, or of what is before the first."""
    section = TEXT.partition(f"## {heading}\n")[2] if heading else TEXT
    return re.findall(rf"```{language}\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on contracts that have all that real ones have."""
    folder = tmp_path_factory.mktemp("api")
    with anvil() as url, Rpc(url) as rpc:
        works = play(rpc, DocumentStore(folder / "documents"))
        here = Settings(rpc_url=url, data_dir=folder)
        database = Database(here.database)
        index_once(database, rpc, works.world.deployment, works.store)
        database.close()
        port = free_port()
        with serving(create_app(here), "127.0.0.1", port):
            yield f"http://127.0.0.1:{port}"


def run(server: str, code: str, language: str, folder: Path | None = None) -> str:
    """What an example prints; it must end well. Files that it writes are put into `folder`."""
    commands = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}
    command = [*commands[language], code.replace(SERVER, server)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def answers(printed: str) -> list[dict[str, Any]]:
    """Several JSON objects, one after the other."""
    found, decoder = [], json.JSONDecoder()
    while printed := printed.lstrip():
        value, end = decoder.raw_decode(printed)
        found.append(value)
        printed = printed[end:]
    return found


def get(server: str, path: str) -> Any:
    return httpx.get(f"{server}/api/v1/{path}").raise_for_status().json()


def test_every_example_is_run_here() -> None:
    sections = ["", "Page by page", "In a spreadsheet", "As of a block"]
    sections += ["What has not changed", "What can go wrong"]
    kinds = ("sh", "python", "text")
    run_here = [code for name in sections for kind in kinds for code in examples(name, kind)]
    assert sorted(run_here) == sorted(re.findall(r"```[a-z]+\n(.*?)```", TEXT, re.DOTALL))


def test_the_first(server: str) -> None:
    (code,) = examples("", "sh")
    (found,) = answers(run(server, code, "sh"))
    assert found["totals"] == get(server, "totals")["totals"]


def test_page_by_page(server: str) -> None:
    (code,) = examples("Page by page", "python")
    lines = run(server, code.replace('"limit": 200', '"limit": 7'), "python").splitlines()
    rows = get(server, "payments?sort=date&order=asc&limit=200")["payments"]
    assert len(rows) > 14
    assert lines == [f"{r['paidAt']} {r['payee']['name']} {r['net']['amount']}" for r in rows]


def test_filters(server: str) -> None:
    (code,) = examples("Page by page", "sh")
    late, words, earned = answers(run(server, code, "sh"))
    assert all(row["late"] for row in late["contracts"])
    assert (words["next"], words["contracts"]) == (None, [])
    assert earned["payments"] == get(server, "payments?payee=1&year=2026")["payments"]


def test_in_a_spreadsheet(server: str, tmp_path: Path) -> None:
    (formula,) = examples("In a spreadsheet", "text")
    address = formula.strip().removeprefix('=IMPORTDATA("').removesuffix('")')
    file = httpx.get(address.replace(SERVER, server), timeout=60).content
    lines = file.decode("utf-8-sig").splitlines()
    rows = get(server, "payments?currency=IDR&sort=net&limit=200")["payments"]
    assert len(rows) > 1
    assert [row["Net"] for row in csv.DictReader(lines)] == [r["net"]["amount"] for r in rows]
    (code,) = examples("In a spreadsheet", "sh")
    run(server, code, "sh", tmp_path)
    titles, *found = load_workbook(tmp_path / "contracts.xlsx")["contracts"].values
    contracts = get(server, "contracts?currency=IDR&sort=value&limit=200")["contracts"]
    values = [Decimal(str(row[titles.index("Value")])) for row in found]
    assert values == [Decimal(each["value"]["amount"]) for each in contracts] != []


def test_as_of_a_block(server: str) -> None:
    (code,) = examples("As of a block", "sh")
    totals, contract = answers(run(server, code, "sh"))
    block = get(server, "totals")["index"]["block"]
    assert (totals["index"]["block"], contract["index"]["block"]) == (block, block - 20)
    assert totals["index"]["age"] == 0


def test_what_has_not_changed(server: str) -> None:
    (code,) = examples("What has not changed", "sh")
    assert run(server, code, "sh") == "304\n"


def test_what_can_go_wrong(server: str) -> None:
    (code,) = examples("What can go wrong", "sh")
    (found,) = answers(run(server, code, "sh"))
    assert (found["status"], [each["parameter"] for each in found["errors"]]) == (
        422,
        ["order", "limit"],
    )
    (code,) = examples("What can go wrong", "python")
    contract = get(server, "contracts/1")["contract"]
    assert run(server, code, "python") == f"{contract['title']} {contract['paid']}\n"


def test_what_it_names_is_there() -> None:
    settings = Settings()
    paths = create_api(Services(settings)).openapi()["paths"]
    shapes = {re.sub(r"\{[^}]*\}", "{}", f"/api/v1{path}") for path in paths}
    table = TEXT.partition("| entry |")[2].partition("\n\n")[0]
    for path in re.findall(r"`(/[^`]+)`", table):
        whole = path if path.startswith("/api/v1") else f"/api/v1{path}"
        shape = re.sub(r"\{[^}]*\}", "{}", whole)
        if shape.endswith("…"):
            assert any(each.startswith(shape[:-1]) for each in shapes), path
        elif not shape.endswith("openapi.json"):
            assert shape in shapes, path
    assert f"`limit` (1 to {LARGEST_PAGE})" in TEXT
    assert f"`{IMMUTABLE}`" in TEXT
    assert f"`{AN_HOUR}`" in TEXT
    assert f"more than {settings.api_requests_per_minute:,} requests in a minute" in TEXT
    assert f"`TERMIN_API_PAST_EVENTS` ({settings.api_past_events:,})" in TEXT
