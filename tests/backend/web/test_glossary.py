"""The terms of the trade: each in one sentence, and every link to one leads to it."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from support.page import read

from backend.web.glossary import glossary
from backend.web.languages import LANGUAGES, translations

LEAST_TERMS = 30


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_term_is_one_sentence(code: str) -> None:
    terms = glossary(translations(code))
    assert len(terms) >= LEAST_TERMS
    for term in terms.values():
        assert re.fullmatch(r"[a-z-]+", term.name)
        assert term.meaning.endswith(".")
        assert len(re.findall(r"[.!?](?:\s|$)", term.meaning)) == 1
    titles = [term.title.casefold() for term in terms.values()]
    assert titles == sorted(set(titles))


def test_terms_have_the_words_of_the_field() -> None:
    terms = glossary(translations("id"))
    assert terms["retention"].title == "Retensi"
    assert terms["acceptance"].title == "Penerimaan (BAST)"
    assert terms["auditor"].title == "Auditor (APIP, BPK)"
    assert terms["performance-security"].title == "Jaminan pelaksanaan"


@pytest.mark.parametrize("code", LANGUAGES)
def test_page_has_every_term_under_its_anchor(shown: TestClient, code: str) -> None:
    page = read(shown.get(f"/{code}/glossary").text)
    found = {div.attributes["id"]: div.one("dd").text for div in page.one("dl").find("div")}
    assert found == {t.name: t.meaning for t in glossary(translations(code)).values()}


def test_terms_in_pages_lead_to_their_meaning(shown: TestClient) -> None:
    known = {f"/en/glossary#{name}" for name in glossary(translations("en"))}
    seen = set()
    for path in ("/en/", "/en/contracts/1", "/en/contracts/4", "/en/budget", "/en/budget/1"):
        terms = read(shown.get(path).text).find("a", class_="term")
        assert terms, path
        seen |= {term.attributes["href"] for term in terms}
    assert seen <= known
    assert {f"/en/glossary#{name}" for name in ("committed", "retention", "supplier")} <= seen
