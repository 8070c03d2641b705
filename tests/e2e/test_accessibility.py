"""Every page by the rules of WCAG 2.2 AA that a machine can look at, in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from support.portal import pages

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
NARROWEST: ViewportSize = {"width": 320, "height": 256}
"""A screen of 1280 by 1024 pixels, enlarged four times."""
CHOICES = [
    "contracts?status=late",
    "contracts?q=nothing",
    "contracts?sort=nothing",
    f"contracts/4?sha256={'01' * 32}",
    f"contracts/4?state={'01' * 32}",
    "contracts/999",
]
_RUN = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]}))
    .violations.map(found => [found.id, found.nodes.map(node => node.html.slice(0, 200))])"""


def axe(page: Page, rules: list[str] = TAGS) -> list[Any]:
    """What axe-core finds wrong: each rule with what breaks it."""
    found: list[Any] = page.evaluate(_RUN, rules)
    return found


def look(page: Page, address: str) -> list[Any]:
    """What is wrong with a page, wide and narrow, in light and dark."""
    found = []
    page.goto(address)
    # The page's own policy allows no script of others; the debugger is not bound by it.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    for size in (DESKTOP, NARROWEST):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        light = axe(page)
        page.emulate_media(color_scheme="dark")
        # All that the other scheme has of its own are colours.
        dark = axe(page, ["color-contrast"])
        found += [(address, size["width"], *each) for each in [*light, *dark]]
    return found


@pytest.mark.parametrize("language", ["en", "id"])
def test_axe_finds_nothing_on_any_page(browser: Browser, site: str, language: str) -> None:
    page = browser.new_page()
    extra = [f"/{language}/{choice}" for choice in CHOICES]
    found = [line for path in [*pages(site, language), *extra] for line in look(page, site + path)]
    assert found == []
    page.close()


def test_axe_finds_nothing_where_contracts_have_everything(
    browser: Browser, works_site: str
) -> None:
    page = browser.new_page()
    found = [line for path in pages(works_site, "en") for line in look(page, works_site + path)]
    assert found == []
    page.close()


def test_axe_finds_what_is_wrong(browser: Browser, site: str) -> None:
    """Else a list that is empty would mean nothing."""
    page = browser.new_page()
    page.goto(f"{site}/en/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    page.evaluate("document.querySelector('main').outerHTML += '<p>In no part of the page.</p>'")
    assert {rule for rule, _ in axe(page)} == {"html-has-lang", "label", "region"}
    page.close()


@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_is_wider_than_a_screen_enlarged_four_times(
    browser: Browser, works_site: str, language: str
) -> None:
    page = browser.new_page(viewport=NARROWEST)
    for path in pages(works_site, language):
        page.goto(f"{works_site}{path}")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"], path
    page.close()
