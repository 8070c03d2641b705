"""PostgreSQL's indexes of text, by which a word is found wherever it stands.

They take the extension pg_trgm, which comes with PostgreSQL; whoever may create schemas in a
database may install it there. Where it cannot be had, words are found by reading.
"""

from __future__ import annotations

import logging

import psycopg.errors
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import ProgrammingError

from backend.db.models import Agreement, Participant

logger = logging.getLogger(__name__)

INDEXES = {
    f"ix_{table}_search": table for table in (Agreement.__tablename__, Participant.__tablename__)
}
"""The tables with a column `search`, by the names of their indexes."""

_FOUND = """
    SELECT quote_ident(nspname) FROM pg_extension
    JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm'
"""
_CAN_BE_HAD = "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"


def install(connection: Connection) -> str | None:
    """The schema in which the extension is, installed if need be; None where it cannot be had."""
    if connection.dialect.name != "postgresql":
        return None
    found: str | None = connection.scalar(text(_FOUND))
    if found is None and connection.scalar(text(_CAN_BE_HAD)):
        try:
            with connection.begin_nested():
                connection.execute(text("CREATE EXTENSION pg_trgm"))
        except ProgrammingError as error:
            if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise
        found = connection.scalar(text(_FOUND))
    if found is None:
        logger.warning("no extension pg_trgm: searches read all texts (CREATE EXTENSION pg_trgm)")
    return found


def make(connection: Connection) -> int:
    """Create the indexes that are missing, and say how many."""
    missing = INDEXES.keys() - _made(connection)
    schema = install(connection) if missing else None
    if schema is None:
        return 0
    for name in sorted(missing):
        column = f"search {schema}.gin_trgm_ops"
        connection.execute(text(f"CREATE INDEX {name} ON {INDEXES[name]} USING gin ({column})"))
    return len(missing)


def drop(connection: Connection) -> None:
    """Drop those that are there."""
    for name in sorted(_made(connection)):
        connection.execute(text(f"DROP INDEX {name}"))


def _made(connection: Connection) -> set[str]:
    if connection.dialect.name != "postgresql":
        return set()
    looking = inspect(connection)
    found = looking.get_multi_indexes(filter_names=list(INDEXES.values()))
    return {str(each["name"]) for several in found.values() for each in several} & INDEXES.keys()
