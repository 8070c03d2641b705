"""A contract on paper, and a reader's own file: what the page answers without JavaScript."""

from __future__ import annotations

import hashlib
import re

import pytest
import segno
from fastapi.testclient import TestClient
from support.gallery import MANY, application
from support.page import Element, read

from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.queries.contracts import find_agreement
from backend.queries.history import contract_history
from backend.queries.states import ContractState, states

FOREIGN = hashlib.sha256(b"another record").hexdigest()
EVIDENCE = "01" * 32
"""Of the hostile contract's first stage; nobody has brought it."""


def see(client: TestClient, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    return read(answer.text)


def known(settings: Settings, number: int) -> tuple[str, list[ContractState]]:
    """The address of a contract, and every state that it was in."""
    database = Database(settings.database)
    with database.reading() as session:
        address = find_agreement(session, str(number)).address
        found = states(address, contract_history(session, address))
    database.close()
    return address, found


def scanned(client: TestClient, path: str) -> str:
    return see(client, path).one("p", class_="notice scanned").text


# --- the sheet ---


def test_sheet_carries_the_address_and_the_state_in_its_code(
    shown: TestClient, gallery: Settings
) -> None:
    address, found = known(gallery, 4)
    html = shown.get("/id/contracts/4").text
    url = f"http://testserver/id/contracts/{address}?state={found[-1].hash}"
    drawn = re.findall(r'<svg viewBox="0 0 \d+ \d+" class="qr">.*?</svg>', html)
    assert drawn == [segno.make_qr(url, error="m").svg_inline(omitsize=True, svgclass="qr")]
    sheet = read(html).one("div", class_="sheet")
    assert found[-1].hash in sheet.text
    assert f"http://testserver/id/contracts/{address} " in sheet.text


def test_sheet_names_the_address_at_which_the_portal_is_reached(gallery: Settings) -> None:
    address, _ = known(gallery, 4)
    public = gallery.model_copy(update={"api_url": "https://termin.example/"})
    with TestClient(application(public, None)) as client:
        sheet = see(client, "/en/contracts/4").one("div", class_="sheet")
    assert f"https://termin.example/en/contracts/{address} " in sheet.text


def test_address_in_the_code_leads_to_the_page(shown: TestClient, gallery: Settings) -> None:
    address, found = known(gallery, 3)
    page = see(shown, f"/en/contracts/{address}?state={found[-1].hash}")
    assert page.one("h1").text == "Rumah Sakit"


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "The printed sheet is still right."), ("id", "Lembar cetak ini masih benar.")],
)
def test_sheet_of_the_present_is_still_right(
    shown: TestClient, gallery: Settings, language: str, told: str
) -> None:
    address, found = known(gallery, 3)
    path = f"/{language}/contracts/{address}?state={found[-1].hash}"
    assert scanned(shown, path).startswith(told)


def test_older_sheet_is_told_what_came_since(shown: TestClient, gallery: Settings) -> None:
    _, found = known(gallery, 3)
    older = next(state for state in found if state.payments == MANY - 2)
    text = scanned(shown, f"/en/contracts/3?state={older.hash}")
    assert text.startswith("The printed sheet is no longer up to date. It was right until 27 Oct")
    assert "Since then there were 2 payments." in text


def test_sheet_from_before_something_else_is_told_so(shown: TestClient, gallery: Settings) -> None:
    _, found = known(gallery, 4)
    text = scanned(shown, f"/en/contracts/4?state={found[-2].hash}")
    assert "Nothing was paid since, but something else happened." in text


@pytest.mark.parametrize("number", [3, 6])
def test_sheet_of_another_record_is_told_apart(
    shown: TestClient, gallery: Settings, number: int
) -> None:
    for state in (FOREIGN, known(gallery, 4)[1][-1].hash):
        text = scanned(shown, f"/en/contracts/{number}?state={state}")
        assert text.startswith("The printed sheet does not belong to this record.")


def test_page_that_nobody_scanned_says_nothing_of_a_sheet(shown: TestClient) -> None:
    assert not see(shown, "/en/contracts/3").find("p", class_="scanned")


# --- a file of the reader's ---


def answer(client: TestClient, number: int, digest: str) -> str:
    page = see(client, f"/en/contracts/{number}?sha256={digest}")
    return page.one("p", id="check-answer").text


@pytest.mark.parametrize("digest", [EVIDENCE, f"%20{EVIDENCE}%20", EVIDENCE.upper()])
def test_file_that_was_named_is_recognised(shown: TestClient, digest: str) -> None:
    assert answer(shown, 4, digest) == (
        "Yes: this is the very file that is named here as “Evidence of the supplier, stage 1, "
        f"27 October 2024”. Its fingerprint: {EVIDENCE}"
    )


@pytest.mark.parametrize("number", [3, 4, 6])
def test_another_file_is_told_apart(shown: TestClient, number: int) -> None:
    told = f"No: this file is none of those named here. Its fingerprint: {FOREIGN}"
    assert answer(shown, number, FOREIGN) == told


def test_every_document_of_the_page_is_recognised(shown: TestClient, gallery: Settings) -> None:
    page = see(shown, "/en/contracts/4")
    papers = page.find("ul", class_="papers")[-1].find("li")
    assert len(papers) == 4
    for paper in papers:
        digest = paper.attributes["data-sha256"]
        assert f"“{paper.find('span')[0].text}”" in answer(shown, 4, digest)
    store = DocumentStore(gallery.documents_dir)
    kept = [paper.attributes["data-sha256"] for paper in papers]
    contents = [store.read(bytes.fromhex(digest)) for digest in kept]
    assert [hashlib.sha256(c).hexdigest() for c in contents if c] == [
        digest for digest in kept if digest != EVIDENCE
    ]


@pytest.mark.parametrize(
    "query",
    ["sha256=abc", f"sha256={EVIDENCE}0", "state=abc", f"state={'g' * 64}", "sha=1", "state=%00"],
)
def test_what_is_no_hash_is_refused_by_name(shown: TestClient, query: str) -> None:
    refused = shown.get(f"/en/contracts/4?{query}")
    assert refused.status_code == 422
    name = query.partition("=")[0]
    assert read(refused.text).one("p", class_="lead").one("code").text == name


def test_empty_field_asks_nothing(shown: TestClient) -> None:
    assert see(shown, "/en/contracts/4?sha256=").one("p", id="check-answer").text == ""
