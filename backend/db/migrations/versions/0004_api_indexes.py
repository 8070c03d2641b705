"""Every list of the API is read in its order by an index, and a contract is found by its id."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ORDERS = {
    "agreements": ("made_block",),
    "participants": ("made_block",),
    "budget_lines": ("made_block", "fiscal_year", "appropriated", "committed"),
}
_CONTRACT_ID = "ix_agreements_contract_id"


def upgrade() -> None:
    """Go to this version."""
    # The ids of a source may be longer than what a tree of PostgreSQL takes.
    op.create_index(_CONTRACT_ID, "agreements", ["contract_id"], postgresql_using="hash")
    for table, columns in _ORDERS.items():
        for column in columns:
            op.create_index(_name(table, column), table, [column, "number"])


def downgrade() -> None:
    """Go back to the version before."""
    for table, columns in _ORDERS.items():
        for column in columns:
            op.drop_index(_name(table, column), table)
    op.drop_index(_CONTRACT_ID, "agreements")


def _name(table: str, column: str) -> str:
    return str(op.f(f"ix_{table}_{column}_number"))
