"""who asks at the same time
├── is answered by one look, which began after all of them had asked
│   ├── of so many things and no more
│   └── beside as many other looks as may be
├── shares it with who asks for the same thing
├── hears of its failure, and nobody else does
├── may go away without ending it for the others
├── is sent away when it has waited for too long
└── in front of the API
    ├── contracts are read by one statement, of one state
    └── a page is made once for all who ask for it
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.plans import listening
from support.story import NOW, Story

from backend.api.front import Front
from backend.api.services import Services
from backend.api.together import Together
from backend.core.settings import Settings
from backend.db.session import Database, DatabaseUnavailableError
from backend.indexer import index_once

API = "/api/v1"


class Looks:
    """Looks that note what they are for; each ends when the test lets it."""

    def __init__(self) -> None:
        self.noted: list[list[str]] = []
        self.gate = asyncio.Event()

    async def __call__(self, keys: list[str]) -> dict[str, str]:
        """What each key is, and which look says so."""
        self.noted.append(keys)
        number = len(self.noted)
        await self.gate.wait()
        return {key: f"{key}{number}" for key in keys}


async def begun(*asked: Any) -> list[asyncio.Task[str]]:
    """The askers, after all of them have asked."""
    tasks = [asyncio.ensure_future(each) for each in asked]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


def test_one_look_that_began_later() -> None:
    async def ask() -> list[str]:
        looks = Looks()
        shared = Together(looks, most=9)
        first = await begun(shared.get("a"), shared.get("b"))
        others = await begun(*[shared.get(key) for key in "abaac"])
        looks.gate.set()
        found = await asyncio.gather(*first, *others)
        assert looks.noted == [["a", "b"], ["a", "b", "c"]]
        return [*found, await shared.get("a")]

    # The others came after the first look had begun: they share one that began later.
    assert asyncio.run(ask()) == ["a1", "b1", "a2", "b2", "a2", "a2", "c2", "a3"]


def test_no_more_things_and_no_more_looks_than_may_be() -> None:
    async def ask() -> None:
        looks = Looks()
        shared = Together(looks, looks=2, most=2)
        first = await begun(*[shared.get(key) for key in "ab"])
        others = await begun(*[shared.get(key) for key in "cdefg"])
        assert looks.noted == [["a", "b"], ["c", "d"]]
        looks.gate.set()
        assert await asyncio.gather(*first) == ["a1", "b1"]
        assert sorted(await asyncio.gather(*others)) == ["c2", "d2", "e3", "f3", "g4"]

    asyncio.run(ask())


def test_a_look_that_fails_fails_for_all_who_share_it_and_for_no_other() -> None:
    fails = [True, False]

    async def look(keys: list[str]) -> dict[str, str]:
        await asyncio.sleep(0)
        if fails.pop(0):
            raise DatabaseUnavailableError("gone")
        return dict.fromkeys(keys, "here")

    async def ask() -> list[Any]:
        shared = Together(look, most=2)
        asked = [shared.get("a"), shared.get("b"), shared.get("a"), shared.get("c")]
        found = await asyncio.gather(*asked, return_exceptions=True)
        return [each if isinstance(each, str) else type(each) for each in found]

    gone = DatabaseUnavailableError
    assert asyncio.run(ask()) == [gone, gone, gone, "here"]


def test_who_goes_away_ends_it_for_nobody_else() -> None:
    async def ask() -> str:
        looks = Looks()
        shared = Together(looks)
        gone, stays = await begun(shared.get("a"), shared.get("a"))
        gone.cancel()
        looks.gate.set()
        return await stays

    assert asyncio.run(ask()) == "a1"


def test_who_has_waited_for_too_long_is_sent_away() -> None:
    async def ask() -> list[Any]:
        looks = Looks()
        shared = Together(looks, patience=0.05)
        first = await begun(shared.get("a"))
        for _ in range(2):
            for each in await begun(shared.get("b"), shared.get("c"), shared.get("b")):
                with pytest.raises(DatabaseUnavailableError, match="Too many readers at once"):
                    await each
        shared._patience = 60.0
        last = await begun(shared.get("a"))
        looks.gate.set()
        return await asyncio.gather(*first, *last)

    assert asyncio.run(ask()) == ["a1", "a2"]


# --- in front of the API ---


@pytest.fixture
def services(story: Story, postgres_database: Database, tmp_path: Path) -> Iterator[Services]:
    """The story from PostgreSQL."""
    index_once(postgres_database, story.rpc, story.world.deployment, story.store)
    url = postgres_database.url.render_as_string(hide_password=False)
    here = Settings(rpc_url=story.rpc.url, database_url=url, data_dir=tmp_path)
    found = Services(here, lambda: datetime.fromtimestamp(NOW, UTC))
    yield found
    found.database.close()


def ask(services: Services, paths: list[str]) -> list[httpx.Response]:
    """The answers to requests that come together; all are answered in front."""

    async def behind(*_: Any) -> None:
        pytest.fail("not answered in front")

    async def answered() -> list[httpx.Response]:
        front = Front(behind, services)
        transport = httpx.ASGITransport(front)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            try:
                return await asyncio.gather(*[client.get(f"{API}{path}") for path in paths])
            finally:
                await front.close()

    return asyncio.run(answered())


@pytest.mark.parametrize("part", ["", "/summary"])
def test_contracts_by_one_statement(
    services: Services, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    names = ["1", "2", "3", "4", "1", "99", "2"]
    with listening(services.database, monkeypatch) as asked:
        found = ask(services, [f"/contracts/{name}{part}" for name in names])
    statuses = [each.status_code for each in found]
    assert statuses == [404 if name == "99" else 200 for name in names]
    numbers = [each.json()["contract"]["number"] for each in found if each.status_code == 200]
    assert numbers == [1, 2, 3, 4, 1, 2]
    contracts = [sql for sql, _ in asked.statements if "FROM milestones" in sql]
    # Those who came first, and those who came meanwhile.
    assert len(contracts) <= 2
    assert len({each.headers["etag"] for each in found if each.status_code == 200}) == 1


def test_a_page_once(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(services.database, monkeypatch) as asked:
        found = ask(services, ["/contracts?sort=title"] * 9 + ["/contracts?sort=value"])
    assert len({each.content for each in found[:9]}) == 1
    assert found[9].content != found[0].content
    pages = [sql for sql, _ in asked.statements if "ORDER BY" in sql]
    # Who comes while a page is being made waits for the next one.
    assert len(pages) <= 3
