"""What agreements have that are as real public-works contracts: conditions, payments in parts,
guarantees, disputes, stops, decisions, and final accounts.

The rows of the first form cannot say what this one asks, and all of them follow from the chain:
they are removed, and the next run of the index reads the chain again. So does going back.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.db.types import Money

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OLD = (
    "payments",
    "milestones",
    "amendments",
    "agreement_offices",
    "agreements",
    "budget_lines",
    "tokens",
    "participants",
    "documents",
    "events",
    "cursor",
)
_NEW = (
    "final_accounts",
    "default_notices",
    "decision_votes",
    "decisions",
    "stops",
    "settlement_offers",
    "disputes",
    "guarantees",
    "amendment_changes",
    "amendment_signatures",
    "interest_payments",
    "claims",
    "deductions",
    "direct_payments",
    "taxes",
    "conditions",
    "successions",
)
_OPEN = sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')")
_CAN_BE_LATE = sa.text("late_after IS NOT NULL")
_ARBITER = "fk_agreements_arbiter_participants"


def upgrade() -> None:
    """Go to this version."""
    _empty(_OLD)
    op.drop_table("payments")
    _widen_agreements()
    _widen_amendments()
    _widen_milestones()
    with op.batch_alter_table("participants") as batch:
        _add(batch, _count("successions"))
    _make_terms()
    _make_payments()
    _make_changes()
    _make_conflicts()


def downgrade() -> None:
    """Go back to the version before."""
    for table in _NEW:
        op.drop_table(table)
    op.drop_table("payments")
    _empty(_OLD[1:])
    with op.batch_alter_table("participants") as batch:
        batch.drop_column("successions")
    _narrow_milestones()
    _narrow_amendments()
    _narrow_agreements()
    _make_old_payments()


def _agreements_columns() -> list[Any]:
    return [
        *_text("arbiter", length=66, nullable=True),
        *_whole(
            "supplier_signed_at", "completed_at", "defects_end_at", "terminated_at", nullable=True
        ),
        *_text("termination_ground", length=20, nullable=True),
        *_text("termination_reason", "termination_document", length=66, nullable=True),
        *_whole("stopped_from", "stopped_until"),
        *_money("advance_paid", "advance_outstanding", "retained", "damages", "damages_carried"),
        *_money("taxes", "direct", "interest_accrued", "interest_paid", "interest_owed"),
        *_count("proposals", "guarantees", "stops", "notices"),
    ]


def _amendments_columns() -> list[Any]:
    return [
        *_money("decrease"),
        *_count("changes", "signatures"),
        *_text("legal_ground", length=66, nullable=True),
        *_whole("valid_until", "enacted_at", nullable=True),
        *_money("cumulative_increase", nullable=True),
    ]


def _milestones_columns() -> list[Any]:
    return [
        *_money("original_amount", "accepted", "cancelled", "owed"),
        *_whole("original_due_at", "late_after", "part_accepted_at", nullable=True),
        *_whole("agreed_at"),
        *_count("late_days"),
        *_text("part_reason", "part_document", length=66, nullable=True),
    ]


def _widen_agreements() -> None:
    with op.batch_alter_table("agreements") as batch:
        _add(batch, _agreements_columns())
        batch.drop_column("close_reason")
        batch.drop_column("close_document")
        batch.create_foreign_key(_ARBITER, "participants", ["arbiter"], ["id"])


def _narrow_agreements() -> None:
    with op.batch_alter_table("agreements") as batch:
        batch.drop_constraint(_ARBITER, type_="foreignkey")
        _drop(batch, _agreements_columns())
        _add(batch, _text("close_reason", "close_document", length=66, nullable=True))


def _widen_amendments() -> None:
    with op.batch_alter_table("amendments") as batch:
        _add(batch, _amendments_columns())
        batch.drop_column("signed_by")
        batch.drop_column("signed_at")


def _narrow_amendments() -> None:
    with op.batch_alter_table("amendments") as batch:
        _drop(batch, _amendments_columns())
        _add(batch, [*_text("signed_by", length=66, nullable=True)])
        _add(batch, [*_whole("signed_at", nullable=True)])


def _widen_milestones() -> None:
    op.drop_index("ix_milestones_due", "milestones")
    op.drop_index("ix_milestones_open", "milestones")
    with op.batch_alter_table("milestones") as batch:
        _add(batch, _milestones_columns())
        batch.alter_column("status", existing_type=sa.String(12), type_=sa.String(16))
    _partial_index("ix_milestones_late", ["agreement", "late_after"], _CAN_BE_LATE)
    _partial_index("ix_milestones_latest", ["late_after"], _CAN_BE_LATE)


def _narrow_milestones() -> None:
    op.drop_index("ix_milestones_latest", "milestones")
    op.drop_index("ix_milestones_late", "milestones")
    with op.batch_alter_table("milestones") as batch:
        _drop(batch, _milestones_columns())
        batch.alter_column("status", existing_type=sa.String(16), type_=sa.String(12))
    _partial_index("ix_milestones_open", ["agreement", "due_at"], _OPEN)
    _partial_index("ix_milestones_due", ["due_at"], _OPEN)


def _make_terms() -> None:
    op.create_table(
        "successions",
        *_text("participant", length=66),
        *_count("number"),
        *_text("status", length=12),
        *_text("account", length=42),
        *_text("document", length=66, nullable=True),
        *_whole("proposed_at"),
        *_text("previous", length=42, nullable=True),
        *_whole("confirmed_at", nullable=True),
        *_text("confirmed_by", length=42, nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("successions", ["participant", "number"]),
        _refers("successions", ["participant"], "participants", ["id"]),
    )
    op.create_table(
        "conditions",
        *_text("agreement", length=42),
        *_count("advance_rate", "recovery_rate", "retention_rate", "security_rate"),
        *_whole("damages_rate"),
        *_count("damages_cap"),
        *_whole("interest_rate"),
        *_count(
            "amendment_cap",
            "default_share",
            "review_days",
            "payment_days",
            "dispute_days",
            "ruling_days",
            "hold_days",
            "suspension_days",
            "cure_days",
            "defects_days",
            "lapse_days",
            "taxes",
            "direct_payments",
        ),
        *_place("made"),
        _key("conditions", ["agreement"]),
        _refers("conditions", ["agreement"], "agreements", ["address"]),
    )
    op.create_table(
        "taxes",
        *_text("agreement", length=42),
        *_count("position"),
        *_text("recipient", length=66),
        *_count("numerator", "denominator"),
        *_text("base", length=12),
        *_place("made"),
        _key("taxes", ["agreement", "position"]),
        _refers("taxes", ["agreement"], "agreements", ["address"]),
        _refers("taxes", ["recipient"], "participants", ["id"]),
    )
    op.create_table(
        "direct_payments",
        *_text("agreement", length=42),
        *_count("position"),
        *_whole("milestone"),
        *_text("recipient", length=66),
        *_money("amount", "paid"),
        *_place("made"),
        _key("direct_payments", ["agreement", "position"]),
        _refers("direct_payments", ["agreement"], "agreements", ["address"]),
        _refers("direct_payments", ["recipient"], "participants", ["id"]),
    )


def _make_payments() -> None:
    op.create_table(
        "payments",
        *_whole("number"),
        *_text("agreement", length=42),
        *_whole("milestone", nullable=True),
        *_text("payee", length=66),
        *_text("account", length=42, nullable=True),
        *_text("token", length=42),
        *_text("basis", length=20),
        *_count("attempt"),
        *_money("gross", "advance", "retention", "damages", "taxes", "direct", "net"),
        *_whole("late_days"),
        *_money("carried"),
        *_whole("interest_days"),
        *_money("interest"),
        *_text("status", length=12),
        *_flag("claimed"),
        *_whole("made_at"),
        *_whole("paid_at", nullable=True),
        *_whole("dated_at"),
        *_place("made"),
        *_place("changed"),
        _key("payments", ["number"]),
        _refers("payments", ["agreement"], "agreements", ["address"]),
        _refers("payments", ["agreement", "milestone"], "milestones", ["agreement", "number"]),
        _refers("payments", ["payee"], "participants", ["id"]),
        _refers("payments", ["token"], "tokens", ["address"]),
    )
    _index("payments", ["agreement", "milestone"])
    _index("payments", ["dated_at", "number"])
    _index("payments", ["gross", "number"])
    _index("payments", ["net", "number"])
    _index("payments", ["payee", "number"])
    _index("payments", ["token"])
    op.create_table(
        "deductions",
        *_whole("payment"),
        *_count("position"),
        *_text("agreement", length=42),
        *_whole("milestone", nullable=True),
        *_text("token", length=42),
        *_text("part", length=20),
        *_count("term", nullable=True),
        *_text("recipient", length=66),
        *_text("account", length=42, nullable=True),
        *_money("amount"),
        *_text("status", length=12),
        *_flag("claimed"),
        *_whole("paid_at", nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("deductions", ["payment", "position"]),
        _refers("deductions", ["agreement"], "agreements", ["address"]),
        _refers("deductions", ["payment"], "payments", ["number"]),
        _refers("deductions", ["recipient"], "participants", ["id"]),
        _refers("deductions", ["token"], "tokens", ["address"]),
    )
    _index("deductions", ["agreement", "milestone"])
    _index("deductions", ["paid_at"])
    _index("deductions", ["recipient", "payment"])
    op.create_table(
        "claims",
        *_text("agreement", length=42),
        *_whole("milestone"),
        *_text("payee", length=66),
        *_money("owed", "paid"),
        *_whole("since"),
        *_whole("paid_at", nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("claims", ["agreement", "milestone", "payee"]),
        _refers("claims", ["agreement"], "agreements", ["address"]),
        _refers("claims", ["payee"], "participants", ["id"]),
    )
    _index("claims", ["payee"])
    op.create_table(
        "interest_payments",
        *_text("agreement", length=42),
        *_text("by", length=66),
        *_text("account", length=42),
        *_money("amount"),
        *_whole("paid_at"),
        *_place("made"),
        _key("interest_payments", ["agreement", "made_block", "made_log_index"]),
        _refers("interest_payments", ["agreement"], "agreements", ["address"]),
    )


def _make_changes() -> None:
    op.create_table(
        "amendment_signatures",
        *_text("agreement", length=42),
        *_whole("amendment"),
        *_text("participant", length=66),
        *_text("side", length=12),
        *_whole("signed_at"),
        *_place("made"),
        _key("amendment_signatures", ["agreement", "amendment", "participant"]),
        _refers(
            "amendment_signatures",
            ["agreement", "amendment"],
            "amendments",
            ["agreement", "number"],
        ),
        _refers("amendment_signatures", ["participant"], "participants", ["id"]),
    )
    op.create_table(
        "amendment_changes",
        *_text("agreement", length=42),
        *_whole("amendment"),
        *_count("position"),
        *_whole("milestone", nullable=True),
        *_money("amount"),
        *_whole("due_at", nullable=True),
        *_text("payee", length=66, nullable=True),
        *_flag("removed"),
        *_place("made"),
        _key("amendment_changes", ["agreement", "amendment", "position"]),
        _refers(
            "amendment_changes", ["agreement", "amendment"], "amendments", ["agreement", "number"]
        ),
    )
    op.create_table(
        "guarantees",
        *_text("agreement", length=42),
        *_count("number"),
        *_text("kind", length=12),
        *_money("amount"),
        *_whole("expires_at"),
        *_text("document", length=66, nullable=True),
        *_whole("recorded_at"),
        *_whole("replaced_at", "called_at", nullable=True),
        *_money("called", nullable=True),
        *_text("call_reason", length=66, nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("guarantees", ["agreement", "number"]),
        _refers("guarantees", ["agreement"], "agreements", ["address"]),
    )


def _make_conflicts() -> None:
    op.create_table(
        "disputes",
        *_text("agreement", length=42),
        *_whole("milestone"),
        *_text("status", "side", length=12),
        *_text("opened_by", length=66),
        *_whole("opened_at"),
        *_money("disputed"),
        *_text("reason", length=66),
        *_text("document", length=66, nullable=True),
        *_count("offers"),
        *_whole("ended_at", nullable=True),
        *_text("ruled_by", length=66, nullable=True),
        *_money("amount", "rest", nullable=True),
        *_text("ruling_reason", "ruling_document", length=66, nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("disputes", ["agreement", "milestone"]),
        _refers("disputes", ["agreement", "milestone"], "milestones", ["agreement", "number"]),
    )
    op.create_table(
        "settlement_offers",
        *_text("agreement", length=42),
        *_whole("milestone"),
        *_count("position"),
        *_text("side", length=12),
        *_text("by", length=66),
        *_money("amount"),
        *_whole("offered_at"),
        *_place("made"),
        _key("settlement_offers", ["agreement", "milestone", "position"]),
        _refers(
            "settlement_offers", ["agreement", "milestone"], "disputes", ["agreement", "milestone"]
        ),
    )
    op.create_table(
        "stops",
        *_text("agreement", length=42),
        *_count("number"),
        *_text("kind", length=12),
        *_text("by", length=66, nullable=True),
        *_whole("placed_at", "planned_until", "until"),
        *_text("reason", length=66),
        *_text("document", length=66, nullable=True),
        *_whole("extended_at", nullable=True),
        *_text("extended_by", "extension_reason", "extension_document", length=66, nullable=True),
        *_whole("ended_at", nullable=True),
        *_text("ended_by", length=66, nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("stops", ["agreement", "number"]),
        _refers("stops", ["agreement"], "agreements", ["address"]),
    )
    op.create_table(
        "decisions",
        *_text("agreement", length=42),
        *_text("decision", length=66),
        *_count("round"),
        *_text("act", length=40),
        *_count("approvals", "quorum"),
        *_whole("opened_at"),
        *_whole("decided_at", nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("decisions", ["agreement", "decision", "round"]),
        _refers("decisions", ["agreement"], "agreements", ["address"]),
    )
    op.create_table(
        "decision_votes",
        *_text("agreement", length=42),
        *_text("decision", length=66),
        *_count("round"),
        *_text("participant", length=66),
        *_whole("voted_at"),
        *_place("made"),
        _key("decision_votes", ["agreement", "decision", "round", "participant"]),
        _refers(
            "decision_votes",
            ["agreement", "decision", "round"],
            "decisions",
            ["agreement", "decision", "round"],
        ),
        _refers("decision_votes", ["participant"], "participants", ["id"]),
    )
    op.create_table(
        "default_notices",
        *_text("agreement", length=42),
        *_count("number"),
        *_whole("noticed_at", "curable_until"),
        *_text("reason", length=66),
        *_text("document", length=66, nullable=True),
        *_whole("cured_at", nullable=True),
        *_text("cure_reason", "cure_document", length=66, nullable=True),
        *_place("made"),
        *_place("changed"),
        _key("default_notices", ["agreement", "number"]),
        _refers("default_notices", ["agreement"], "agreements", ["address"]),
    )
    op.create_table(
        "final_accounts",
        *_text("agreement", length=42),
        *_whole("drawn_at"),
        *_money(
            "accepted",
            "cancelled",
            "retention_released",
            "retention_kept",
            "damages",
            "advance_unrecovered",
            "damages_unrecovered",
            "refunded",
            "released",
            "interest_owed",
        ),
        *_place("made"),
        _key("final_accounts", ["agreement"]),
        _refers("final_accounts", ["agreement"], "agreements", ["address"]),
    )


def _make_old_payments() -> None:
    op.create_table(
        "payments",
        *_whole("number"),
        *_text("agreement", length=42),
        *_whole("milestone"),
        *_text("payee", length=66),
        *_text("account", "token", length=42),
        *_money("amount"),
        *_flag("claimed"),
        *_whole("paid_at", "block"),
        *_text("transaction", length=66),
        *_count("log_index"),
        _key("payments", ["number"]),
        _refers("payments", ["agreement", "milestone"], "milestones", ["agreement", "number"]),
        _refers("payments", ["payee"], "participants", ["id"]),
        _refers("payments", ["token"], "tokens", ["address"]),
    )
    for columns in (
        ["agreement", "milestone"],
        ["amount", "number"],
        ["paid_at", "number"],
        ["payee", "number"],
        ["token"],
    ):
        _index("payments", columns)


def _empty(tables: Sequence[str]) -> None:
    for table in tables:
        op.execute(sa.delete(sa.table(table)))


def _add(batch: Any, columns: Sequence[Any]) -> None:
    for column in columns:
        batch.add_column(column)


def _drop(batch: Any, columns: Sequence[Any]) -> None:
    for column in columns:
        batch.drop_column(column.name)


def _columns(names: Sequence[str], kind: Any, nullable: bool) -> list[Any]:
    return [sa.Column(name, kind, autoincrement=False, nullable=nullable) for name in names]


def _text(*names: str, length: int, nullable: bool = False) -> list[Any]:
    return _columns(names, sa.String(length), nullable)


def _whole(*names: str, nullable: bool = False) -> list[Any]:
    return _columns(names, sa.BigInteger(), nullable)


def _count(*names: str, nullable: bool = False) -> list[Any]:
    return _columns(names, sa.Integer(), nullable)


def _money(*names: str, nullable: bool = False) -> list[Any]:
    return _columns(names, Money(128), nullable)


def _flag(*names: str) -> list[Any]:
    return _columns(names, sa.Boolean(), nullable=False)


def _place(what: str) -> list[Any]:
    return [
        *_whole(f"{what}_block"),
        *_text(f"{what}_transaction", length=66),
        *_count(f"{what}_log_index"),
    ]


def _key(table: str, columns: Sequence[str]) -> Any:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _refers(table: str, columns: Sequence[str], other: str, keys: Sequence[str]) -> Any:
    name = op.f(f"fk_{table}_{'_'.join(columns)}_{other}")
    return sa.ForeignKeyConstraint(columns, [f"{other}.{key}" for key in keys], name=name)


def _index(table: str, columns: list[str]) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def _partial_index(name: str, columns: list[str], where: Any) -> None:
    op.create_index(name, "milestones", columns, sqlite_where=where, postgresql_where=where)
