"""in front of the API
├── answers what FastAPI answers, byte for byte
│   └── and what the documented models would write
├── keeps an answer while the index stands still
│   ├── and looks anew for each reader
│   ├── not beyond its memory
│   ├── not a document, nor what is no whole answer
│   └── and of the statements of many forms their texts alone
├── 304 without asking for the contract
└── a database
    ├── that went away and came back is served from again
    ├── that is gone: 503, to be tried again
    ├── whose readers are all busy: 503
    ├── that moves between two statements: of one state nonetheless
    └── that has moved: who is meant by a number is looked up anew
"""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import event, select, update
from support.indexes import Indexes
from support.problems import problem
from support.story import NOW, Story
from support.works import LAST_DAY, Works
from support.works import START as WORKS_START

from backend.api import reading
from backend.api.application import create_api
from backend.api.cache import Answer, AnswerCache
from backend.api.schemas import answers
from backend.api.services import Services
from backend.app import create_app
from backend.core.settings import Settings
from backend.db import lanes
from backend.db.models import Cursor, Participant
from backend.db.session import Database, DatabaseUnavailableError
from backend.queries.contract_pages import CURSOR, PageQuestion
from backend.queries.filters import ContractFilter

API = "/api/v1"


@pytest.fixture(params=["story", "works"])
def server(
    request: pytest.FixtureRequest, any_database: Database, tmp_path: Path, indexes: Indexes
) -> Iterator[Services]:
    """The services on the story, and on the works, on both databases."""
    tale: Story | Works = request.getfixturevalue(request.param)
    indexes.fill(any_database, tale)
    at = NOW if request.param == "story" else WORKS_START + LAST_DAY * 86_400
    now = datetime.fromtimestamp(at, UTC)
    found = Services(settings(tale, any_database, tmp_path), lambda: now)
    yield found
    found.database.close()


def settings(tale: Story | Works, database: Database, folder: Path) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return Settings(rpc_url=tale.rpc.url, database_url=url, data_dir=folder)


LISTED = [
    "/contracts",
    "/contracts?late=true&sort=title&order=asc",
    "/contracts?late=false&status=closed&status=active&sort=value",
    "/contracts?q=a&buyer=1&year=2024&sort=paid&order=asc&limit=2",
    "/contracts?currency=MXN&sort=updated&limit=1",
    "/contracts?supplier=3&sort=created",
    # Statuses, years and limits stand in the statement: another one must not be taken for it.
    "/contracts?status=active&year=2024&sort=value&limit=1",
    "/contracts?status=closed&year=2024&sort=value&limit=1",
    "/contracts?status=active&year=2023&sort=value&limit=1",
    "/contracts?status=active&year=2024&sort=value&limit=2",
]
REFUSED = [
    "/contracts/99",
    "/contracts/abc",
    "/contracts/99/summary",
    "/contracts/summary",
    "/contracts//summary",
    "/contracts/1/summary/summary",
    "/contracts?buyer=99",
    "/contracts?supplier=0x" + "9" * 64,
    "/contracts?limit=0",
    "/contracts?year=",
    "/contracts?sort=age&sort=date",
    "/contracts?after=eA",
]


AROUND = {"vary", "x-request-id", "access-control-allow-origin", "access-control-expose-headers"}
"""Headers that come from what stands around both."""
PLAIN = {"Accept-Encoding": "identity"}


def own(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in AROUND}


def test_answers_what_fastapi_answers(server: Services) -> None:
    with (
        TestClient(create_app(server.settings, clock=server.clock), headers=PLAIN) as front,
        TestClient(create_api(server)) as behind,
    ):
        total = len(behind.get("/contracts?limit=200").json()["contracts"])
        names = [f"/contracts/{number}" for number in range(1, total + 1)]
        address = behind.get("/contracts/1").json()["contract"]["address"]
        names.append(f"/contracts/{address}")
        models: dict[str, type[BaseModel]] = dict.fromkeys(names, answers.ContractDetail)
        models |= {f"{name}/summary": answers.ContractShort for name in names}
        paths = [*models, *LISTED]
        paths += [f"{p}&after={n}" for p in LISTED[1:] if (n := behind.get(p).json()["next"])]
        for path in paths:
            fast, slow = front.get(f"{API}{path}"), behind.get(path)
            assert (fast.status_code, fast.content) == (200, slow.content)
            assert own(fast.headers) == own(slow.headers)
            assert front.get(f"{API}{path}").content == fast.content
            assert written(models.get(path, answers.ContractList), fast.content)
        for path in REFUSED:
            fast, slow = front.get(f"{API}{path}"), behind.get(path)
            assert fast.status_code == slow.status_code
            instance = f"{API}{slow.json()['instance']}"
            request_id = fast.headers["x-request-id"]
            assert fast.json() == slow.json() | {"instance": instance, "requestId": request_id}
    assert total >= 6


