"""What an index says, to compare one with another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.db.base import Base
from backend.db.models import Cursor
from backend.db.session import Database

WAY = ("batches", "undo", "reorganizations", "retractions", "document_changes")
"""What another way to the same block leaves otherwise."""

Dump = dict[str, list[tuple[Any, ...]]]


def dump(database: Database) -> Dump:
    """All rows as Python values, in the order of the primary keys.

    But for tables that say how the index came to where it is.
    """
    with database.reading() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*_key(table)))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in WAY
        }


def without_revision(found: Dump) -> Dump:
    """The same but for the revision of documents, which no two indexes share."""
    place = list(Cursor.__table__.columns.keys()).index("documents_revision")
    cursors = [(*row[:place], *row[place + 1 :]) for row in found["cursor"]]
    return found | {"cursor": cursors}


def _key(table: Any) -> list[Any]:
    return list(table.primary_key.columns)
