"""Indexes and foreign keys: built once over full tables they take a fraction of row by row.

So an index that begins far behind its chain is filled without them; see `Indexer`. Which are there
is asked of the database each time: whoever was stopped in between goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, ForeignKeyConstraint, Index, Table, inspect
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from backend.db.models import Cursor

Secondary = Index | ForeignKeyConstraint

_NEEDED = frozenset({"ix_payments_agreement_milestone", "ix_deductions_agreement_milestone"})
"""By which an event finds rows; see `Rows.select`."""


def drop(connection: Connection) -> None:
    """Drop all that filling the tables does not need."""
    there = _names(connection)
    for _, each in _all(connection):
        if each.name in there:
            drops = DropIndex(each) if isinstance(each, Index) else DropConstraint(each)
            connection.execute(drops)


def lacking(connection: Connection) -> list[Table]:
    """The tables of which any is missing."""
    there = _names(connection)
    return list({table: None for table, each in _all(connection) if each.name not in there})


def complete(connection: Connection, table: Table) -> None:
    """Create what is missing of a table; raises IntegrityError for a row that refers to none."""
    there = _names(connection, [table.name])
    for owner, each in _all(connection):
        if owner is table and each.name not in there:
            connection.execute(_creation(each))


def _creation(each: Secondary) -> CreateIndex | AddConstraint:
    if isinstance(each, Index):
        return CreateIndex(each)
    # Otherwise tables that this process makes later would be made without it.
    return AddConstraint(each, isolate_from_table=False)


def _all(connection: Connection) -> Iterator[tuple[Table, Secondary]]:
    for table in Cursor.metadata.sorted_tables:
        yield from ((table, index) for index in table.indexes if index.name not in _NEEDED)
        # SQLite takes no foreign key from a table that is there, nor gives it one.
        if connection.dialect.name != "sqlite":
            yield from ((table, key) for key in table.foreign_key_constraints)


def _names(connection: Connection, tables: Sequence[str] | None = None) -> set[str | None]:
    looking = inspect(connection)
    indexes = looking.get_multi_indexes(filter_names=tables)
    keys = looking.get_multi_foreign_keys(filter_names=tables)
    names = {each["name"] for several in indexes.values() for each in several}
    return names | {each["name"] for several in keys.values() for each in several}
