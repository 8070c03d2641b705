"""tables that are to be filled
├── lack what filling them does not need, and nothing else
├── are completed to what the models describe, as a whole or not at all
│   ├── also where some is there already
│   └── and tables that are made later lack nothing
└── hold a row that refers to none
    └── which is found when they are completed, in PostgreSQL; SQLite refuses the row itself
"""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, ForeignKeyConstraint, Table, inspect
from sqlalchemy import event as sa_event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex
from support.shapes import differences

from backend.db import bulk
from backend.db.base import Base
from backend.db.models import Succession
from backend.db.session import Database

NEEDED = {
    ("deductions", "ix_deductions_agreement_milestone"),
    ("payments", "ix_payments_agreement_milestone"),
}


class Crash(Exception):
    """What a test throws into it."""


NOBODY = "0x" + "ab" * 32


def indexes(connection: Connection) -> set[tuple[str, str | None]]:
    """The indexes that are there, with their tables."""
    found = inspect(connection).get_multi_indexes().items()
    return {(table, index["name"]) for (_, table), several in found for index in several}


def foreign_keys(connection: Connection) -> int:
    """How many are there."""
    return sum(map(len, inspect(connection).get_multi_foreign_keys().values()))


def wanted() -> int:
    """How many foreign keys the models describe."""
    return sum(
        isinstance(constraint, ForeignKeyConstraint)
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
    )


def require_complete(database: Database) -> None:
    """Require what the models describe."""
    with database.engine.connect() as connection:
        assert differences(connection) == []
        assert foreign_keys(connection) == wanted()


def test_lack_what_filling_them_does_not_need(any_database: Database) -> None:
    any_database.migrate()
    any_database.lighten()
    with any_database.engine.connect() as connection:
        # Those of unique constraints are no indexes of ours.
        named = {found for found in indexes(connection) if str(found[1]).startswith("ix_")}
        assert named == NEEDED
        sqlite = connection.dialect.name == "sqlite"
        assert foreign_keys(connection) == (wanted() if sqlite else 0)


def test_are_completed(any_database: Database) -> None:
    any_database.migrate()
    any_database.complete()
    require_complete(any_database)
    any_database.lighten()
    any_database.lighten()
    any_database.complete()
    require_complete(any_database)


def test_are_completed_as_a_whole_or_not_at_all(any_database: Database) -> None:
    any_database.migrate()
    any_database.lighten()
    left = 20

    def fails(_: object, __: object, statement: str, *___: object) -> None:
        nonlocal left
        left -= statement.startswith("CREATE INDEX")
        if left == 0:
            raise Crash

    sa_event.listen(any_database.engine, "after_cursor_execute", fails)
    with pytest.raises(Crash):
        any_database.complete()
    left = -1
    with any_database.engine.connect() as connection:
        assert len(indexes(connection)) < 10
    any_database.complete()
    require_complete(any_database)


def test_what_is_there_already_is_left(any_database: Database) -> None:
    any_database.migrate()
    any_database.lighten()
    with any_database.engine.begin() as connection:
        connection.execute(CreateIndex(Succession.metadata.tables["events"].indexes.copy().pop()))
    any_database.complete()
    require_complete(any_database)


def test_tables_made_later_lack_nothing(any_database: Database) -> None:
    any_database.migrate()
    any_database.lighten()
    any_database.complete()
    any_database.reset()
    require_complete(any_database)


def test_row_that_refers_to_none_is_found(postgres_database: Database) -> None:
    postgres_database.migrate()
    postgres_database.lighten()
    with postgres_database.transaction() as session:
        bulk.insert(session.connection(), _SUCCESSIONS, [_succession()])
    with pytest.raises(IntegrityError, match=f"participant.*{NOBODY}.*is not present"):
        postgres_database.complete()


def test_row_that_refers_to_none_is_refused(database: Database) -> None:
    database.migrate()
    database.lighten()
    with (
        pytest.raises(IntegrityError, match="FOREIGN KEY"),
        database.transaction() as session,
    ):
        bulk.insert(session.connection(), _SUCCESSIONS, [_succession()])


_SUCCESSIONS: Table = Succession.__table__  # type: ignore[assignment]


def _succession() -> tuple[object, ...]:
    given = {"participant": NOBODY, "number": 1}
    return tuple(
        given.get(column.name, 1 if column.type.python_type is int else "0x")
        for column in _SUCCESSIONS.columns
    )
