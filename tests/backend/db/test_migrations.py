"""The migrations make the tables that the models describe."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from backend.db.base import Base
from backend.db.migrate import _config
from backend.db.session import Database


def test_make_what_the_models_describe(any_database: Database) -> None:
    any_database.migrate()
    with any_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_twice_changes_nothing(any_database: Database) -> None:
    any_database.migrate()
    any_database.migrate()
    names = set(inspect(any_database.engine).get_table_names())
    assert names == {*Base.metadata.tables, "alembic_version"}


def test_can_be_undone(any_database: Database) -> None:
    any_database.migrate()
    with any_database.engine.begin() as connection:
        command.downgrade(_config(connection), "base")
    assert inspect(any_database.engine).get_table_names() == ["alembic_version"]
