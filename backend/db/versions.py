"""Alembic, which brings tables from one version to another."""

from __future__ import annotations

from importlib import resources

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Go to the newest version."""
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """What Alembic has to know: where the migrations are, and to work on this connection."""
    made = Config(attributes={"connection": connection})
    folder = resources.files("backend.db").joinpath("migrations")
    made.set_main_option("script_location", str(folder).replace("%", "%%"))
    return made
