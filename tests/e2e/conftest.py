"""End to end: a browser, and portals for it to look at.

What the tests of the backend share is shared here too.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "backend"))

from support.gallery import application, build
from support.node import anvil
from support.portal import served
from support.receipts import NAME, play_receipts
from support.states import published_states as published_states
from support.works_played import play

from backend.chain.rpc import Rpc
from backend.core.documents import DocumentStore
from backend.core.settings import Settings
from backend.db.session import Database
from backend.indexer import index_once

ELSEWHERE = "MAP termin.test 127.0.0.1"
"""A name that browsers do not take for their own machine."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium. Where there is none the tests skip, but never in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI"):
        pytest.fail("Chromium is not installed: no chromium on the PATH")
    if found is None:
        pytest.skip("Chromium is not installed: no chromium on the PATH")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium has no sandbox of its own when it runs as root in a container.
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", f"--host-resolver-rules={ELSEWHERE}"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal on the gallery."""
    with anvil() as url, Rpc(url) as rpc:
        settings = build(rpc, tmp_path_factory.mktemp("site"))
        head = int(rpc.call("eth_blockNumber"), 16)
        with served(application(settings, head)) as address:
            yield address


@pytest.fixture(scope="session")
def works_site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal on all that contracts can have; the last one has 81 receipts."""
    folder = tmp_path_factory.mktemp("works")
    with anvil() as url, Rpc(url) as rpc:
        settings = Settings(rpc_url=url, data_dir=folder, database_url="", time_zone="Asia/Jakarta")
        store = DocumentStore(settings.documents_dir)
        works = play(rpc, store)
        play_receipts(works)
        database = Database(settings.database)
        index_once(database, rpc, works.world.deployment, store)
        database.close()
        head = int(rpc.call("eth_blockNumber"), 16)
        assert works.world.now is not None
        with served(application(settings, head, works.world.now)) as address:
            yield address


@pytest.fixture(scope="session")
def receipts(works_site: str) -> int:
    """The number of the contract with 81 receipts."""
    answer = httpx.get(f"{works_site}/api/v1/contracts", params={"limit": 100}).raise_for_status()
    numbers = {one["contractId"]: one["number"] for one in answer.json()["contracts"]}
    return int(numbers[NAME])
