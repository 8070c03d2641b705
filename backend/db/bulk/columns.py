"""Names of tables and columns as a statement writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table

Values = Sequence[Any]


def name_of(connection: Connection, table: Table) -> str:
    """The table's name."""
    return connection.dialect.identifier_preparer.format_table(table)


def names(connection: Connection, columns: Iterable[Column[Any]]) -> list[str]:
    """The names of columns."""
    quote = connection.dialect.identifier_preparer.quote
    return [quote(column.name) for column in columns]


def list_of(connection: Connection, columns: Iterable[Column[Any]]) -> str:
    """The names of columns, with commas between them."""
    return ", ".join(names(connection, columns))


def key_columns(connection: Connection, table: Table, mark: str) -> str:
    """A condition that a row's primary key is what is given in its order; each place is `mark`."""
    return " AND ".join(f"{name} = {mark}" for name in names(connection, table.primary_key))
