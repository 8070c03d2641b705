"""Pages of budgets, buyers and suppliers, and how lists are narrowed and widened."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from support.page import Element, read


def see(client: TestClient, path: str, status: int = 200) -> Element:
    answer = client.get(path)
    assert answer.status_code == status
    return read(answer.text)


def contracts(page: Element) -> list[str]:
    return [row[0].split(" Kabupaten")[0] for row in page.one("table").rows()]


def test_budget_line_says_what_became_of_it(portal: TestClient) -> None:
    link = see(portal, "/en/contracts/2").one("dl", class_="flow").find("a")[1]
    page = see(portal, link.attributes["href"])
    assert page.one("h1").text == "Budget line 1.2.3"
    assert page.one("p", class_="lead").text == (
        "XX-TEST B-2, 2024: <1% of JPY 170,141,183,460,469,231,731,687,303,715,884,105,728 is "
        "committed, to 1 contract; <1% is paid."
    )
    figures = [row.find("dd")[0].text for row in page.one("dl", class_="flow").find("div")]
    assert figures[1:] == ["1,000", "1,000", "1,000", "0"]
    assert page.one("table", class_="contracts").rows()[0][0].startswith("clinic")


@pytest.mark.parametrize("name", ["99", "0", "-1", "x", "1e3", "9" * 30])
def test_budget_line_that_is_not_there(portal: TestClient, name: str) -> None:
    assert see(portal, f"/en/budget/{name}", 404).one("h1").text == "Not found"


def test_buyer_is_shown_with_shares_lateness_and_amendments(portal: TestClient) -> None:
    page = see(portal, "/en/participants/1")
    lead = page.one("p", class_="lead").text
    assert lead == "buyer, ✓ in good standing. 6 contracts as buyer, ▲ 3 of them late."
    said = next(p.text for p in page.find("p", class_="prose") if "late now" in p.text)
    assert said == (
        "▲ 3 of 6 contracts are late now. All 2 accepted stages with a date were reported in time. "
        "1 of 6 contracts were amended (amendments in force: 1): the value went from MXN 1,119.51 "
        "to MXN 1,120.76."
    )
    assert page.one("table", class_="shares").rows() == [
        ["PT Karya Jaya", "5", "1,112.01", "103.50", "96%"],
        ["José Ñandú 100%_ S.A.", "1", "8.75", "3.75", "3%"],
    ]


def test_supplier_is_shown_with_who_pays_it(portal: TestClient) -> None:
    page = see(portal, "/en/participants/3")
    tables = {
        h3.text: table.rows()
        for h3, table in zip(
            [h for h in page.find("h3") if h.text.startswith("Who pays it")],
            page.find("table", class_="shares"),
            strict=True,
        )
    }
    assert tables["Who pays it, MXN"] == [["Kabupaten Sukamaju", "5", "1,112.01", "103.50", "100%"]]


def test_overview_of_a_year_and_of_all(portal: TestClient) -> None:
    page = see(portal, "/en/?year=2024")
    assert page.find("h2")[0].text == "Where the money of 2024 is, MXN"
    units = page.find("table", class_="units")[0].rows()
    assert [[row[0], *row[2:]] for row in units] == [
        [
            "Kabupaten Sukamaju 6 contracts, <1% of the budget paid",
            "1,114.76",
            "107.25",
            "107.25",
            "0.00",
        ],
        ["XX-TEST B-2 0 contracts, 0% of the budget paid", "0.00", "0.00", "0.00", "0.00"],
    ]
    months = page.find("table", class_="narrow")[0]
    assert months.rows()[0] == ["Jan 2024", "4", "107.25"]
    assert len(months.rows()) == 12
    for year in ("1999", "0", "9999", "99999"):
        assert not see(portal, f"/en/?year={year}").find("dl", class_="flow")
    refused = see(portal, "/en/?year=x", 422).one("p", class_="lead")
    assert refused.one("code").text == "year"


def test_what_changed_last_is_told_newest_first(portal: TestClient) -> None:
    page = see(portal, "/en/")
    happened = page.find("ul", class_="papers")[0].find("li")
    assert happened[0].text.startswith("6 Jan 2024 A contract was made: ")
    assert "Nothing has changed today." in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("late=yes", ["road", "school", "unfunded"]),
        ("late=30", ["road", "school"]),
        ("status=late", ["road", "school", "unfunded"]),
        ("currency=MXN&least=1100", ["road"]),
        ("least=1100", ["road"]),
        ("currency=MXN&least=8.75&most=8.75", ["school"]),
        ("currency=JPY&most=1000.9", ["clinic"]),
        ("year=2023", ["road"]),
    ],
)
def test_contracts_are_narrowed(portal: TestClient, query: str, names: list[str]) -> None:
    page = see(portal, f"/en/contracts?{query}")
    numbers = {1: "road", 2: "clinic", 3: "school", 4: "bridge", 5: "empty", 6: "unfunded"}
    links = [row.find("a")[0] for row in page.one("tbody").find("tr")]
    found = [numbers[int(link.attributes["href"].rsplit("/", 1)[1])] for link in links]
    assert sorted(found) == sorted(names)


def test_sorting_by_a_head_turns_round(portal: TestClient) -> None:
    page = see(portal, "/en/contracts?currency=MXN&sort=value")
    head = next(th for th in page.find("th") if "aria-sort" in th.attributes)
    assert (head.attributes["aria-sort"], head.text) == ("descending", "Value, MXN ↓")
    turned = see(portal, head.one("a").attributes["href"])
    values = [row[2] for row in page.one("table").rows()]
    assert [row[2] for row in turned.one("table").rows()] == values[::-1]
    assert values[0] == "1,100.00"


def test_each_choice_can_be_let_go(portal: TestClient) -> None:
    page = see(portal, "/en/contracts?q=zzz&year=2024&sort=title")
    assert page.one("p", class_="lead").text == "No contract matches."
    links = {a.text: a.attributes["href"] for a in page.one("ul", class_="plain").find("a")}
    assert links == {
        "without the words": "/en/contracts?year=2024&sort=title",
        "of any year": "/en/contracts?q=zzz&sort=title",
    }


@pytest.mark.parametrize(
    "query", ["least=-1", "most=NaN", "least=1e99", "year=1", "late=maybe", "order=up", "least=x"]
)
def test_bad_choice_is_refused(portal: TestClient, query: str) -> None:
    page = see(portal, f"/en/contracts?{query}", 422)
    assert page.one("p", class_="lead").one("code").text == query.partition("=")[0]
