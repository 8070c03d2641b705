"""Lists of contracts in any order are narrowed by status and year in the index of that order."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NARROWED = ["status", "dated_at"]
_ORDERS = ("changed_block", "dated_at", "made_block", "paid", "title_key", "value")
_LISTS = [
    ([order, "number"], [order, "number", *(name for name in _NARROWED if name != order)])
    for order in _ORDERS
]


def upgrade() -> None:
    """Go to this version."""
    for plain, narrowed in _LISTS:
        _replace(plain, narrowed)


def downgrade() -> None:
    """Go back to the version before."""
    for plain, narrowed in _LISTS:
        _replace(narrowed, plain)


def _replace(columns: list[str], others: list[str]) -> None:
    op.drop_index(_name(columns), "agreements", if_exists=True)
    op.create_index(_name(others), "agreements", others)


def _name(columns: list[str]) -> str:
    return str(op.f(f"ix_agreements_{'_'.join(columns)}"))
