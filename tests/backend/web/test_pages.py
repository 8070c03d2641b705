"""What the pages say about the story, to the minor unit."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from support.page import Element, read

from backend.db.session import Database
from backend.queries.index import index_state
from backend.queries.pages_portal import find_fact

TITLE = "Road Sukamaju–Cibeureum"
"""Of the road; 1 is the road, 2 the clinic, 3 the school, 4 the bridge."""


def see(client: TestClient, path: str, status: int = 200) -> Element:
    answer = client.get(path)
    assert answer.status_code == status
    return read(answer.text)


def test_contract_says_first_what_it_is_and_whether_it_is_all_right(portal: TestClient) -> None:
    page = see(portal, "/en/contracts/1")
    assert page.one("h1").text == TITLE
    lead = page.one("p", class_="lead").text
    assert lead == "MXN 1,100, PT Karya Jaya: 1 of 4 stages paid, ▲ 380 days late."


def test_contract_shows_the_money_from_commitment_to_payment(portal: TestClient) -> None:
    flow = see(portal, "/en/contracts/1").one("dl", class_="flow")
    rows = [[part.text for part in row.find("dt") + row.find("dd")] for row in flow.find("div")]
    assert rows == [
        ["Committed", "1,100.00", "", ""],
        ["Set aside", "1,100.00", "100%", ""],
        ["Earned by accepted work", "100.50", "9%", ""],
        ["Paid", "100.50", "9%", ""],
    ]


@pytest.mark.parametrize("language", ["en", "id"])
def test_sentences_about_the_money_stand_apart(portal: TestClient, language: str) -> None:
    for number in range(1, 9):
        page = see(portal, f"/{language}/contracts/{number}")
        money = [p.text for p in page.find("p") if re.search("MXN|JPY|KWD", p.text)]
        assert money
        for text in money:
            assert not re.search(r"[a-z0-9]\.[A-Z]", text)


def test_contract_tells_each_stage_planned_and_actual(portal: TestClient) -> None:
    rows = see(portal, "/en/contracts/1").one("table", class_="cards stages").rows()
    assert [row[1:] for row in rows] == [
        ["11 Jan 2024", "6 Jan 2024 5 days early", "100.50", "✓ paid"],
        ["21 Jan 2024 13 months ago", "not yet", "200.00", "▲ rejected"],
        ["15 May 2025 in 3 months", "not yet", "300.00", "● inspected 1 of 2 votes"],
        ["no date", "not yet", "400.00", "○ planned"],
    ]
    assert rows[0][0] == (
        "1. Foundation reported as done 6 Jan 2024 inspected 6 Jan 2024 "
        "accepted and paid 6 Jan 2024"
    )


def test_contract_tells_every_rejection_with_its_reason(portal: TestClient) -> None:
    rows = see(portal, "/en/contracts/1").one("table", class_="cards stages").rows()
    assert rows[1][0] == (
        "2. no title reported as done 6 Jan 2024 inspected 6 Jan 2024 "
        "rejected 6 Jan 2024: quality. reported as done 6 Jan 2024 (attempt 2) "
        "inspected 6 Jan 2024 rejected 6 Jan 2024: incomplete."
    )


def test_contract_says_who_must_act_next(portal: TestClient) -> None:
    found = see(portal, "/en/contracts/1").one("ul", class_="next").find("li")
    assert [item.text for item in found] == [
        (
            "Stage 2, planned for 21 Jan 2024, 380 days late. The supplier must put right what "
            "was found and report the work again."
        ),
        (
            "Stage 3, planned for 15 May 2025 in 3 months . The committee must decide: 1 of 2 "
            "needed votes are in."
        ),
        "Stage 4. The supplier must report the work as done.",
    ]


def test_payment_leads_to_the_fact_on_the_chain(portal: TestClient, told: Database) -> None:
    table = see(portal, "/en/contracts/1").one("table", class_="cards payments")
    assert [row[:4] for row in table.rows()] == [
        [
            "6 Jan 2024 13 months ago",
            "1 Foundation All of the MXN 100.50 of the accepted work; nothing is taken off.",
            "PT Karya Jaya",
            "100.50",
        ]
    ]
    link = table.one("a", class_="mark")
    fact = see(portal, link.attributes["href"])
    assert fact.one("h1").text == "A payment was made"
    assert "MXN 100.50" in fact.one("p", class_="lead").text
    place = re.fullmatch(r"Block (\d+), entry (\d+)", link.attributes["title"])
    assert place is not None
    with told.reading() as session:
        transaction = find_fact(session, int(place[1]), int(place[2])).entry.source.transaction
    assert f"cast receipt {transaction} --rpc-url $NODE" in fact.one("pre").text


def test_amendment_is_shown_with_before_and_after(portal: TestClient) -> None:
    page = see(portal, "/en/contracts/3")
    void, enacted = page.find("article", class_="amendment")
    assert void.one("table").rows() == [["Contract value", "7.50", "7.60 not in force"]]
    assert "It would add 1 stage." in void.text
    assert enacted.one("h3").text == "2. Additional work"
    assert enacted.find("p")[0].text.startswith(
        "In force, 6 Jan 2024; 16% above the original value."
    )
    assert enacted.one("table").rows() == [
        ["Contract value", "7.50", "8.75"],
        ["End of the work", "no date", "19 Jun 2026"],
        ["Stage 3", "not there", "1.25 1 Dec 2025"],
    ]
    assert "The value was MXN 7.50 at first." in page.text


def test_missing_documents_are_said_plainly(portal: TestClient) -> None:
    page = see(portal, "/en/contracts/2")
    assert page.one("h1").text == "clinic"
    assert "The document with title and description has not been brought here." in page.text
    assert "missing: nobody has brought it yet" in page.text


def test_closed_contract_says_why(portal: TestClient) -> None:
    page = see(portal, "/en/contracts/2")
    assert "Nothing: the contract is closed." in page.text
    assert "Final account" in page.text


def test_money_that_is_owed_is_said(portal: TestClient) -> None:
    page = see(portal, "/en/contracts/4")
    assert "▲ payment owed" in page.one("p", class_="lead").text
    assert "KWD 0.007 is owed to the payee." in page.text
    assert "1,237,940,039,285,380,274,899,124.224" in page.text


def test_contract_can_be_named_by_its_address(portal: TestClient) -> None:
    page = see(portal, "/en/contracts/1")
    address = page.find("code", class_="break")[-1].text
    assert see(portal, f"/en/contracts/{address}").one("h1").text == page.one("h1").text


def test_contract_links_to_its_data(portal: TestClient) -> None:
    page = see(portal, "/en/contracts/1")
    links = {a.text: a.attributes["href"] for a in page.find("a")}
    assert links["JSON"] == "/api/v1/contracts/1"
    assert links["OCDS"] == "/api/v1/ocds/records/1"
    for path in (links["JSON"], links["OCDS"]):
        assert portal.get(path).status_code == 200


def test_overview_sums_up_each_currency(portal: TestClient) -> None:
    page = see(portal, "/en/")
    lead = page.one("p", class_="lead").text
    assert "1 contract worth JPY 1,000, 100% of it paid" in lead
    headings = [h.text for h in page.find("h2")]
    assert headings[:3] == [f"Where the money is, {c}" for c in ("MXN", "JPY", "KWD")]


def test_every_sum_of_the_overview_is_a_link_that_works(portal: TestClient) -> None:
    page = see(portal, "/en/")
    links = [a.attributes["href"] for flow in page.find("dl") for a in flow.find("a")]
    assert len(links) == 30
    assert len([link for link in links if link.startswith("/en/glossary#")]) == 15
    ids = {each.attributes["id"] for each in page.find_all() if "id" in each.attributes}
    for link in links:
        if link.startswith("#"):
            assert link[1:] in ids
        else:
            see(portal, link)


def test_every_link_of_every_page_leads_somewhere(portal: TestClient) -> None:
    seen, waiting, files = set(), ["/en/"], set()
    while waiting:
        path = waiting.pop()
        links = (a.attributes["href"] for a in see(portal, path).find("a"))
        new = {link.partition("#")[0] for link in links} - seen - {""}
        pages = {link for link in new if link.startswith("/en/")}
        for link in new - pages:
            # Each list is made as a file once here, however it is filtered.
            file, _, _ = link.partition("?")
            if file.endswith((".csv", ".xlsx")) and file in files:
                continue
            files.add(file)
            # Documents that nobody has brought are not linked.
            assert portal.get(link).status_code == 200, (path, link)
        seen |= new
        waiting += sorted(pages)
    assert len([path for path in seen if path.startswith("/en/contracts/")]) == 8


def test_participant_is_shown_with_its_contracts(portal: TestClient) -> None:
    page = see(portal, "/en/participants/3")
    assert page.one("h1").text == "PT Karya Jaya"
    totals = next(t for t in page.find("table") if "Part" in t.text).rows()
    assert ["payee", "2", "2", "–", "MXN 103.50"] in totals
    assert "Contracts as supplier" in [h.text for h in page.find("h2")]


def test_waiting_page_names_who_must_act(portal: TestClient) -> None:
    page = see(portal, "/en/waiting")
    committee = page.one("section", id="committee").one("table").rows()
    assert len(committee) == 1
    assert committee[0][1] == "3"
    payee = page.one("section", id="payee").one("table").rows()
    assert payee[0][2:] == ["0.007", "no date", "▲ accepted, payment owed"]


def test_budget_lists_lines(portal: TestClient) -> None:
    rows = see(portal, "/en/budget?currency=JPY").one("table").rows()
    assert [[row[0], *row[4:6]] for row in rows] == [
        ["1.2.3 1 contract, <1% committed", "1,000", "1,000"],
        ["1.2.3 0 contracts, 0% committed", "0", "0"],
    ]
    assert not see(portal, "/en/budget?year=2023").find("table")


def test_foot_says_up_to_which_block(portal: TestClient, told: Database) -> None:
    with told.reading() as session:
        block = index_state(session).block
    assert f"Read from the chain up to block {block:,}," in see(portal, "/en/").text


@pytest.mark.parametrize(
    ("path", "heading"),
    [("/id/contracts/1", "Tahap, rencana dan kenyataan"), ("/id/", "Perubahan terakhir")],
)
def test_pages_speak_indonesian(portal: TestClient, path: str, heading: str) -> None:
    page = see(portal, path)
    assert page.one("html").attributes["lang"] == "id"
    assert heading in [h.text for h in page.find("h2")]


def test_numbers_and_dates_follow_the_language(portal: TestClient) -> None:
    page = see(portal, "/id/contracts/1")
    lead = page.one("p", class_="lead").text
    assert lead == "MXN 1.100, PT Karya Jaya: 1 dari 4 tahap dibayar, ▲ terlambat 380 hari."
    assert page.one("table", class_="cards stages").rows()[2][1] == "15 Mei 2025 dalam 3 bulan"
