"""One hash over the whole read model: equal if and only if two indexes say the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, String, Table, collate, select
from sqlalchemy.orm import Session

from backend.db.base import Base
from backend.db.models import Batch, Cursor, DocumentChange, Reorganization, Retraction, Undo
from backend.queries.index import index_state

ROWS_AT_A_TIME = 1_000

_ABOUT_THE_WAY = [
    model.__table__ for model in (Cursor, Batch, Undo, Reorganization, Retraction, DocumentChange)
]
"""Tables that say how the index came to where it is, and not what the chain says."""


@dataclass(frozen=True, slots=True)
class Digest:
    """`value` is a SHA-256, in hex, of all that the index says at a block."""

    block: int
    block_hash: str
    value: str


def digest(session: Session) -> Digest:
    """Hash every row of the read model, in the order of the primary keys, as they stand.

    The same for the same chain up to the same block and the same documents, whatever the
    database, and however the rows came there. Raises `IndexEmptyError`.
    """
    state = index_state(session)
    total = hashlib.sha256()
    # How often documents came and went is not part of what is served.
    _add(total, [state.chain_id, state.genesis_hash, state.factory])
    _add(total, [state.block, state.block_hash, state.projection_version])
    for table in sorted(Base.metadata.tables.values(), key=lambda each: each.name):
        if table not in _ABOUT_THE_WAY:
            _add(total, [table.name, _of_table(session, table)])
    return Digest(state.block, state.block_hash, total.hexdigest())


def _of_table(session: Session, table: Table) -> str:
    columns = sorted(table.columns, key=lambda each: each.name)
    found = hashlib.sha256()
    _add(found, [each.name for each in columns])
    for row in _rows(session, table, columns):
        _add(found, row)
    return found.hexdigest()


def _rows(session: Session, table: Table, columns: list[Column[Any]]) -> Iterator[list[Any]]:
    binary = "C" if session.get_bind().dialect.name == "postgresql" else "BINARY"
    order = [
        collate(column, binary) if isinstance(column.type, String) else column
        for column in table.primary_key.columns
    ]
    statement = select(*columns).order_by(*order)
    found = session.execute(statement.execution_options(yield_per=ROWS_AT_A_TIME))
    return (list(row) for row in found)


def _add(total: Any, values: list[Any]) -> None:
    """Each value with its kind and length, so that no two lists of values look alike."""
    total.update(f"[{len(values)}]".encode())
    for value in values:
        kind, text = _told(value)
        content = text.encode()
        total.update(f"{kind}{len(content)}:".encode() + content)


def _told(value: Any) -> tuple[str, str]:
    match value:
        case None:
            return "n", ""
        case bool():
            return "b", str(int(value))
        case int():
            return "i", str(value)
        case str():
            return "s", value
        case bytes():
            return "y", value.hex()
        case _:
            raise TypeError(f"No digest of {type(value).__name__}: {value!r:.80}")
