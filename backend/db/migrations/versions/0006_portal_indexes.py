"""Contracts on a budget line, and milestones that wait for somebody, are found by an index."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INDEXES = {"agreements": ["budget_line"], "milestones": ["status", "changed_block"]}


def upgrade() -> None:
    """Go to this version."""
    for table, columns in _INDEXES.items():
        op.create_index(_name(table, columns), table, columns)


def downgrade() -> None:
    """Go back to the version before."""
    for table, columns in _INDEXES.items():
        op.drop_index(_name(table, columns), table)


def _name(table: str, columns: list[str]) -> str:
    return str(op.f(f"ix_{table}_{'_'.join(columns)}"))
