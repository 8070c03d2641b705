"""The tables' versions: what is new is made as the models say, what is older Alembic brings up."""

from __future__ import annotations

from functools import cache
from importlib import resources

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from backend.db import trigrams
from backend.db.models import Cursor

VERSION_TABLE = "alembic_version"
TABLES = frozenset({*Cursor.metadata.tables, VERSION_TABLE})
"""The tables of all versions."""

# As Alembic makes it.
_VERSIONS = Table(
    VERSION_TABLE,
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
)


def upgrade(connection: Connection) -> None:
    """Create what is missing, up to the newest version."""
    found = _version(connection)
    if found is None:
        _create(connection)
    elif found != newest():
        # What Alembic takes of memory, nobody needs whose tables are new or up to date.
        from backend.db import versions

        versions.upgrade(connection)


def is_outdated(connection: Connection) -> bool:
    """Whether there are tables of another version than this one's."""
    return _version(connection) not in {None, newest()}


def drop(connection: Connection) -> None:
    """Drop all tables of ours, whatever their version; those of others stay."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name in TABLES, resolve_fks=False)
    there.drop_all(connection)


@cache
def newest() -> str:
    """The newest version: migrations bear numbers, one after the other."""
    folder = resources.files("backend.db").joinpath("migrations", "versions")
    names = (each.name for each in folder.iterdir() if each.name.endswith(".py"))
    return max(names).partition("_")[0]


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(_VERSIONS.c.version_num))


def _create(connection: Connection) -> None:
    """What Alembic advises: all tables at once, marked as being of the newest version."""
    Cursor.metadata.create_all(connection, checkfirst=False)
    trigrams.make(connection)
    _VERSIONS.create(connection, checkfirst=True)
    connection.execute(insert(_VERSIONS).values(version_num=newest()))
