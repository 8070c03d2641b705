"""a payment appears live
├── within a second of its block, on the overview, the contract and the payments
│   ├── marked by a word, told to who listens, with the page's figures
│   └── what the reader opened, focused and wrote stays as it is
├── that the chain gives up goes again
├── on a page that the browser kept, once it is looked at again
├── not where JavaScript is off, or the feed refuses
└── and the script is small
"""

from __future__ import annotations

import gzip
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from support.gallery import Gallery, _people
from support.node import anvil, free_port
from support.vocabulary import Contract, milestone
from support.world import World, deploy

from backend.app import create_app
from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.web.assets import assets

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MILLISECONDS = 1_000
STAGES = 40

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: no chromium on the PATH"
    ),
]


@dataclass
class Site:
    """A server that follows a chain, on which a contract is under way."""

    url: str
    world: World
    contract: Contract
    stage: int = 0

    def pay(self) -> tuple[int, float]:
        """Pay the next stage: its number from 1, and when its block was in the chain."""
        number, self.stage = self.stage, self.stage + 1
        attempt = self.world.submit(self.contract, number)
        self.world.accept(self.contract, number, attempt)
        return number + 1, time.monotonic()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("live")
    with anvil() as url, Rpc(url) as rpc:
        world = deploy(rpc)
        world.admit("IDR", 2)
        world.deployment.save(folder)
        settings = Settings(rpc_url=url, data_dir=folder, confirmations=1_000, feed_readers=5)
        store = DocumentStore(settings.documents_dir)
        gallery = Gallery(world, store, _people(world, store), {})
        line = world.appropriate(gallery.people["city"], "IDR", 10**12)
        schedule = [milestone(100_000)] * STAGES
        contract = gallery.make("bridge", "Jembatan Sukamaju", schedule, line=line)
        world.fund(contract)
        port = free_port()
        app = create_app(settings, index=True)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        found = Site(f"http://127.0.0.1:{port}", world, contract)
        found.pay()
        _wait_for_payments(found, 1)
        yield found
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


