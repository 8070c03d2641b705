"""What readers of the feed were told of documents, handed down to an index that takes the place."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import (
    Connection,
    column,
    delete,
    func,
    insert,
    inspect,
    literal,
    or_,
    select,
    table,
)

from backend.db.models import Document, DocumentChange


def hand_down_documents(connection: Connection, schema: str) -> None:
    """Give the index in `schema` the changes that were told, and those that come with its place.

    A document may have been brought or removed while it was being built, or the chain it was built
    from does not name it.
    """
    old, new = _of(DocumentChange), _of(DocumentChange, schema)
    connection.execute(delete(new))
    if not inspect(connection).has_table(DocumentChange.__tablename__):
        return
    names = [each.name for each in old.c]
    connection.execute(insert(new).from_select(names, select(*old.c)))
    last = connection.scalar(select(func.max(new.c.number))) or 0
    before, after = _of(Document), _of(Document, schema)
    changed = (
        select(
            literal(last) + func.row_number().over(order_by=before.c.hash),
            before.c.hash,
            literal(int(time.time())),
        )
        .select_from(before.outerjoin(after, before.c.hash == after.c.hash))
        .where(or_(after.c.hash.is_(None), before.c.state != after.c.state))
    )
    connection.execute(insert(new).from_select(["number", "hash", "noticed_at"], changed))


def _of(model: Any, schema: str | None = None) -> Any:
    """A table of one of the two; without a schema that of the one that is served."""
    names = [each.name for each in model.__table__.columns]
    found = table(model.__tablename__, *map(column, names), schema=schema)
    return found if schema else found.alias(f"old_{model.__tablename__}")
