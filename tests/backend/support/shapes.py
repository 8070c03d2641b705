"""What the tables of a database are, beside what the models describe."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from backend.db import trigrams
from backend.db.base import Base


def differences(connection: Connection) -> list[Any]:
    """What is different; the indexes of text are no part of the models."""

    def is_told(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "index" or name not in trigrams.INDEXES

    options = {"compare_type": True, "include_object": is_told}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Base.metadata))