def _wait_for_payments(site: Site, count: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            answer = httpx.get(f"{site.url}/api/v1/contracts/1", timeout=30)
            if answer.status_code == 200 and len(answer.json()["payments"]) == count:
                return
        except httpx.ConnectError:
            pass
        assert time.monotonic() < deadline, "the payment is not indexed"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium has no sandbox of its own when it runs as root in a container.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(locale="en")
    yield found
    for page in found.pages:
        # A page that listens may be asking for itself anew: what answers it here must end first.
        page.unroute_all(behavior="wait")
    found.close()


def opened(context: BrowserContext, site: Site, path: str) -> Page:
    """A page that listens to the feed."""
    page = context.new_page()
    with page.expect_response(lambda answer: "/api/v1/feed" in answer.url):
        page.goto(f"{site.url}/{path}")
    return page


def rows(page: Page) -> list[str]:
    """What the rows of its payments say."""
    return page.locator("table.payments tbody tr").all_inner_texts()


@pytest.mark.parametrize("path", ["en/", "en/contracts/1", "en/payments", "id/contracts/1"])
def test_within_a_second_of_its_block(context: BrowserContext, site: Site, path: str) -> None:
    page = opened(context, site, path)
    before = len(rows(page))
    stage, mined = site.pay()
    word = "baru" if path.startswith("id") else "new"
    new = page.locator("table.payments tr:has(strong.new)")
    new.wait_for(timeout=10 * MILLISECONDS)
    took = time.monotonic() - mined
    assert took < 1.0, f"{took:.2f} s from the block to the page"
    assert new.count() == 1
    assert word in new.inner_text()
    assert f"#s{stage}" in new.inner_html()
    if "contracts" in path:
        assert len(rows(page)) == before + 1
    told = {"en": "A new payment stands on this page.", "id": "Ada pembayaran baru di halaman ini."}
    assert page.locator("#told").inner_text() == told[path[:2]]
    assert page.locator("#told").get_attribute("role") == "status"


def test_figures_follow(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "en/contracts/1")
    lead = page.locator(".lead")
    stage, _ = site.pay()
    page.locator(f"#s{stage} .steps >> text=accepted and paid").wait_for(timeout=10_000)
    assert f"{stage} of {STAGES} stages paid" in lead.inner_text()
    block = site.world.rpc.call("eth_blockNumber")
    assert (
        f"Read from the chain up to block {int(block, 16)}," in page.locator("footer").inner_text()
    )


def test_what_the_reader_does_stays(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "en/contracts/1")
    page.evaluate(
        "() => { const details = document.createElement('details');"
        "details.innerHTML = '<summary>mine</summary>';"
        "document.querySelector('.payments tbody td').append(details); }"
    )
    page.get_by_label("Search contracts").fill("half a word")
    proof = page.locator("table.payments a.mark").first
    proof.focus()
    page.evaluate("scrollTo(0, 300)")
    held = proof.get_attribute("href")
    site.pay()
    page.locator("strong.new").wait_for(timeout=10_000)
    assert page.evaluate("document.activeElement.getAttribute('href')") == held
    assert page.get_by_label("Search contracts").input_value() == "half a word"
    assert page.evaluate("scrollY") == 300


def test_receipt_that_is_open_stays_open(context: BrowserContext, site: Site) -> None:
    """Payments here have no deductions: their receipts are put into the pages that are served."""
    page = context.new_page()

    def with_receipts(route: Route) -> None:
        answer = route.fetch()
        receipt = "<details><summary>Receipt</summary>parts</details>"
        body = answer.text().replace('<td data-label="Stage">', f'<td data-label="Stage">{receipt}')
        route.fulfill(response=answer, body=body)

    page.route("**/en/contracts/1", with_receipts)
    with page.expect_response(lambda answer: "/api/v1/feed" in answer.url):
        page.goto(f"{site.url}/en/contracts/1")
    page.locator(".payments details summary").first.click()
    count = len(rows(page))
    site.pay()
    page.locator("strong.new").wait_for(timeout=10_000)
    opens = page.locator(".payments details").evaluate_all("all => all.map(each => each.open)")
    # The new payment stands first.
    assert opens == [False, True] + [False] * (count - 1)


def test_who_writes_is_not_disturbed(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "en/contracts/1")
    page.get_by_text("With a command").click()
    page.get_by_label("Fingerprint (SHA-256)").fill("12ab")
    site.pay()
    page.locator("strong.new").wait_for(timeout=10_000)
    assert page.evaluate("document.activeElement.value") == "12ab"


def test_what_the_chain_gives_up_goes(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "en/contracts/1")
    before = rows(page)
    head = int(site.world.rpc.call("eth_blockNumber"), 16)
    site.pay()
    page.locator("strong.new").wait_for(timeout=10_000)
    depth = int(site.world.rpc.call("eth_blockNumber"), 16) - head
    site.world.rpc.call("anvil_reorg", depth, [])
    site.stage -= 1
    page.locator("strong.new").wait_for(state="detached", timeout=20_000)
    assert rows(page) == before


def test_page_that_was_left_is_brought_up_to_date(context: BrowserContext, site: Site) -> None:
    page = opened(context, site, "en/contracts/1")
    count = len(rows(page))
    leave = "() => dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))"
    back = "() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    page.evaluate(leave)
    site.pay()
    _wait_for_payments(site, count + 1)
    page.wait_for_timeout(1_500)
    assert len(rows(page)) == count
    page.evaluate(back)
    page.locator("strong.new").wait_for(timeout=10_000)
    assert len(rows(page)) == count + 1


def test_without_javascript_nothing_is_asked_for(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))
    page.goto(f"{site.url}/en/contracts/1")
    count = len(rows(page))
    site.pay()
    _wait_for_payments(site, count + 1)
    page.wait_for_timeout(1_000)
    assert len(rows(page)) == count
    assert [path for path in asked if "feed" in path or path.endswith(".js")] == []
    page.reload()
    assert len(rows(page)) == count + 1
    context.close()


def test_page_whose_feed_is_refused_stands(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/api/v1/feed*", lambda route: route.fulfill(status=503, body="{}"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/en/contracts/1")
    count = len(rows(page))
    page.wait_for_timeout(3_000)
    assert len(rows(page)) == count
    assert len([url for url in asked if "/api/v1/feed" in url]) == 1
    assert wrong == []


def test_pages_that_show_no_payments_ask_nothing(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/en/budget")
    page.wait_for_timeout(500)
    assert [url for url in asked if "/api/" in url] == []


def test_the_script_is_small() -> None:
    assert len(gzip.compress(assets()["live.js"].content)) < 2_000
