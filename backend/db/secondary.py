"""Indexes and foreign keys: built once over full tables they take a fraction of row by row.

So an index that begins far behind its chain is filled without them; see `Indexer`. Which are there
is asked of the database each time: whoever was stopped in between goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, Index, inspect
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from backend.db import trigrams
from backend.db.models import Cursor

Secondary = Index | ForeignKeyConstraint

_NEEDED = frozenset({"ix_payments_agreement_milestone", "ix_deductions_agreement_milestone"})
"""By which an event finds rows; see `Rows.select`."""


def drop(connection: Connection) -> None:
    """Drop all that filling the tables does not need."""
    there = _names(connection)
    for each in _all(connection):
        if each.name in there:
            drops = DropIndex(each) if isinstance(each, Index) else DropConstraint(each)
            connection.execute(drops)
    trigrams.drop(connection)


def missing(connection: Connection) -> list[Secondary]:
    """What is not there."""
    there = _names(connection)
    return [each for each in _all(connection) if each.name not in there]


def complete(connection: Connection) -> int:
    """Create what is missing, and say how much; a row that refers to none: IntegrityError."""
    wanted = missing(connection)
    for each in wanted:
        connection.execute(_creation(each))
    return len(wanted) + trigrams.make(connection)


def _creation(each: Secondary) -> CreateIndex | AddConstraint:
    if isinstance(each, Index):
        return CreateIndex(each)
    # Otherwise tables that this process makes later would be made without it.
    return AddConstraint(each, isolate_from_table=False)


def _all(connection: Connection) -> Iterator[Secondary]:
    for table in Cursor.metadata.sorted_tables:
        yield from (index for index in table.indexes if index.name not in _NEEDED)
        # SQLite takes no foreign key from a table that is there, nor gives it one.
        if connection.dialect.name != "sqlite":
            yield from table.foreign_key_constraints


def _names(connection: Connection) -> set[str | None]:
    looking = inspect(connection)
    indexes, keys = looking.get_multi_indexes(), looking.get_multi_foreign_keys()
    names = {each["name"] for several in indexes.values() for each in several}
    return names | {each["name"] for several in keys.values() for each in several}
