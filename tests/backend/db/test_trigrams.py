"""PostgreSQL's indexes of text
├── are there with the tables, and gone while these are filled
├── come to tables of an earlier version once they are complete
├── go with the tables that take the place of others, their extension stays
└── where the extension cannot be had
    ├── are left out, which is said
    ├── and the tables are whole without them
    ├── come once somebody has installed it
    └── which SQLite has no need to say
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text

from backend.db import trigrams
from backend.db.session import Database

ALL = {("agreements", "ix_agreements_search"), ("participants", "ix_participants_search")}


def made(database: Database) -> set[tuple[str, str]]:
    """The indexes of text that are there, with their tables."""
    looking = inspect(database.engine)
    return {
        (table, str(index["name"]))
        for table in ("agreements", "participants")
        for index in looking.get_indexes(table)
        if index["column_names"] == ["search"]
    }


@pytest.fixture
def plain(postgres_database: Database) -> Iterator[Database]:
    """A database as a user sees it who may make tables there, but no extension."""
    url = postgres_database.url
    user = f"plain_{url.database}"
    with postgres_database.engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {user} LOGIN"))
        connection.execute(text(f"GRANT CREATE, USAGE ON SCHEMA public TO {user}"))
    found = Database(url.set(username=user).render_as_string(hide_password=False))
    yield found
    found.close()
    with postgres_database.engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {user}"))
        connection.execute(text(f"DROP ROLE {user}"))


def test_are_there_with_the_tables(postgres_database: Database) -> None:
    postgres_database.migrate()
    assert made(postgres_database) == ALL
    postgres_database.lighten()
    assert made(postgres_database) == set()
    assert postgres_database.complete() > len(ALL)
    assert made(postgres_database) == ALL
    assert postgres_database.complete() == 0


def test_come_to_tables_of_an_earlier_version(postgres_database: Database) -> None:
    postgres_database.migrate()
    with postgres_database.engine.begin() as connection:
        trigrams.drop(connection)
        connection.execute(text("DROP EXTENSION pg_trgm"))
    assert postgres_database.complete() == len(ALL)
    assert made(postgres_database) == ALL


def test_go_with_tables_that_take_the_place_of_others(postgres_database: Database) -> None:
    postgres_database.migrate()
    with postgres_database.engine.begin() as connection:
        trigrams.drop(connection)
        connection.execute(text("DROP EXTENSION pg_trgm"))
    side = postgres_database.beside()
    side.migrate()
    postgres_database.replace(side)
    assert made(postgres_database) == ALL
    assert inspect(postgres_database.engine).get_schema_names() == ["information_schema", "public"]


def test_are_left_out(plain: Database, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        plain.migrate()
    assert caplog.messages == [
        "no extension pg_trgm: searches read all texts (CREATE EXTENSION pg_trgm)"
    ]
    assert made(plain) == set()
    plain.lighten()
    assert plain.complete() > 0
    assert plain.complete() == 0
    assert made(plain) == set()


def test_come_once_somebody_has_installed_it(plain: Database, postgres_database: Database) -> None:
    plain.migrate()
    with postgres_database.engine.begin() as connection:
        connection.execute(text('CREATE SCHEMA "of others"'))
        connection.execute(text('CREATE EXTENSION pg_trgm SCHEMA "of others"'))
        connection.execute(text(f'GRANT USAGE ON SCHEMA "of others" TO {plain.url.username}'))
    assert plain.complete() == len(ALL)
    assert made(plain) == ALL
    plain.reset()
    assert made(plain) == ALL


def test_sqlite_has_no_need_to_say(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        database.migrate()
        database.complete()
    assert made(database) == set()
    assert caplog.messages == []
