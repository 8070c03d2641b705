"""A citizen with an old telephone, without JavaScript, looks into the example's contracts.

a citizen
├── finds a contract that is late, and reads why a payment is smaller than what was claimed
├── sees what an amendment changed, and looks up a term of the trade
├── narrows the list down until nothing is left, and is told how to widen it
├── follows the money from the year to a unit, a budget line, a contract and the chain
├── sees charts, and the figures behind them
└── changes the language, and stays where he is
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from support.gallery import application
from support.node import anvil
from support.portal import served
from support.regency import NOON, build_regency

from backend.chain.rpc import Rpc

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: no chromium on the PATH"
)

LATE = "Penanganan Longsoran Ruas Cikaret"
WIDTH = 360


@pytest.fixture(scope="module")
def regency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the portal on the example."""
    with anvil() as url, Rpc(url) as rpc:
        settings = build_regency(rpc, tmp_path_factory.mktemp("regency"))
        head = int(rpc.call("eth_blockNumber"), 16)
        with served(application(settings, head, NOON)) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium has no sandbox of its own when it runs as root in a container.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A telephone that runs no scripts, of a reader of English."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 740}, java_script_enabled=False, locale="en"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    assert complaints == []
    assert context.cookies() == []
    context.close()


def test_finds_a_late_contract_and_reads_why_a_payment_is_smaller(page: Page, regency: str) -> None:
    page.goto(regency)
    page.get_by_role("link", name="3 contracts late").click()
    page.locator("tbody").get_by_role("link", name=LATE).click()
    assert page.locator("h1").inner_text() == LATE
    lead = page.locator(".lead").inner_text()
    assert "2 of 3 stages paid" in lead
    assert "days late" in lead

    payment = page.locator(".payments tbody tr", has_text="Termin I (60 %)")
    assert payment.locator(".why").inner_text().replace("\u00a0", " ") == (
        "IDR 1,975,621,621.61 is what is left of the IDR 2,400,000,000 of the accepted work after "
        "IDR 120,000,000 kept as retention, IDR 24,000,000 for 10 days of delay and "
        "IDR 280,378,378.39 tax."
    )
    payment.locator("summary").click()
    parts = payment.locator("dl .n").all_inner_texts()
    gross, *taken, net = (float(part.replace(",", "").replace("−", "-")) for part in parts)
    assert (gross, net) == (2_400_000_000, 1_975_621_621.61)
    assert gross + sum(taken) == pytest.approx(net, abs=0.001)


def test_sees_what_an_amendment_changed_and_looks_up_the_word(page: Page, regency: str) -> None:
    page.goto(f"{regency}/en/contracts?q=longsoran")
    page.locator("tbody").get_by_role("link", name=LATE).click()
    changes = page.locator("#a1 tbody tr")
    first = changes.first.inner_text().split()
    assert first == ["Contract", "value", "4,000,000,000", "4,800,000,000"]
    assert "not there" in changes.nth(4).inner_text()
    page.locator("#amendments").get_by_role("link", name="Amendments").click()
    assert page.url == f"{regency}/en/glossary#amendment"
    meaning = page.locator("#amendment dd").inner_text()
    assert meaning == "A change of value, date or stages that both sides have signed."


def test_narrows_the_list_and_widens_it_again(page: Page, regency: str) -> None:
    page.goto(f"{regency}/en/contracts")
    page.get_by_label("Lateness").select_option("yes")
    page.get_by_label("Value at least").fill("5000000000")
    page.get_by_role("button", name="Show").click()
    assert page.locator("tbody tr").count() == 1
    assert "worth at least IDR 5,000,000,000" in page.locator(".lead").inner_text().replace(
        "\u00a0", " "
    )
    page.get_by_label("Year").fill("2025")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".lead").inner_text() == "No contract matches."
    page.get_by_role("link", name="of any year").click()
    assert page.locator("tbody tr").count() == 1
    page.get_by_label("Order").select_option("value")
    page.get_by_role("button", name="Show").click()
    assert "sort=value" in page.url
    assert page.locator("tbody tr").count() == 1


def test_follows_the_money_down_to_the_chain(page: Page, regency: str) -> None:
    page.goto(f"{regency}/en/")
    assert page.locator("h2").first.inner_text() == "Where the money of 2026 is, IDR"
    row = page.locator(".units tbody tr", has_text="Dinas Kesehatan")
    row.locator("td a").click()
    line = page.locator("tbody tr", has_text="1.02.02.2.01.0014").locator("th a")
    line.click()
    assert page.locator("h1").inner_text() == "Budget line 1.02.02.2.01.0014.5.2.02.08.01.0001"
    page.locator(".contracts tbody th a").first.click()
    assert page.locator("h1").inner_text() == "Pengadaan Alat Kesehatan RSUD Sukamaju"
    page.locator("#payments ~ table .mark, .payments .mark").first.click()
    assert "/en/facts/" in page.url
    assert "cast receipt 0x" in page.locator("pre").first.inner_text()


def test_sees_charts_and_the_figures_behind_them(page: Page, regency: str) -> None:
    page.goto(f"{regency}/en/")
    chart = page.locator("picture img")
    box = chart.bounding_box()
    assert box is not None
    assert box["width"] <= WIDTH
    assert box["height"] > 100
    assert (chart.get_attribute("alt") or "").startswith("Bar chart: ")
    page.locator("summary", has_text="The figures, month by month").click()
    months = page.locator("table.narrow tbody tr")
    assert months.count() == 12
    assert months.first.is_visible()


def test_changes_the_language_and_stays(page: Page, regency: str) -> None:
    page.goto(f"{regency}/en/contracts?late=yes&least=1000000000&sort=value")
    found = page.locator("tbody th a").all_inner_texts()
    page.get_by_role("link", name="ID", exact=True).click()
    assert page.url == f"{regency}/id/contracts?late=yes&least=1000000000&sort=value"
    assert page.locator("html").get_attribute("lang") == "id"
    assert page.locator("tbody th a").all_inner_texts() == found
    page.locator("tbody").get_by_role("link", name=LATE).click()
    why = page.locator(".payments tbody tr", has_text="Termin I (60 %)").locator(".why")
    assert why.inner_text().replace("\u00a0", " ") == (
        "Rp 1.975.621.621,61 adalah sisa dari Rp 2.400.000.000 nilai pekerjaan yang diterima "
        "setelah dikurangi Rp 120.000.000 retensi, Rp 24.000.000 denda keterlambatan 10 hari, dan "
        "Rp 280.378.378,39 pajak."
    )