def written(model: type[BaseModel], body: bytes) -> bool:
    """Whether a documented model would have written these very bytes."""
    return model.model_validate_json(body).model_dump_json(by_alias=True).encode() == body


MODELS = {
    "/contracts/1/history": answers.ContractHistory,
    "/payments": answers.PaymentList,
    "/payments?sort=net&order=asc&limit=2": answers.PaymentList,
    "/participants": answers.ParticipantList,
    "/participants/1": answers.ParticipantDetail,
    "/participants/3": answers.ParticipantDetail,
    "/budget-lines": answers.BudgetLineList,
    "/budget-lines/1": answers.BudgetLineDetail,
    "/totals": answers.Totals,
}


@pytest.mark.parametrize("path", MODELS)
def test_writes_what_the_models_would(server: Services, path: str) -> None:
    with TestClient(create_app(server.settings, clock=server.clock)) as client:
        assert written(MODELS[path], client.get(f"{API}{path}").content)


# --- kept ---


def kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "x-request-id"}


def test_a_kept_answer_is_not_asked_for_again(story: Story, told: Database, tmp_path: Path) -> None:
    now = datetime.fromtimestamp(NOW, UTC)
    application = create_app(settings(story, told, tmp_path), clock=lambda: now)
    asked: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(application.state.services.database.engine, "before_cursor_execute", note)
    with TestClient(application) as client:
        for path in ("/contracts/1", "/contracts/1/summary", "/contracts", "/totals"):
            first = client.get(f"{API}{path}")
            asked.clear()
            again = client.get(f"{API}{path}")
            assert (again.content, kept(again.headers)) == (first.content, kept(first.headers))
            assert len(asked) == 1
        tag = {"If-None-Match": client.get(f"{API}/contracts/2").headers["etag"]}
        asked.clear()
        same = client.get(f"{API}/contracts/3", headers=tag)
        assert (same.status_code, same.content, len(asked)) == (304, b"", 1)


def test_a_new_state_is_seen_by_the_next_reader(client: TestClient, any_database: Database) -> None:
    for revision in range(1, 4):
        with any_database.transaction() as session:
            session.execute(update(Cursor).values(documents_revision=revision))
            session.execute(update(Participant).values(name=f"No. {revision}"))
        for path in ("/contracts/1", "/contracts/1/summary", "/contracts?buyer=1"):
            body = client.get(f"{API}{path}").json()
            found = body["contract"] if "contract" in body else body["contracts"][0]
            assert found["buyer"]["name"] == f"No. {revision}"


def answer(size: int, etag: str = 'W/"1"') -> Answer:
    return Answer(etag, [], b"x" * (size - 1_000), "")


def test_keeps_no_more_than_its_memory() -> None:
    cache = AnswerCache(10_004)
    for number in range(5):
        cache.put((f"/{number}", b"", False), answer(4_000))
    assert len(cache) == 2
    assert cache.get(("/4", b"", False), 'W/"1"') is not None
    assert cache.get(("/3", b"", False), 'W/"2"') is None
    assert cache.get(("/3", b"", False), 'W/"1"') is not None
    cache.put(("/5", b"", False), answer(4_000))
    assert [cache.has((f"/{n}", b"", False)) for n in (3, 4, 5)] == [True, False, True]
    cache.put(("/3", b"", False), answer(6_000, 'W/"2"'))
    assert (len(cache), cache.has(("/5", b"", False))) == (2, True)
    cache.put(("/6", b"", False), answer(11_000))
    assert not cache.has(("/6", b"", False))


def test_counts_what_was_asked() -> None:
    cache = AnswerCache(10_000)
    for number in range(5):
        cache.put((f"/{number}", b"&" * 3_000, False), answer(1_000))
    assert [cache.has((f"/{n}", b"&" * 3_000, False)) for n in range(5)] == [False] * 3 + [True] * 2
    cache.put(("/" * 9_001, b"", False), answer(1_000))
    assert not cache.has(("/" * 9_001, b"", False))
    assert len(cache) == 2


def test_without_memory_keeps_nothing(story: Story, told: Database, tmp_path: Path) -> None:
    here = settings(story, told, tmp_path).model_copy(update={"api_cache_bytes": 0})
    with TestClient(create_app(here)) as client:
        assert client.get(f"{API}/contracts/1").content == client.get(f"{API}/contracts/1").content


