"""The page on data and API, and the links by which a list is taken away."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from support.page import Element, read


def see(client: TestClient, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    return read(answer.text)


def test_page_counts_contracts_and_payments_of_every_year(portal: TestClient) -> None:
    downloads = portal.get("/api/v1/downloads").json()["downloads"]
    counts = {
        (each["year"], each["name"]): each["rows"]
        for each in downloads
        if each["format"] in ("csv", "jsonl.gz")
    }
    years = list(dict.fromkeys(each["year"] for each in downloads))
    rows = see(portal, "/en/data").one("table", class_="cards").rows()
    assert [row[0] for row in rows] == ["All years", *map(str, years[1:])]
    for year, row in zip(years, rows, strict=True):
        assert row[1].split()[0] == str(counts.get((year, "contracts"), 0))
        assert row[2].split()[0] == str(counts.get((year, "payments"), 0))


def test_every_file_of_the_api_is_linked_and_no_other(portal: TestClient) -> None:
    downloads = portal.get("/api/v1/downloads").json()["downloads"]
    files = {(u.path, u.query) for u in (urlsplit(each["url"]) for each in downloads)}
    links = [a for a in see(portal, "/en/data").find("a") if "download" in a.attributes]
    found = [(u.path, u.query) for u in (urlsplit(a.attributes["href"]) for a in links)]
    assert sorted(found) == sorted(files)
    # Read aloud, each says what it is of.
    assert len({a.text for a in links}) == len(links)


def test_every_command_of_the_page_is_answered(portal: TestClient) -> None:
    page = see(portal, "/en/data")
    site = portal.app.state.services.settings.api  # type: ignore[attr-defined]
    commands = [pre.text for pre in page.find("pre")]
    assert len(commands) == 8
    for command in commands:
        url = command.removeprefix("curl '").removesuffix("'")
        assert url.startswith(f"{site}/api/v1/")
        assert portal.get(url.removeprefix(site)).status_code == 200, command


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The publisher has not stated a licence."), ("id", "Penerbit tidak menyebutkan")],
)
def test_licence_that_is_not_stated_is_said(portal: TestClient, language: str, words: str) -> None:
    assert words in see(portal, f"/{language}/data").text


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        ("contracts?status=late&sort=title", "contracts.csv?sort=title&order=asc&late=true"),
        ("contracts?status=closed&q=a", "contracts.csv?q=a&status=closed"),
        ("contracts?late=no", "contracts.csv?late=false"),
        ("contracts?late=30", "contracts.csv?lateOver=30"),
        (
            "contracts?least=1000.509&most=9e6&currency=MXN&sort=value&order=asc",
            "contracts.csv?currency=MXN&sort=value&order=asc&valueFrom=1000.50&valueTo=9000000.00",
        ),
        ("contracts", "contracts.csv"),
        ("payments?currency=MXN&sort=net", "payments.csv?currency=MXN&sort=net"),
    ],
)
def test_list_is_taken_away_as_it_is_filtered(portal: TestClient, shown: str, asked: str) -> None:
    page = see(portal, f"/en/{shown}")
    links = {a.text: a.attributes["href"] for a in page.find("a") if "download" in a.attributes}
    assert links == {
        "CSV": f"/api/v1/{asked}",
        "XLSX": f"/api/v1/{asked.replace('.csv', '.xlsx')}",
    }
