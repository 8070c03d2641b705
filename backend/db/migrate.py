"""The tables' versions, by Alembic, inside a transaction of the caller."""

from __future__ import annotations

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from backend.db.models import Cursor

VERSION_TABLE = "alembic_version"
TABLES = frozenset({*Cursor.metadata.tables, VERSION_TABLE})
"""The tables of all versions."""


def upgrade(connection: Connection) -> None:
    """Create what is missing, up to the newest version."""
    command.upgrade(_config(connection), "head")


def is_outdated(connection: Connection) -> bool:
    """Whether there are tables of another version than this one's."""
    found = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return found is not None and found != newest


def drop(connection: Connection) -> None:
    """Drop all tables of ours, whatever their version; those of others stay."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name in TABLES, resolve_fks=False)
    there.drop_all(connection)


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    folder = resources.files("backend.db").joinpath("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
