"""Events that are about no participant are not in the index of those that are."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NAME = "ix_events_participant_block_log_index"
_COLUMNS = ["participant", "block", "log_index"]
_ABOUT_ONE = text("participant IS NOT NULL")


def upgrade() -> None:
    """Go to this version."""
    op.drop_index(_NAME, "events", if_exists=True)
    op.create_index(_NAME, "events", _COLUMNS, sqlite_where=_ABOUT_ONE, postgresql_where=_ABOUT_ONE)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index(_NAME, "events", if_exists=True)
    op.create_index(_NAME, "events", _COLUMNS)
