"""digest
├── is the same
│   ├── in either database, with its own order of texts
│   ├── for any size of ranges
│   └── after a rebuild
├── differs with any value of any row, and with a row more or less
├── differs with the block
├── does not tell how the index came to where it is
├── tells values of different kinds and lists of different lengths apart
├── is refused where nothing is indexed, and for a kind of value it does not know
└── is alone on the last line of the command
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from support.story import Story
from typer.testing import CliRunner

from backend.cli.app import build
from backend.db.base import Base
from backend.db.models import Batch, Cursor, Undo
from backend.db.session import Database
from backend.indexer import index_once, rebuild
from backend.indexer import runner as runner_module
from backend.indexer import scanner as scanner_module
from backend.queries import digest as digest_module
from backend.queries.digest import digest
from backend.queries.errors import IndexEmptyError

WAY = {"cursor", "batches", "undo", "reorganizations", "retractions", "document_changes"}
TABLES = sorted(set(Base.metadata.tables) - WAY)


def value_of(database: Database) -> str:
    with database.reading() as session:
        return digest(session).value


def index(story: Story, database: Database) -> None:
    index_once(database, story.rpc, story.world.deployment, story.store)


def test_is_the_same_in_either_database(told: Database, indexed: Database) -> None:
    assert value_of(indexed) == value_of(told)
    assert re.fullmatch("[0-9a-f]{64}", value_of(told))


def test_is_the_same_for_any_size_of_ranges_and_after_a_rebuild(
    story: Story, told: Database, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "FIRST_RANGE", 3)
    monkeypatch.setattr(scanner_module, "LOGS_PER_SCAN", 7)
    monkeypatch.setattr(runner_module, "RANGES_PER_BATCH", 2)
    monkeypatch.setattr(digest_module, "ROWS_AT_A_TIME", 2)
    index(story, any_database)
    assert value_of(any_database) == value_of(told)
    rebuild(any_database)
    index(story, any_database)
    assert value_of(any_database) == value_of(told)


def test_says_of_which_block_it_is(told: Database) -> None:
    with told.reading() as session:
        found, cursor = digest(session), session.get_one(Cursor, 1)
        assert (found.block, found.block_hash) == (cursor.block, cursor.block_hash)


def another(value: Any) -> Any:
    """A value that no other row has."""
    match value:
        case None:
            return "1"
        case bool():
            return not value
        case int():
            return value + 1_000
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case _:
            return f"{value[:-1]}{'b' if value.endswith('a') else 'a'}"


@pytest.mark.parametrize("name", TABLES)
def test_differs_with_any_value_of_any_column(worked: Database, name: str) -> None:
    """Nothing is committed."""
    table, before = Base.metadata.tables[name], value_of(worked)
    keys = list(table.primary_key.columns)
    for column in (each for each in table.columns if not each.primary_key):
        if column.foreign_keys:
            continue
        with worked.reading() as session:
            statement = select(*keys, column).where(column.is_not(None)).limit(1)
            row = session.execute(statement).first()
            if row is None:
                continue
            here = [key == value for key, value in zip(keys, row, strict=False)]
            session.execute(update(table).where(*here).values({column: another(row[-1])}))
            assert digest(session).value != before, column
            session.rollback()
    assert value_of(worked) == before


@pytest.mark.parametrize("name", ["claims", "taxes", "events", "decision_votes"])
def test_differs_with_a_row_less(worked: Database, name: str) -> None:
    table, before = Base.metadata.tables[name], value_of(worked)
    keys = list(table.primary_key.columns)
    with worked.reading() as session:
        assert session.scalar(select(func.count()).select_from(table))
        row = session.execute(select(*keys).limit(1)).one()
        here = [key == value for key, value in zip(keys, row, strict=True)]
        session.execute(delete(table).where(*here))
        assert digest(session).value != before
        session.rollback()


@pytest.mark.parametrize("column", ["block", "block_hash", "chain_id", "genesis_hash", "factory"])
def test_differs_with_the_block_and_the_chain(told: Database, column: str) -> None:
    before = value_of(told)
    with told.reading() as session:
        cursor = session.get_one(Cursor, 1)
        setattr(cursor, column, another(getattr(cursor, column)))
        session.flush()
        assert digest(session).value != before
        session.rollback()


@pytest.mark.parametrize("table", [Batch, Undo])
def test_does_not_tell_the_way(told: Database, table: Any) -> None:
    before = value_of(told)
    with told.reading() as session:
        assert session.scalar(select(func.count()).select_from(table))
        session.execute(delete(table))
        assert digest(session).value == before
        session.rollback()


def test_does_not_tell_how_much_is_final(told: Database) -> None:
    before = value_of(told)
    with told.reading() as session:
        session.get_one(Cursor, 1).final_block += 1
        session.flush()
        assert digest(session).value == before
        session.rollback()


def test_does_not_count_how_often_documents_came_and_went(told: Database) -> None:
    before = value_of(told)
    with told.reading() as session:
        session.get_one(Cursor, 1).documents_revision += 1
        session.flush()
        assert digest(session).value == before
        session.rollback()


VALUES = st.lists(st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=4)


@given(first=st.lists(VALUES, max_size=3), second=st.lists(VALUES, max_size=3))
def test_tells_all_lists_of_values_apart(first: list[Any], second: list[Any]) -> None:
    def hashed(lists: list[Any]) -> bytes:
        found = hashlib.sha256()
        for each in lists:
            digest_module._add(found, each)
        return found.digest()

    same = repr(first) == repr(second)
    assert (hashed(first) == hashed(second)) == same


def test_is_refused_where_nothing_is_indexed(any_database: Database) -> None:
    any_database.migrate()
    with any_database.reading() as session, pytest.raises(IndexEmptyError):
        digest(session)


def test_is_refused_for_a_kind_of_value_it_does_not_know() -> None:
    with pytest.raises(TypeError, match=r"No digest of float: 1\.5"):
        digest_module._add(hashlib.sha256(), [1.5])


def test_command_prints_the_hash_alone_on_the_last_line(told: Database) -> None:
    result = CliRunner().invoke(build("digest"), ["digest", "--database-url", str(told.url)])
    assert result.exit_code == 0
    *_, block, value = result.output.splitlines()
    assert value == value_of(told)
    assert block.startswith("Block ")
