"""The contracts on a budget line are found by an index."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE, _COLUMN = "agreements", "budget_line"


def upgrade() -> None:
    """Go to this version."""
    op.create_index(op.f(f"ix_{_TABLE}_{_COLUMN}"), _TABLE, [_COLUMN])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index(op.f(f"ix_{_TABLE}_{_COLUMN}"), _TABLE)
