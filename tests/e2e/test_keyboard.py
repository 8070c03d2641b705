"""The portal with a keyboard and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

MANY_STOPS = 400
REACHABLE = "a[href], button, input:not([type=hidden]), select, summary"
_MARK = """selector => {
    const shown = each => each.checkVisibility({checkVisibilityCSS: true});
    const all = [...document.querySelectorAll(selector)].filter(shown);
    all.forEach((each, place) => { each.dataset.place = place; });
    return all.length;
}"""
_FOCUSED = """() => {
    const found = document.activeElement, style = getComputedStyle(found);
    const {left, top, right, bottom, width, height} = found.getBoundingClientRect();
    const seen = width * height && right > 0 && bottom > 0 && left < innerWidth;
    const within = Boolean(seen) && top < innerHeight;
    return [found.dataset.place, within, style.outlineStyle, style.outlineWidth];
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en")
    yield page
    page.close()


def focus(page: Page, selector: str) -> None:
    """Press Tab until something is reached."""
    for _ in range(MANY_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no way by Tab to {selector}")


@pytest.mark.parametrize(
    "path", ["", "contracts", "contracts/4", "payments", "waiting", "budget", "how-to-check"]
)
def test_everything_is_reached_in_its_order_and_seen(page: Page, site: str, path: str) -> None:
    page.goto(f"{site}/en/{path}")
    count = page.evaluate(_MARK, REACHABLE)
    assert count > 10
    stops: list[Any] = []
    for _ in range(count):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(_FOCUSED))
    assert stops == [[str(place), True, "solid", "3px"] for place in range(count)]


def test_receipt_opens_and_closes(page: Page, works_site: str, receipts: int) -> None:
    page.goto(f"{works_site}/en/contracts/{receipts}#payments")
    receipt = page.locator("details.receipt").first
    focus(page, "details.receipt > summary")
    for key, shown in (("Enter", True), ("Space", False), ("Space", True)):
        page.keyboard.press(key)
        assert receipt.locator("dl").is_visible() is shown
    expect(receipt.locator("dl")).to_contain_text("of what is received")


def test_contracts_are_filtered(page: Page, site: str) -> None:
    page.goto(f"{site}/en/contracts")
    focus(page, ".filter select[name=late]")
    page.keyboard.type("late")
    assert page.locator("select[name=late]").input_value() == "yes"
    focus(page, ".filter button")
    page.keyboard.press("Enter")
    page.wait_for_url("**late=yes**")
    assert page.locator("tbody tr").count() == 1


def test_link_in_a_list_is_followed_and_left_again(page: Page, site: str) -> None:
    page.goto(f"{site}/en/contracts")
    focus(page, "tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/contracts/*")
    page.go_back()
    page.wait_for_url("**/en/contracts")


def test_box_for_a_file_is_reached_and_the_form_behind_it(page: Page, site: str) -> None:
    page.goto(f"{site}/en/contracts/4#check")
    focus(page, "#check-file")
    focus(page, ".check summary")
    page.keyboard.press("Enter")
    focus(page, "[name=sha256]")
    page.keyboard.type("01" * 32)
    page.keyboard.press("Enter")
    expect(page.locator("#check-answer")).to_contain_text("Yes: this is the very file")