def test_a_status_counts_once(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = []
    plain = reading.OnLanes._statement

    def note(self: Any, asked: Any) -> Any:
        forms.append(asked.form)
        return plain(self, asked)

    monkeypatch.setattr(reading.OnLanes, "_statement", note)
    wanted = ("active", "closed"), ("closed", "active"), ("closed", "active", "closed", "active")
    found = [served.get(f"{API}/contracts", params={"status": each}) for each in wanted]
    assert {answer.status_code for answer in found} == {200}
    assert found[0].content == found[1].content == found[2].content
    assert len(set(forms)) == 1
    found = [served.get(f"{API}/contracts", params={"q": q}) for q in ("a e", "e a a", "a e e e")]
    assert found[0].content == found[1].content == found[2].content
    assert len(set(forms)) == 2


def test_of_many_forms_little_is_kept() -> None:
    kept = reading.OnLanes(Database("postgresql://nobody@127.0.0.1:1/none"))
    choices = product(("active", "closed", "signed"), ("value", "date"), ("asc", "desc"), range(3))
    asked = [
        PageQuestion(
            ContractFilter(status=(status,) * many, text="road bridge " * many, late=True),
            datetime(2024, 1, 1, tzinfo=UTC),
            sort,
            order,  # type: ignore[arg-type]
            50,
            None,
        )
        for status, sort, order, many in choices
    ]
    kept._statement(asked[0])
    tracemalloc.start()
    try:
        for each in asked:
            kept._statement(each)
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept._forms) == len({each.form for each in asked}) == 12
    assert size < len(kept._forms) * 40_000


# --- a database that fails ---


@pytest.fixture
def served(
    story: Story, postgres_database: Database, tmp_path: Path, indexes: Indexes
) -> Iterator[TestClient]:
    """The story from PostgreSQL."""
    indexes.fill(postgres_database, story)
    with TestClient(create_app(settings(story, postgres_database, tmp_path))) as client:
        yield client


def end_all(database: Database) -> None:
    """End all connections to a database but one's own."""
    plain = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_that_broke_are_replaced(
    served: TestClient, postgres_database: Database
) -> None:
    paths = [f"{API}/contracts/1", f"{API}/contracts", f"{API}/totals"]
    first = [served.get(path).json() for path in paths]
    end_all(postgres_database)
    assert [served.get(path).json() for path in paths] == first


def test_a_database_that_is_gone(served: TestClient, postgres_database: Database) -> None:
    assert served.get(f"{API}/contracts/1").status_code == 200
    name = postgres_database.url.database
    plain = postgres_database.url.set(drivername="postgresql", database="postgres")
    admin = plain.render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(end, [name])
        for path in ("/contracts/1", "/contracts/2", "/contracts", "/payments"):
            response = served.get(f"{API}{path}")
            body = problem(response, 503)
            assert body["type"] == "urn:termin:problem:database-unavailable"
            assert response.headers["retry-after"] == "5"
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    assert served.get(f"{API}/contracts/2").status_code == 200


def test_too_many_readers(postgres_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "CONNECTIONS", 1)
    postgres_database.migrate()

    async def ask() -> None:
        tried = lanes.Lanes(postgres_database.url)
        with monkeypatch.context() as patched:
            patched.setattr(lanes, "WAIT_SECONDS", 0.05)
            async with tried._place():
                with pytest.raises(DatabaseUnavailableError, match="Too many readers at once"):
                    await tried.rows(select(CURSOR.column), {})
        assert await tried.rows(select(CURSOR.column), {}) == []
        tried.close()

    asyncio.run(ask())


def test_of_one_state_though_the_index_moves_meanwhile(
    served: TestClient, postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = reading.OnLanes._people
    moves = iter(range(10_000, 10_003))

    async def move(self: Any, state: Any, ids: set[str]) -> Any:
        if (block := next(moves, None)) is not None:
            with postgres_database.transaction() as session:
                session.execute(update(Cursor).values(block=block))
                session.execute(update(Participant).values(name=f"At {block}"))
        return await plain(self, state, ids)

    monkeypatch.setattr(reading.OnLanes, "_people", move)
    for path in ("/contracts/1", "/contracts?buyer=1"):
        body = served.get(f"{API}{path}").json()
        found = body["contract"] if "contract" in body else body["contracts"][0]
        assert (body["index"]["block"], found["buyer"]["name"]) == (10_002, "At 10002")


@pytest.mark.parametrize("first", ["/contracts/1", "/contracts?limit=1", "/contracts?buyer=1"])
def test_who_is_meant_after_the_index_has_moved(
    served: TestClient, postgres_database: Database, first: str
) -> None:
    expected = {n: served.get(f"{API}/contracts?buyer={n}").json()["contracts"] for n in (1, 2)}
    assert served.get(f"{API}{first}").status_code == 200
    for number in (2, 1, 2):
        with postgres_database.transaction() as session:
            session.execute(update(Cursor).values(block=Cursor.block + 1))
        answer = served.get(f"{API}/contracts?buyer={number}")
        assert (answer.status_code, answer.json().get("contracts")) == (200, expected[number])
    with postgres_database.transaction() as session:
        session.execute(update(Cursor).values(block=Cursor.block + 1))
    unknown = problem(served.get(f"{API}/contracts?buyer=99"), 422)
    assert unknown["errors"][0]["detail"].startswith("There is no participant")
