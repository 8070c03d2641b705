"""Alembic's way in: runs on the connection that `backend.db.migrate` gives."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from backend.db.models import Cursor
from backend.db.types import Money


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """How a column type of our own is written in a generated migration."""
    if kind == "type" and isinstance(item, Money):
        autogen.imports.add("from backend.db.types import Money")
        return f"Money({item.bits})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Cursor.metadata,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
