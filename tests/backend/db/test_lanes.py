"""readers without threads
├── are limited as all readers are
│   └── and do not ask again what took too long
├── leave no answer to another when they go away
├── change nothing
├── send values that stand in the statement as what they are
└── read where the URL says, whatever the password is, and on one of several servers
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import URL, Executable, Integer, String, bindparam, select, text
from support.node import free_port

from backend.db import connecting
from backend.db.lane import Lane
from backend.db.lanes import Lanes
from backend.db.session import Database
from backend.db.troubles import DatabaseUnavailableError


def ask(url: URL, statement: str | Executable, **given: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement."""
    asked = text(statement) if isinstance(statement, str) else statement

    async def answer() -> list[tuple[Any, ...]]:
        lanes = Lanes(url)
        try:
            return await lanes.rows(asked, given)
        finally:
            lanes.close()

    return asyncio.run(answer())


def test_a_question_that_takes_too_long_is_given_up(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "READER_SECONDS", 1)
    with pytest.raises(DatabaseUnavailableError) as caught:
        ask(postgres_database.url, "SELECT pg_sleep(60)")
    assert caught.value.code == "database-slow"


def test_what_takes_too_long_is_not_asked_again(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "READER_SECONDS", 1)
    asked: list[bytes] = []
    rows = Lane.rows

    async def noted(lane: Lane, sql: bytes, values: Sequence[Any]) -> Any:
        asked.append(sql)
        return await rows(lane, sql, values)

    monkeypatch.setattr(Lane, "rows", noted)

    async def tell() -> None:
        lanes = Lanes(postgres_database.url)
        # So that there is a connection that might have broken meanwhile.
        assert await lanes.rows(text("SELECT 1"), {}) == [(1,)]
        with pytest.raises(DatabaseUnavailableError) as caught:
            await lanes.rows(text("SELECT pg_sleep(60)"), {})
        assert caught.value.code == "database-slow"
        assert await lanes.rows(text("SELECT 2"), {}) == [(2,)]
        lanes.close()

    asyncio.run(tell())
    assert asked == [b"SELECT 1", b"SELECT pg_sleep(60)", b"SELECT 2"]


def test_who_goes_away_takes_no_answer_of_another(postgres_database: Database) -> None:
    async def tell() -> None:
        lanes = Lanes(postgres_database.url)
        assert await lanes.rows(text("SELECT 1"), {}) == [(1,)]
        asked = asyncio.create_task(lanes.rows(text("SELECT 2 FROM pg_sleep(0.2)"), {}))
        await asyncio.sleep(0.1)
        asked.cancel()
        assert await lanes.rows(text("SELECT 3 FROM pg_sleep(0.2)"), {}) == [(3,)]
        assert await lanes.rows(text("SELECT 4"), {}) == [(4,)]
        lanes.close()

    asyncio.run(tell())


def test_nothing_is_changed(postgres_database: Database) -> None:
    with pytest.raises(ReadOnlySqlTransaction, match="in a read-only transaction"):
        ask(postgres_database.url, "CREATE TABLE t (a int)")


def test_values_in_a_statement_are_what_they_are(postgres_database: Database) -> None:
    written = [
        bindparam(name, type_=kind, literal_execute=True)
        for name, kind in (("words", String()), ("number", Integer()))
    ]
    statement = select(*written, bindparam("other", type_=Integer()))
    for words, number in (("it's", 1), ("a \\ %s :x $1 '; --", -7), ("__[POSTCOMPILE_number]", 2)):
        given = {"words": words, "number": number, "other": 10 * number}
        assert ask(postgres_database.url, statement, **given) == [(words, number, 10 * number)]


def test_the_schema_that_the_url_names_is_read(postgres_database: Database) -> None:
    url = postgres_database.url.update_query_dict({"options": "-csearch_path=elsewhere"})
    assert ask(url, "SHOW search_path") == [("elsewhere",)]


@pytest.mark.parametrize("password", ["p ss", "p@s/s:%25", "'\\"])
def test_any_password_is_taken(postgres_database: Database, password: str) -> None:
    assert ask(postgres_database.url.set(password=password), "SELECT 1") == [(1,)]


def test_the_server_may_be_one_of_several(postgres_database: Database) -> None:
    url = postgres_database.url
    hosts = [f"{url.host}:{free_port()}", f"{url.host}:{url.port}"]
    several = url.set(host=None, port=None).update_query_dict({"host": hosts})
    assert ask(several, "SELECT 1") == [(1,)]
