"""A journalist filters and downloads."""

from __future__ import annotations

import csv
import io
import json
import shutil
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright
from support.gallery import HOSTILE, application, build
from support.node import anvil, free_port

from backend.chain.rpc import Rpc

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: no chromium on the PATH"
)

MONEY = {
    "Value as signed": "originalValue",
    "Value": "value",
    "Accepted": "accepted",
    "Paid": "paid",
    "Owed": "owed",
    "Refunded": "refunded",
}
WAIT = 120_000
"""Milliseconds: the first file of a server waits for a process to start."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    with anvil() as url, Rpc(url) as rpc:
        settings = build(rpc, tmp_path_factory.mktemp("site"))
        port, head = free_port(), int(rpc.call("eth_blockNumber"), 16)
        config = uvicorn.Config(
            application(settings, head), host="127.0.0.1", port=port, log_level="warning"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def page() -> Iterator[Page]:
    """A browser that runs no scripts."""
    with sync_playwright() as playwright:
        # Chromium has no sandbox of its own when it runs as root in a container.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(java_script_enabled=False, locale="en")
        yield context.new_page()
        browser.close()


def asked(site: str, query: str) -> list[Any]:
    """The contracts of the API."""
    with urllib.request.urlopen(f"{site}/api/v1/contracts?{query}") as answer:
        return list(json.load(answer)["contracts"])


def taken(page: Page, name: str, folder: Path) -> tuple[str, bytes]:
    """The name and the content of what a link gives."""
    with page.expect_download(timeout=WAIT) as download:
        page.get_by_role("link", name=name, exact=True).first.click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target.name, target.read_bytes()


def test_journalist_filters_and_downloads(site: str, page: Page, tmp_path: Path) -> None:
    page.goto(f"{site}/en/contracts")
    page.get_by_label("State").select_option("active")
    page.get_by_label("Order").select_option("value")
    page.get_by_role("button", name="Show").click()
    shown = page.locator("tbody tr").count()

    name, content = taken(page, "CSV", tmp_path)
    expected = asked(site, "status=active&sort=value")
    with urllib.request.urlopen(f"{site}/api/v1/contracts?limit=1") as answer:
        block = json.load(answer)["index"]["block"]
    assert name == f"contracts-block-{block}.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(expected) == shown > 2
    for row, contract in zip(rows, expected, strict=True):
        assert {heading: row[heading] for heading in MONEY} == {
            heading: contract[field]["amount"] for heading, field in MONEY.items()
        }
        assert row["Number"] == str(contract["number"])
        assert row["Title"] == (contract["title"] or "")
        assert row["Contract ID"] == contract["contractId"]
        assert row["OCID"] == contract["ocid"]
        assert row["Supplier"] == contract["supplier"]["name"]
        assert row["Currency"] == contract["value"]["currency"]
        assert row["Days late"] == str(contract["daysLate"])
        assert row["Payments"] == str(contract["payments"])
        assert datetime.fromisoformat(f"{row['Date (UTC)']}+00:00") == (
            datetime.fromisoformat(contract["date"])
        )
    assert HOSTILE in {row["Title"] for row in rows}


def test_workbook_opens_with_money_that_adds_up(site: str, page: Page, tmp_path: Path) -> None:
    page.goto(f"{site}/id/contracts")
    _, content = taken(page, "XLSX", tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(content))
    head, *rows = book["contracts"].iter_rows()
    place = {cell.value: number for number, cell in enumerate(head)}
    expected = asked(site, "")
    for heading, field in MONEY.items():
        cells = [row[place[heading]] for row in rows]
        assert {cell.data_type for cell in cells} == {"n"}
        assert [Decimal(str(cell.value)) for cell in cells] == [
            Decimal(contract[field]["amount"]) for contract in expected
        ]
    assert {cell.data_type for row in rows for cell in row} == {"n", "s", "d"}


def test_everything_of_a_year_is_found_from_the_front_page(
    site: str, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{site}/id/")
    page.get_by_role("link", name="Data dan API").first.click()
    assert page.url == f"{site}/id/data"
    row = page.locator("tbody tr").nth(1)
    year = row.locator("th").inner_text()
    with page.expect_download(timeout=WAIT) as download:
        row.get_by_role("link", name=f"XLSX pembayaran, {year}").click()
    target = tmp_path / "payments.xlsx"
    download.value.save_as(target)
    sheet = openpyxl.load_workbook(target)["payments"]
    query = f"year={year}&limit=200"
    with urllib.request.urlopen(f"{site}/api/v1/payments?{query}") as answer:
        payments = json.load(answer)["payments"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        payment["number"] for payment in payments
    ]
    assert len(payments) > 80
