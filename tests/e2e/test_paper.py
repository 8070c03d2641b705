"""A contract on paper, for a notice board."""

from __future__ import annotations

import re

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

A4_POINTS = (595, 842)
ONE_PAGE = 1


def boxes(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page of a PDF, in points."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in found]


def visible(page: Page, selector: str) -> list[bool]:
    """For each element that a selector finds, whether it is to be seen."""
    return [each.is_visible() for each in page.locator(selector).all()]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contract_prints_as_a_sheet(
    browser: Browser, site: str, language: str, scheme: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site}/{language}/contracts/4")
    assert visible(page, ".sheet, .sheet .qr") == [False, False]
    pdf = page.pdf(prefer_css_page_size=True)
    assert boxes(pdf) == [A4_POINTS] * ONE_PAGE
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    assert visible(page, ".sheet, .sheet .qr, h1, .lead, .stages, .payments") == [True] * 6
    assert not any(visible(page, "nav, form, .check, .mark, .foot"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()


def test_code_on_the_sheet_leads_back_and_is_large_enough_to_scan(
    browser: Browser, site: str
) -> None:
    page = browser.new_page()
    page.goto(f"{site}/id/contracts/4")
    data = page.locator("[aria-labelledby=data]")
    state = data.locator("div:has(a[href$='#sheet']) code").inner_text()
    address = data.locator("code").last.inner_text()
    url = f"{site}/id/contracts/{address}?state={state}"
    expected = segno.make_qr(url, error="m")
    drawn = page.locator(".qr path").get_attribute("d")
    assert f'd="{drawn}"' in expected.svg_inline(omitsize=True)
    page.emulate_media(media="print")
    box = page.locator(".qr").bounding_box()
    assert box is not None
    millimetres = box["width"] * 25.4 / 96
    assert millimetres / expected.symbol_size()[0] > 0.5
    page.goto(url)
    assert page.locator(".crumbs").inner_text().endswith("No. 4")
    expect(page.locator(".scanned")).to_contain_text("Lembar cetak ini masih benar.")
    page.close()


def test_81_payments_print_on_as_many_pages_as_they_need(
    browser: Browser, works_site: str, receipts: int
) -> None:
    page = browser.new_page()
    page.goto(f"{works_site}/id/contracts/{receipts}")
    sizes = boxes(page.pdf(prefer_css_page_size=True))
    assert set(sizes) == {A4_POINTS}
    assert len(sizes) > ONE_PAGE
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert page.locator(".payments tbody tr").count() == 81
    page.close()
