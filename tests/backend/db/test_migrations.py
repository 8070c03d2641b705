"""migrations
├── make the tables that the models describe, and nothing twice
├── lead to what is made at once where there is nothing
├── bring tables of an earlier version up to the newest
├── can be undone, step by step
└── to and from a later form
    ├── the earlier is as it was
    ├── nothing is left of the rows, which follow from the chain
    └── what no chain can tell again stays
"""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from support.shapes import differences

from backend.db.base import Base
from backend.db.migrate import VERSION_TABLE, newest
from backend.db.session import Database
from backend.db.versions import config

FIRST, SECOND, THIRD = "0001", "0002", "0003"
EIGHTH, NINTH = "0008", "0009"
LATEST = "head"


def go(database: Database, version: str, *, up: bool = True) -> None:
    """Go to a version."""
    with database.engine.begin() as connection:
        (command.upgrade if up else command.downgrade)(config(connection), version)


def shape(database: Database) -> dict[str, Any]:
    """Columns, keys, checks and indexes of all tables."""
    found = inspect(database.engine)
    return {
        table: (
            sorted(
                (c["name"], str(c["type"]), bool(c["nullable"]), str(c["default"]))
                for c in found.get_columns(table)
            ),
            found.get_pk_constraint(table),
            sorted((c["name"], c["sqltext"]) for c in found.get_check_constraints(table)),
            sorted(
                (key["name"], key["constrained_columns"], key["referred_table"])
                for key in found.get_foreign_keys(table)
            ),
            sorted(
                (i["name"], i["column_names"], sorted(map(str, i["dialect_options"].values())))
                for i in found.get_indexes(table)
            ),
        )
        for table in found.get_table_names()
    }


def test_make_what_the_models_describe(any_database: Database) -> None:
    go(any_database, LATEST)
    with any_database.engine.connect() as connection:
        assert differences(connection) == []


def test_lead_to_what_is_made_at_once(any_database: Database) -> None:
    go(any_database, LATEST)
    any_database.complete()
    by_steps = shape(any_database)
    any_database.reset()
    assert shape(any_database) == by_steps
    assert not any_database.is_outdated()
    with any_database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest()


def test_the_newest_is_the_last_of_them(any_database: Database) -> None:
    with any_database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(config(connection))
    assert scripts.get_current_head() == newest()


def test_bring_an_earlier_version_up(any_database: Database) -> None:
    go(any_database, THIRD)
    assert any_database.is_outdated()
    any_database.migrate()
    assert not any_database.is_outdated()


def test_twice_changes_nothing(any_database: Database) -> None:
    any_database.migrate()
    any_database.migrate()
    names = set(inspect(any_database.engine).get_table_names())
    assert names == {*Base.metadata.tables, VERSION_TABLE}


def test_can_be_undone(any_database: Database) -> None:
    any_database.migrate()
    go(any_database, "base", up=False)
    assert inspect(any_database.engine).get_table_names() == [VERSION_TABLE]


@pytest.mark.parametrize(
    ("before", "after", "tables"),
    [
        (FIRST, SECOND, 28),
        (SECOND, THIRD, 33),
        (FIRST, THIRD, 33),
        (EIGHTH, NINTH, 34),
        (THIRD, LATEST, 34),
    ],
)
def test_an_earlier_form_comes_back_as_it_was(
    any_database: Database, before: str, after: str, tables: int
) -> None:
    go(any_database, before)
    early = shape(any_database)
    go(any_database, after)
    late = shape(any_database)
    go(any_database, before, up=False)
    assert shape(any_database) == early
    go(any_database, after)
    assert shape(any_database) == late
    assert len(late) == tables + 1


CURSORS = dict.fromkeys((FIRST, SECOND), "VALUES (1, 1, '0x', '0x', 1, '0x', 1, 1, 0)")
CURSORS[THIRD] = CURSORS[EIGHTH] = CURSORS[NINTH] = (
    "(id, chain_id, genesis_hash, factory, block, block_hash, block_timestamp, final_block, "
    "projection_version, documents_revision) VALUES (1, 1, '0x', '0x', 1, '0x', 1, 1, 1, 0)"
)
_PLACE = """(block, log_index, block_hash, block_timestamp, "transaction", transaction_index,
    address, contract, name, """
_VALUES = "VALUES (1, 0, '0x', 1, '0x', 0, '0x', 'Budget', 'E', "
EVENTS = dict.fromkeys((FIRST, SECOND), f"{_PLACE} arguments) {_VALUES} '{{}}')")
EVENTS[THIRD] = EVENTS[EIGHTH] = EVENTS[NINTH] = f"{_PLACE} topics, data) {_VALUES} '', '')"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (FIRST, SECOND),
        (SECOND, FIRST),
        (SECOND, THIRD),
        (THIRD, SECOND),
        (FIRST, THIRD),
        (EIGHTH, NINTH),
        (NINTH, EIGHTH),
    ],
)
def test_rows_are_left_to_the_next_run(any_database: Database, start: str, end: str) -> None:
    go(any_database, start)
    place = "1, '0x', 0, 1, '0x', 0"
    columns = "made_block, made_transaction, made_log_index, "
    columns += "changed_block, changed_transaction, changed_log_index"
    token = f"(address, number, currency, decimals, issued, redeemed, {columns})"
    with any_database.engine.begin() as connection:
        for statement in (
            f"INSERT INTO cursor {CURSORS[start]}",
            f"INSERT INTO events {EVENTS[start]}",
            f"INSERT INTO tokens {token} VALUES ('0x', 1, 'IDR', 2, '0', '0', {place})",
        ):
            connection.execute(text(statement))
    go(any_database, end, up=end > start)
    with any_database.engine.connect() as connection:
        for table in ("cursor", "tokens", "events"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


@pytest.mark.parametrize(("start", "end"), [(EIGHTH, NINTH), (NINTH, EIGHTH)])
def test_what_no_chain_tells_again_stays(any_database: Database, start: str, end: str) -> None:
    go(any_database, start)
    told = {
        "reorganizations": "VALUES (1, 3, '0x', 5, '0x', 0)",
        "document_changes": "VALUES (1, '0x', 0)",
    }
    with any_database.engine.begin() as connection:
        for table, values in told.items():
            connection.execute(text(f"INSERT INTO {table} {values}"))
    go(any_database, end, up=end > start)
    with any_database.engine.connect() as connection:
        for table in told:
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1
