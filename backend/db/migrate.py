"""The tables' versions, by Alembic, inside a transaction of the caller."""

from __future__ import annotations

from importlib import resources

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, inspect

from backend.db.models import Cursor

VERSION_TABLE = "alembic_version"


def upgrade(connection: Connection) -> None:
    """Create what is missing, up to the newest version."""
    command.upgrade(_config(connection), "head")


def drop(connection: Connection) -> None:
    """Drop all tables of the read model, whatever their version."""
    Cursor.metadata.drop_all(connection)
    if inspect(connection).has_table(VERSION_TABLE):
        Table(VERSION_TABLE, MetaData()).drop(connection)


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    folder = resources.files("backend.db").joinpath("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
