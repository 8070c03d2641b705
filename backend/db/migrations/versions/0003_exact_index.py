"""What an exact index keeps: logs as they stand on the chain, the blocks that hold them, and what
is needed to take back blocks that the chain gave up.

The events of the second form lack their logs, and all rows follow from the chain: they are removed,
and the next run of the index reads the chain again. So does going back.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
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
    "cursor",
)
_NEW = ("retractions", "reorganizations", "undo", "batches", "blocks")


def upgrade() -> None:
    """To logs, blocks and what can be undone."""
    _empty()
    with op.batch_alter_table("events") as batch:
        batch.drop_column("arguments")
        for column in _log():
            batch.add_column(column)
    with op.batch_alter_table("cursor") as batch:
        batch.add_column(_whole("final_block"))
    op.create_table(
        "blocks",
        _whole("number"),
        _text("hash", 66),
        _text("parent_hash", 66),
        _text("receipts_root", 66),
        _whole("timestamp"),
        _count("logs"),
        _key("blocks", ["number"]),
    )
    op.create_table(
        "batches",
        _whole("block"),
        _text("block_hash", 66),
        _whole("block_timestamp"),
        _key("batches", ["block"]),
    )
    op.create_table(
        "undo",
        _whole("block"),
        _count("position"),
        _text("table", 40),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        _key("undo", ["block", "position"]),
    )
    op.create_table(
        "reorganizations",
        _count("number"),
        _whole("fork_block"),
        _text("fork_hash", 66),
        _whole("block"),
        _text("block_hash", 66),
        _whole("noticed_at"),
        _key("reorganizations", ["number"]),
    )
    op.create_table(
        "retractions",
        _count("reorganization"),
        _whole("block"),
        _count("log_index"),
        _text("block_hash", 66),
        _whole("block_timestamp"),
        _text("transaction", 66),
        _count("transaction_index"),
        _text("address", 42),
        _text("contract", 40),
        _text("name", 40),
        *_log(),
        sa.Column("agreement", sa.String(42), nullable=True),
        sa.Column("milestone", sa.BigInteger(), nullable=True),
        sa.Column("participant", sa.String(66), nullable=True),
        _key("retractions", ["reorganization", "block", "log_index"]),
        sa.ForeignKeyConstraint(
            ["reorganization"],
            ["reorganizations.number"],
            name=op.f("fk_retractions_reorganization_reorganizations"),
        ),
    )


def downgrade() -> None:
    """To arguments of events alone."""
    for table in _NEW:
        op.drop_table(table)
    _empty()
    with op.batch_alter_table("cursor") as batch:
        batch.drop_column("final_block")
    with op.batch_alter_table("events") as batch:
        for column in _log():
            batch.drop_column(column.name)
        batch.add_column(sa.Column("arguments", sa.Text(), nullable=False))


def _empty() -> None:
    for table in _ROWS:
        op.execute(sa.delete(sa.table(table)))


def _log() -> list[Any]:
    names: Sequence[str] = ("topics", "data")
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _text(name: str, length: int) -> Any:
    return sa.Column(name, sa.String(length), nullable=False)


def _whole(name: str) -> Any:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _count(name: str) -> Any:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _key(table: str, columns: Sequence[str]) -> Any:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))
