"""The portal in a browser, on a telephone and without JavaScript."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)
from support.gallery import application, build
from support.node import anvil, free_port

from backend.chain.rpc import Rpc

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: no chromium on the PATH"
)

PAGES = [
    "",
    "contracts",
    "contracts?status=late",
    "contracts?q=nothing",
    *(f"contracts/{number}" for number in range(1, 7)),
    "payments",
    "participants/1",
    "participants/4",
    "budget",
    "budget/1",
    "glossary",
    "waiting",
    "how-to-check",
]
TELEPHONE = {"width": 375, "height": 740}
NARROWEST = {"width": 320, "height": 640}
"""A screen of 1280 pixels, enlarged four times."""
DESKTOP = {"width": 1280, "height": 900}


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
        deadline = time.monotonic() + 15
        while not server.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium has no sandbox of its own when it runs as root in a container.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    """A telephone that runs no scripts."""
    context = browser.new_context(viewport=TELEPHONE, java_script_enabled=False, locale="en")
    yield context
    context.close()


def watch(page: Page, site: str) -> list[str]:
    """What a page complains of and what it asks of others, as it happens."""
    heard: list[str] = []

    def said(message: ConsoleMessage) -> None:
        heard.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith(f"{site}/"):
            heard.append(request.url)

    page.on("console", said)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", asked)
    return heard


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("viewport", [NARROWEST, TELEPHONE, DESKTOP], ids=["320", "375", "1280"])
def test_no_page_is_wider_than_the_screen(
    browser: Browser, site: str, language: str, viewport: dict[str, int]
) -> None:
    context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
    page = context.new_page()
    heard = watch(page, site)
    for path in PAGES:
        page.goto(f"{site}/{language}/{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], path
    assert heard == []
    assert context.cookies() == []
    context.close()


def test_citizen_finds_the_late_contract_and_reads_why(
    telephone: BrowserContext, site: str
) -> None:
    page = telephone.new_page()
    page.goto(site)
    assert page.url == f"{site}/en/"
    page.get_by_role("link", name="1 contract late").click()
    page.locator("tbody").get_by_role("link", name="<script>alert(1)</script>").first.click()
    assert page.url == f"{site}/en/contracts/4"
    assert "12 days late" in page.locator(".lead").inner_text()
    assert "bad <b>work</b>" in page.locator("#s1").inner_text()
    page.locator("#s1").get_by_role("link", name="rejected").click()
    assert page.locator("h1").inner_text() == "The committee rejected a stage"


def test_search_works_on_a_telephone(telephone: BrowserContext, site: str) -> None:
    page = telephone.new_page()
    page.goto(f"{site}/en/")
    page.get_by_label("Search contracts").fill("rupiah")
    page.get_by_label("Search contracts").press("Enter")
    assert page.locator("tbody tr").count() == 1
    page.get_by_role("link", name="Satu Rupiah").click()
    assert page.locator("h1").inner_text() == "Satu Rupiah"


def test_language_is_switched_on_the_same_page(telephone: BrowserContext, site: str) -> None:
    page = telephone.new_page()
    page.goto(f"{site}/en/contracts/1")
    page.get_by_role("link", name="ID", exact=True).click()
    assert page.url == f"{site}/id/contracts/1"
    assert "Siapa yang terlibat" in page.locator("main").inner_text()


def test_row_of_a_table_is_a_card_on_a_telephone(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=TELEPHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/en/contracts")
    cells = page.locator("tbody tr").first.locator("th, td")
    tops = [cells.nth(place).bounding_box() for place in range(cells.count())]
    heights = [box["y"] for box in tops if box is not None]
    assert heights == sorted(set(heights))
    label = "getComputedStyle(document.querySelector('tbody td'), '::before').content"
    assert page.evaluate(label) == '"Supplier"'
    context.close()


def test_money_is_aligned_to_the_right(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/en/contracts/3")
    rights = page.evaluate(
        "[...document.querySelectorAll('.payments td.n')].map(cell => {"
        "const range = document.createRange(); range.selectNodeContents(cell);"
        "return Math.round(range.getBoundingClientRect().right)})"
    )
    assert len(rights) == 81
    assert len(set(rights)) == 1
    context.close()


def test_focus_of_the_keyboard_is_seen(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    for _ in range(20):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style == ["solid", "3px"]
    context.close()


def test_skip_link_leads_to_the_content(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/en/contracts/3")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    context.close()


def test_dark_and_light_are_both_there(browser: Browser, site: str) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site}/en/")
        seen.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert seen == {"rgb(255, 255, 255)", "rgb(21, 24, 27)"}


def test_style_sheet_is_used_by_every_page(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=TELEPHONE)  # type: ignore[arg-type]
    page = context.new_page()
    sheets = set()
    for path in ("en/", "id/contracts/1", "en/nothing"):
        page.goto(f"{site}/{path}")
        sheets |= set(page.evaluate("[...document.styleSheets].map(sheet => sheet.href)"))
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 50
    assert len(sheets) == 1
    context.close()
