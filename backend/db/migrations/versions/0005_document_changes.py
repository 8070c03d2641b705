"""What becomes of documents is kept in order, so that readers of the feed hear of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "document_changes",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(66), nullable=False),
        sa.Column("noticed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_document_changes"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("document_changes")
