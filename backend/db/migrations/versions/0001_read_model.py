"""The read model in its first form."""

import sqlalchemy as sa
from alembic import op

from backend.db.types import Money

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("genesis_hash", sa.String(length=66), nullable=False),
        sa.Column("factory", sa.String(length=42), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False),
        sa.Column("projection_version", sa.Integer(), nullable=False),
        sa.Column("documents_revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_cursor_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cursor")),
    )
    op.create_table(
        "documents",
        sa.Column("hash", sa.String(length=66), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("anchored_at", sa.BigInteger(), nullable=False),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_state"), "documents", ["state"], unique=False)
    op.create_table(
        "events",
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("log_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("block_timestamp", sa.BigInteger(), nullable=False),
        sa.Column("transaction", sa.String(length=66), nullable=False),
        sa.Column("transaction_index", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=42), nullable=False),
        sa.Column("contract", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("agreement", sa.String(length=42), nullable=True),
        sa.Column("milestone", sa.BigInteger(), nullable=True),
        sa.Column("participant", sa.String(length=66), nullable=True),
        sa.PrimaryKeyConstraint("block", "log_index", name=op.f("pk_events")),
    )
    op.create_index(
        op.f("ix_events_agreement_block_log_index"),
        "events",
        ["agreement", "block", "log_index"],
        unique=False,
    )
    op.create_index(
        op.f("ix_events_participant_block_log_index"),
        "events",
        ["participant", "block", "log_index"],
        unique=False,
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.String(length=66), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("account", sa.String(length=42), nullable=True),
        sa.Column("organization", sa.String(length=66), nullable=True),
        sa.Column("roles", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("standing_reason", sa.String(length=66), nullable=True),
        sa.Column("standing_document", sa.String(length=66), nullable=True),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.String(length=66), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column(
            "name_key",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.Column("changed_block", sa.BigInteger(), nullable=False),
        sa.Column("changed_transaction", sa.String(length=66), nullable=False),
        sa.Column("changed_log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"],
            ["participants.id"],
            name=op.f("fk_participants_organization_participants"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("number", name=op.f("uq_participants_number")),
    )
    op.create_index(op.f("ix_participants_document"), "participants", ["document"], unique=False)
    op.create_index(
        "ix_participants_identifier",
        "participants",
        ["identifier"],
        unique=False,
        postgresql_using="hash",
    )
    op.create_index(
        op.f("ix_participants_name_key_number"),
        "participants",
        ["name_key", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_participants_organization"), "participants", ["organization"], unique=False
    )
    op.create_table(
        "tokens",
        sa.Column("address", sa.String(length=42), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("issued", Money(256), nullable=False),
        sa.Column("redeemed", Money(256), nullable=False),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.Column("changed_block", sa.BigInteger(), nullable=False),
        sa.Column("changed_transaction", sa.String(length=66), nullable=False),
        sa.Column("changed_log_index", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_tokens")),
        sa.UniqueConstraint("currency", name=op.f("uq_tokens_currency")),
        sa.UniqueConstraint("number", name=op.f("uq_tokens_number")),
    )
    op.create_table(
        "budget_lines",
        sa.Column("id", sa.String(length=66), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("buyer", sa.String(length=66), nullable=False),
        sa.Column("token", sa.String(length=42), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("appropriated", Money(128), nullable=False),
        sa.Column("committed", Money(128), nullable=False),
        sa.Column("document", sa.String(length=66), nullable=True),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.Column("changed_block", sa.BigInteger(), nullable=False),
        sa.Column("changed_transaction", sa.String(length=66), nullable=False),
        sa.Column("changed_log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["buyer"], ["participants.id"], name=op.f("fk_budget_lines_buyer_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_lines")),
        sa.UniqueConstraint("number", name=op.f("uq_budget_lines_number")),
    )
    op.create_index(op.f("ix_budget_lines_buyer"), "budget_lines", ["buyer"], unique=False)
    op.create_index(op.f("ix_budget_lines_token"), "budget_lines", ["token"], unique=False)
    op.create_table(
        "agreements",
        sa.Column("address", sa.String(length=42), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("ocid", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("buyer", sa.String(length=66), nullable=False),
        sa.Column("supplier", sa.String(length=66), nullable=False),
        sa.Column("treasury", sa.String(length=66), nullable=False),
        sa.Column("created_by", sa.String(length=66), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=42), nullable=False),
        sa.Column("budget_line", sa.String(length=66), nullable=False),
        sa.Column("document", sa.String(length=66), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column(
            "title_key",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("original_ends_at", sa.BigInteger(), nullable=True),
        sa.Column("dated_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("activated_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("close_reason", sa.String(length=66), nullable=True),
        sa.Column("close_document", sa.String(length=66), nullable=True),
        sa.Column("original_value", Money(128), nullable=False),
        sa.Column("value", Money(128), nullable=False),
        sa.Column("scheduled", Money(128), nullable=False),
        sa.Column("funded", Money(128), nullable=False),
        sa.Column("accepted", Money(128), nullable=False),
        sa.Column("paid", Money(128), nullable=False),
        sa.Column("owed", Money(128), nullable=False),
        sa.Column("refunded", Money(128), nullable=False),
        sa.Column("cancelled", Money(128), nullable=False),
        sa.Column("released", Money(128), nullable=False),
        sa.Column("milestones", sa.Integer(), nullable=False),
        sa.Column("milestones_accepted", sa.Integer(), nullable=False),
        sa.Column("milestones_cancelled", sa.Integer(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("amendments", sa.Integer(), nullable=False),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.Column("changed_block", sa.BigInteger(), nullable=False),
        sa.Column("changed_transaction", sa.String(length=66), nullable=False),
        sa.Column("changed_log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budget_line"],
            ["budget_lines.id"],
            name=op.f("fk_agreements_budget_line_budget_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["buyer"], ["participants.id"], name=op.f("fk_agreements_buyer_participants")
        ),
        sa.ForeignKeyConstraint(
            ["supplier"], ["participants.id"], name=op.f("fk_agreements_supplier_participants")
        ),
        sa.ForeignKeyConstraint(
            ["token"], ["tokens.address"], name=op.f("fk_agreements_token_tokens")
        ),
        sa.ForeignKeyConstraint(
            ["treasury"], ["participants.id"], name=op.f("fk_agreements_treasury_participants")
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_agreements")),
        sa.UniqueConstraint("number", name=op.f("uq_agreements_number")),
    )
    op.create_index(op.f("ix_agreements_buyer"), "agreements", ["buyer"], unique=False)
    op.create_index(
        op.f("ix_agreements_changed_block_number"),
        "agreements",
        ["changed_block", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agreements_dated_at_number"), "agreements", ["dated_at", "number"], unique=False
    )
    op.create_index(op.f("ix_agreements_document"), "agreements", ["document"], unique=False)
    op.create_index(
        "ix_agreements_ocid", "agreements", ["ocid"], unique=False, postgresql_using="hash"
    )
    op.create_index(
        op.f("ix_agreements_paid_number"), "agreements", ["paid", "number"], unique=False
    )
    op.create_index(op.f("ix_agreements_supplier"), "agreements", ["supplier"], unique=False)
    op.create_index(
        op.f("ix_agreements_title_key_number"), "agreements", ["title_key", "number"], unique=False
    )
    op.create_index(op.f("ix_agreements_token"), "agreements", ["token"], unique=False)
    op.create_index(
        op.f("ix_agreements_value_number"), "agreements", ["value", "number"], unique=False
    )
    op.create_table(
        "agreement_offices",
        sa.Column("agreement", sa.String(length=42), nullable=False),
        sa.Column("duty", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("participant", sa.String(length=66), nullable=False),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement"],
            ["agreements.address"],
            name=op.f("fk_agreement_offices_agreement_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["participant"],
            ["participants.id"],
            name=op.f("fk_agreement_offices_participant_participants"),
        ),
        sa.PrimaryKeyConstraint("agreement", "duty", "position", name=op.f("pk_agreement_offices")),
    )
    op.create_index(
        op.f("ix_agreement_offices_participant"), "agreement_offices", ["participant"], unique=False
    )
    op.create_table(
        "amendments",
        sa.Column("agreement", sa.String(length=42), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("increase", Money(128), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("milestones", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=66), nullable=False),
        sa.Column("document", sa.String(length=66), nullable=True),
        sa.Column("proposed_by", sa.String(length=66), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("signed_by", sa.String(length=66), nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("previous_value", Money(128), nullable=True),
        sa.Column("value", Money(128), nullable=True),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.Column("changed_block", sa.BigInteger(), nullable=False),
        sa.Column("changed_transaction", sa.String(length=66), nullable=False),
        sa.Column("changed_log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement"], ["agreements.address"], name=op.f("fk_amendments_agreement_agreements")
        ),
        sa.PrimaryKeyConstraint("agreement", "number", name=op.f("pk_amendments")),
    )
    op.create_table(
        "milestones",
        sa.Column("agreement", sa.String(length=42), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", Money(128), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("payee", sa.String(length=66), nullable=False),
        sa.Column("document", sa.String(length=66), nullable=True),
        sa.Column("amendment", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("source_date", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("disapprovals", sa.Integer(), nullable=False),
        sa.Column("rejections", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.String(length=66), nullable=True),
        sa.Column("attested_at", sa.BigInteger(), nullable=True),
        sa.Column("attested_by", sa.String(length=66), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("report", sa.String(length=66), nullable=True),
        sa.Column("rejected_at", sa.BigInteger(), nullable=True),
        sa.Column("reject_reason", sa.String(length=66), nullable=True),
        sa.Column("reject_document", sa.String(length=66), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("made_block", sa.BigInteger(), nullable=False),
        sa.Column("made_transaction", sa.String(length=66), nullable=False),
        sa.Column("made_log_index", sa.Integer(), nullable=False),
        sa.Column("changed_block", sa.BigInteger(), nullable=False),
        sa.Column("changed_transaction", sa.String(length=66), nullable=False),
        sa.Column("changed_log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement"], ["agreements.address"], name=op.f("fk_milestones_agreement_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["payee"], ["participants.id"], name=op.f("fk_milestones_payee_participants")
        ),
        sa.PrimaryKeyConstraint("agreement", "number", name=op.f("pk_milestones")),
    )
    op.create_index(op.f("ix_milestones_document"), "milestones", ["document"], unique=False)
    op.create_index(
        "ix_milestones_due",
        "milestones",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
        postgresql_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
    )
    op.create_index(
        "ix_milestones_open",
        "milestones",
        ["agreement", "due_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
        postgresql_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
    )
    op.create_index(op.f("ix_milestones_payee"), "milestones", ["payee"], unique=False)
    op.create_table(
        "payments",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreement", sa.String(length=42), nullable=False),
        sa.Column("milestone", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.String(length=66), nullable=False),
        sa.Column("account", sa.String(length=42), nullable=False),
        sa.Column("token", sa.String(length=42), nullable=False),
        sa.Column("amount", Money(128), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("transaction", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement", "milestone"],
            ["milestones.agreement", "milestones.number"],
            name=op.f("fk_payments_agreement_milestone_milestones"),
        ),
        sa.ForeignKeyConstraint(
            ["payee"], ["participants.id"], name=op.f("fk_payments_payee_participants")
        ),
        sa.ForeignKeyConstraint(
            ["token"], ["tokens.address"], name=op.f("fk_payments_token_tokens")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_payments")),
    )
    op.create_index(
        op.f("ix_payments_agreement_milestone"),
        "payments",
        ["agreement", "milestone"],
        unique=False,
    )
    op.create_index(
        op.f("ix_payments_amount_number"), "payments", ["amount", "number"], unique=False
    )
    op.create_index(
        op.f("ix_payments_paid_at_number"), "payments", ["paid_at", "number"], unique=False
    )
    op.create_index(op.f("ix_payments_payee_number"), "payments", ["payee", "number"], unique=False)
    op.create_index(op.f("ix_payments_token"), "payments", ["token"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index(op.f("ix_payments_token"), table_name="payments")
    op.drop_index(op.f("ix_payments_payee_number"), table_name="payments")
    op.drop_index(op.f("ix_payments_paid_at_number"), table_name="payments")
    op.drop_index(op.f("ix_payments_amount_number"), table_name="payments")
    op.drop_index(op.f("ix_payments_agreement_milestone"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(op.f("ix_milestones_payee"), table_name="milestones")
    op.drop_index(
        "ix_milestones_open",
        table_name="milestones",
        sqlite_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
        postgresql_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
    )
    op.drop_index(
        "ix_milestones_due",
        table_name="milestones",
        sqlite_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
        postgresql_where=sa.text("status IN ('scheduled', 'submitted', 'inspected', 'rejected')"),
    )
    op.drop_index(op.f("ix_milestones_document"), table_name="milestones")
    op.drop_table("milestones")
    op.drop_table("amendments")
    op.drop_index(op.f("ix_agreement_offices_participant"), table_name="agreement_offices")
    op.drop_table("agreement_offices")
    op.drop_index(op.f("ix_agreements_value_number"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_token"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_title_key_number"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_supplier"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_paid_number"), table_name="agreements")
    op.drop_index("ix_agreements_ocid", table_name="agreements", postgresql_using="hash")
    op.drop_index(op.f("ix_agreements_document"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_dated_at_number"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_changed_block_number"), table_name="agreements")
    op.drop_index(op.f("ix_agreements_buyer"), table_name="agreements")
    op.drop_table("agreements")
    op.drop_index(op.f("ix_budget_lines_token"), table_name="budget_lines")
    op.drop_index(op.f("ix_budget_lines_buyer"), table_name="budget_lines")
    op.drop_table("budget_lines")
    op.drop_table("tokens")
    op.drop_index(op.f("ix_participants_organization"), table_name="participants")
    op.drop_index(op.f("ix_participants_name_key_number"), table_name="participants")
    op.drop_index("ix_participants_identifier", table_name="participants", postgresql_using="hash")
    op.drop_index(op.f("ix_participants_document"), table_name="participants")
    op.drop_table("participants")
    op.drop_index(op.f("ix_events_participant_block_log_index"), table_name="events")
    op.drop_index(op.f("ix_events_agreement_block_log_index"), table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("ix_documents_state"), table_name="documents")
    op.drop_table("documents")
    op.drop_table("cursor")
