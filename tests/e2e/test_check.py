"""A file of the reader's beside the documents of a contract."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

NAMED = b"evidence 3"
"""What the supplier reported of stage 4; see `support.receipts`."""
YES = (
    "Yes: this is the very file that is named here as “Evidence of the supplier, stage 4, "
    "16 July 2026”. Its fingerprint: " + hashlib.sha256(NAMED).hexdigest()
)
NO = "No: this file is none of those named here. Its fingerprint: "
LIVE = "/api/v1/feed"
"""Which the page listens to from the moment it is ready, whatever its reader does."""
TOO_LARGE = 100 * 1024 * 1024 + 1


@pytest.fixture
def page(browser: Browser, works_site: str, receipts: int) -> Iterator[Page]:
    """The page of the contract, on which a file can be chosen."""
    page = browser.new_page(locale="en")
    page.goto(f"{works_site}/en/contracts/{receipts}")
    yield page
    page.close()


def file(folder: Path, content: bytes) -> Path:
    path = folder / f"{hashlib.sha256(content).hexdigest()[:8]}.pdf"
    path.write_bytes(content)
    return path


def test_file_is_hashed_in_the_browser_and_never_sent(page: Page, tmp_path: Path) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    box, answer = page.get_by_label("Your file."), page.locator("#check-answer")
    box.set_input_files(file(tmp_path, NAMED))
    expect(answer).to_have_text(YES)
    for content in (NAMED + b" ", b"", bytes(range(256)) * 4096):
        box.set_input_files(file(tmp_path, content))
        expect(answer).to_have_text(NO + hashlib.sha256(content).hexdigest())
    box.set_input_files(file(tmp_path, NAMED))
    expect(answer).to_have_text(YES)
    assert answer.get_attribute("aria-live") == "polite"
    assert {(one.method, one.post_data_buffer) for one in asked} <= {("GET", None)}
    others = [urlsplit(one.url) for one in asked if "/static/" not in one.url]
    assert {(one.path, *parse_qs(one.query)) for one in others} <= {(LIVE, "after")}
    assert not any(hashlib.sha256(NAMED).hexdigest() in one.url for one in asked)


def test_file_that_is_too_large_is_told_what_to_do(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "video.mp4"
    with large.open("wb") as opened:
        opened.truncate(TOO_LARGE)
    page.get_by_label("Your file.").set_input_files(large)
    expect(page.locator("#check-answer")).to_have_text(
        "The file is too large for the browser. Work out its fingerprint with a command, and "
        "enter it below."
    )


def test_file_that_is_gone_is_told_apart(page: Page, tmp_path: Path) -> None:
    gone = file(tmp_path, b"soon gone")
    page.evaluate(
        "() => { File.prototype.arrayBuffer = () => Promise.reject(new DOMException('gone')); }"
    )
    page.get_by_label("Your file.").set_input_files(gone)
    expect(page.locator("#check-answer")).to_contain_text("The browser cannot read this file.")


def test_page_without_a_secure_line_says_why_and_takes_a_fingerprint(
    browser: Browser, works_site: str, receipts: int
) -> None:
    page = browser.new_page()
    elsewhere = works_site.replace("127.0.0.1", "termin.test")
    page.goto(f"{elsewhere}/en/contracts/{receipts}")
    assert not page.get_by_label("Your file.").is_visible()
    expect(page.locator("#check-answer")).to_contain_text("whose address begins with https")
    enter(page, hashlib.sha256(NAMED).hexdigest())
    expect(page.locator("#check-answer")).to_have_text(YES)
    page.close()


def test_fingerprint_is_checked_without_javascript(
    browser: Browser, works_site: str, receipts: int
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{works_site}/en/contracts/{receipts}")
    assert not page.get_by_label("Your file.").is_visible()
    commands = page.locator(".check code").all_inner_texts()
    assert commands == [
        "certutil -hashfile FILE SHA256",
        "shasum -a 256 FILE",
        "sha256sum FILE",
    ]
    for content, told in ((NAMED, YES), (b"x", NO + hashlib.sha256(b"x").hexdigest())):
        enter(page, hashlib.sha256(content).hexdigest())
        expect(page.locator("#check-answer")).to_have_text(told)
        assert page.url.endswith("#check")
    context.close()


def enter(page: Page, digest: str) -> None:
    """Ask by a fingerprint, with the keyboard."""
    field = page.get_by_label("Fingerprint (SHA-256)")
    assert field.is_visible()
    field.fill(digest)
    field.press("Enter")
