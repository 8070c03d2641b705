"""Whatever an admitted token emits has its place: running totals are wider than an amount, and two
codes that are different on the chain may be one text here.

Digits have one length in SQLite, and all rows follow from the chain: they are removed, and the next
run of the index reads the chain again. So does going back. What no chain tells again stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db.types import Money

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ROWS = (
    "final_accounts",
    "default_notices",
    "decision_votes",
    "decisions",
    "stops",
    "settlement_offers",
    "disputes",
    "guarantees",
    "amendment_signatures",
    "amendment_changes",
    "amendments",
    "interest_payments",
    "claims",
    "deductions",
    "payments",
    "milestones",
    "direct_payments",
    "taxes",
    "conditions",
    "agreement_offices",
    "agreements",
    "budget_lines",
    "tokens",
    "successions",
    "participants",
    "documents",
    "events",
    "undo",
    "batches",
    "blocks",
    "cursor",
)
_TOTALS = ("issued", "redeemed")
_AMOUNT, _TOTAL = Money(256), Money(320)
_UNIQUE = "uq_tokens_currency"


def upgrade() -> None:
    """Go to this version."""
    _empty()
    with op.batch_alter_table("tokens") as batch:
        batch.drop_constraint(op.f(_UNIQUE), type_="unique")
        for name in _TOTALS:
            batch.alter_column(name, existing_type=_AMOUNT, type_=_TOTAL, existing_nullable=False)


def downgrade() -> None:
    """Go back to the version before."""
    _empty()
    with op.batch_alter_table("tokens") as batch:
        batch.create_unique_constraint(op.f(_UNIQUE), ["currency"])
        for name in _TOTALS:
            batch.alter_column(name, existing_type=_TOTAL, type_=_AMOUNT, existing_nullable=False)


def _empty() -> None:
    for table in _ROWS:
        op.execute(sa.delete(sa.table(table)))
