"""The whole read model, to compare one index with another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.db.base import Base
from backend.db.session import Database

Dump = dict[str, list[tuple[Any, ...]]]


def dump(database: Database) -> Dump:
    """All rows of all tables as Python values, in the order of the primary keys."""
    with database.reading() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*_key(table)))
            ]
            for table in Base.metadata.sorted_tables
        }


def _key(table: Any) -> list[Any]:
    return list(table.primary_key.columns)
