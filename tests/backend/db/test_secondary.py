"""tables that are to be filled
├── lack what filling them does not need, and nothing else
├── are completed to what the models describe, also where some is there already
└── hold a row that refers to none
    └── which is found when they are completed, in PostgreSQL; SQLite refuses the row itself
"""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, ForeignKeyConstraint, Table, inspect
from sqlalchemy.exc import IntegrityError

from backend.db import bulk, secondary
from backend.db.base import Base
from backend.db.models import Succession
from backend.db.session import Database

NEEDED = {
    ("deductions", "ix_deductions_agreement_milestone"),
    ("payments", "ix_payments_agreement_milestone"),
}
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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
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
    assert any_database.complete() == 0
    any_database.lighten()
    any_database.lighten()
    assert any_database.complete() > 5
    require_complete(any_database)
    assert any_database.complete() == 0


def test_are_completed_from_where_one_was_stopped(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_database.migrate()
    any_database.lighten()
    complete, left = secondary.complete, [3]

    def fails(*arguments: object) -> None:
        left[0] -= 1
        complete(*arguments)  # type: ignore[arg-type]
        if left[0] == 0:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(secondary, "complete", fails)
        with pytest.raises(KeyboardInterrupt):
            any_database.complete()
    with any_database.engine.connect() as connection:
        some = len(indexes(connection))
    assert some > len(NEEDED)
    assert any_database.complete() > 3
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
