"""A hundred thousand contracts without a chain: rows that a database makes up for itself.

The first `DETAILED` contracts have six milestones, of which five are paid, each payment with one
tax besides what is withheld; a committee of three, an inspector, a guarantee, and a document. The
others have one milestone each, so that lists are long. Values, dates, buyers and statuses vary.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import psycopg
from sqlalchemy import URL

DETAILED = 20_000
PARTICIPANTS = 2_000
START = 1_704_067_200
"""2024-01-01."""


@dataclass(frozen=True)
class Size:
    """How many contracts, how many of them in detail, and how much each of these has."""

    contracts: int = 100_000
    detailed: int = DETAILED
    milestones: int = 6
    payments: int = 5


_ADDRESS = "'0x' || lpad(to_hex(n), 40, '0')"
_MADE = "n, '0x' || lpad(to_hex(n), 64, '0'), 0"
_WHEN = f"{START} + n % 900 * 86400"
_VALUE = "(n % 997 + 1) * 600000"

_STATEMENTS = (
    f"""INSERT INTO cursor (id, chain_id, genesis_hash, factory, block, block_hash,
        block_timestamp, final_block, projection_version, documents_revision)
    VALUES (1, 1, '0x01', '0x02', 1000000, '0x' || repeat('ab', 32), {START} + 400 * 86400,
        1000000, 1, 0)
    """,
    """INSERT INTO tokens (address, number, currency, decimals, issued, redeemed,
        made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    VALUES ('0x' || repeat('0', 40), 1, 'IDR', 2, 0, 0, 1, '0x01', 0, 1, '0x01', 0)""",
    f"""INSERT INTO participants (id, number, scheme, identifier, account, roles, standing,
        registered_at, document, name, name_key, search, successions,
        made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    SELECT '0x' || lpad(to_hex(n), 64, '0'), n, 'ID-NPWP', lpad(n::text, 15, '0'), {_ADDRESS},
        511, 'active', {START}, NULL, 'PT Karya Nomor ' || n, 'pt karya nomor ' || n,
        'pt karya nomor ' || n || E'\\n' || lpad(n::text, 15, '0'), 0, {_MADE}, {_MADE}
    FROM generate_series(1, {PARTICIPANTS}) n""",
    f"""INSERT INTO budget_lines (id, number, buyer, token, fiscal_year, code, appropriated,
        committed, document, made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    SELECT '0x' || lpad(to_hex(n), 64, '0'), n, '0x' || lpad(to_hex(n), 64, '0'),
        '0x' || repeat('0', 40), 2024, '5.2.3.' || n, 900000000000, 800000000000, NULL,
        {_MADE}, {_MADE}
    FROM generate_series(1, 100) n""",
    f"""INSERT INTO documents (hash, kind, state, media_type, size, text, anchored_at,
        made_block, made_transaction, made_log_index)
    SELECT '0xd' || lpad(to_hex(n), 63, '0'), 'agreement', 'present', 'application/json', 200,
        '{{"description":"Asphalt, 4 km, with two culverts and drains on both sides","id":"C-' || n
        || '","title":"Road Sukamaju-Cibeureum, section ' || n || '","type":"agreement"}}',
        {_WHEN}, {_MADE}
    FROM generate_series(1, :detailed) n""",
    f"""INSERT INTO agreements (address, number, ocid, contract_id, buyer, supplier, treasury,
        created_by, quorum, token, budget_line, document, title, title_key, search, status,
        signed_at, starts_at, ends_at, original_ends_at, dated_at, created_at, changed_at,
        activated_at, supplier_signed_at, stopped_from, stopped_until,
        original_value, value, scheduled, funded, accepted, paid, owed, refunded, cancelled,
        released, advance_paid, advance_outstanding, retained, damages, damages_carried, taxes,
        direct, interest_accrued, interest_paid, interest_owed,
        milestones, milestones_accepted, milestones_cancelled, payments, amendments, proposals,
        guarantees, stops, notices,
        made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    SELECT {_ADDRESS}, n, 'ocds-213czf-' || n, 'C-' || n,
        '0x' || lpad(to_hex(1 + n % 100), 64, '0'), '0x' || lpad(to_hex(101 + n % 1800), 64, '0'),
        '0x' || lpad(to_hex(1901), 64, '0'), '0x' || lpad(to_hex(1902), 64, '0'), 2,
        '0x' || repeat('0', 40), '0x' || lpad(to_hex(1 + n % 100), 64, '0'),
        '0xd' || lpad(to_hex(n), 63, '0'), 'Road Sukamaju-Cibeureum, section ' || n,
        'road sukamaju-cibeureum, section ' || n,
        'road sukamaju-cibeureum, section ' || n || E'\\nocds-213czf-' || n || E'\\nc-' || n,
        (ARRAY['active', 'active', 'active', 'signed', 'closed'])[1 + n % 5],
        {_WHEN}, {_WHEN}, {_WHEN} + 15552000, {_WHEN} + 15552000, {_WHEN}, {_WHEN}, {_WHEN},
        {_WHEN}, {_WHEN}, 0, 0,
        v, v, v, v, v / :milestones * :payments, v / :milestones * :payments, 0, 0, 0, 0, 0, 0,
        v / 24, 0, 0, v / 60, 0, 0, 0, 0, :milestones, :payments, 0, :payments, 0, 0, 1, 0, 0,
        {_MADE}, {_MADE}
    FROM generate_series(1, :contracts) n, LATERAL (SELECT {_VALUE} AS v) a""",
    f"""INSERT INTO agreement_offices (agreement, duty, position, participant,
        made_block, made_transaction, made_log_index)
    SELECT {_ADDRESS}, CASE WHEN p < 3 THEN 'committee' ELSE 'inspector' END, p % 3,
        '0x' || lpad(to_hex(1902 + p + n % 20), 64, '0'), {_MADE}
    FROM generate_series(1, :detailed) n, generate_series(0, 3) p""",
    f"""INSERT INTO conditions (agreement, advance_rate, recovery_rate, retention_rate,
        security_rate, damages_rate, damages_cap, interest_rate, amendment_cap, default_share,
        review_days, payment_days, dispute_days, ruling_days, hold_days, suspension_days,
        cure_days, defects_days, lapse_days, taxes, direct_payments,
        made_block, made_transaction, made_log_index)
    SELECT {_ADDRESS}, 0, 0, 500, 500, 1000, 500, 164, 1000, 5000, 14, 14, 14, 30, 30, 90, 14,
        180, 365, 1, 0, {_MADE}
    FROM generate_series(1, :detailed) n""",
    f"""INSERT INTO taxes (agreement, position, recipient, numerator, denominator, base,
        made_block, made_transaction, made_log_index)
    SELECT {_ADDRESS}, 0, '0x' || lpad(to_hex(2000), 64, '0'), 2, 100, 'gross', {_MADE}
    FROM generate_series(1, :detailed) n""",
    f"""INSERT INTO guarantees (agreement, number, kind, amount, expires_at, document,
        recorded_at, made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    SELECT {_ADDRESS}, 1, 'performance', {_VALUE} / 20, {_WHEN} + 31536000,
        '0xe' || lpad(to_hex(n), 63, '0'), {_WHEN}, {_MADE}, {_MADE}
    FROM generate_series(1, :detailed) n""",
    f"""INSERT INTO milestones (agreement, number, amount, original_amount, accepted, cancelled,
        owed, due_at, original_due_at, agreed_at, late_after, late_days, payee, document, title,
        source_id, status, attempt, approvals, disapprovals, rejections, scheduled_at,
        submitted_at, evidence, attested_at, attested_by, seen_at, report, accepted_at, paid_at,
        made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    SELECT {_ADDRESS}, m, {_VALUE} / :milestones, {_VALUE} / :milestones,
        CASE WHEN p THEN {_VALUE} / :milestones ELSE 0 END, 0, 0, w, w, {_WHEN},
        CASE WHEN NOT p AND n % 5 < 3 THEN w END, 0,
        '0x' || lpad(to_hex(101 + n % 1800), 64, '0'), NULL, 'Termin ' || m + 1,
        'T-' || n || '-' || m, CASE WHEN p THEN 'paid' ELSE 'scheduled' END, p::int, 2 * p::int, 0,
        0, {_WHEN}, CASE WHEN p THEN w - 432000 END,
        CASE WHEN p THEN '0xe' || lpad(to_hex(n * :milestones + m), 63, '0') END,
        CASE WHEN p THEN w - 345600 END,
        CASE WHEN p THEN '0x' || lpad(to_hex(1905 + n % 20), 64, '0') END,
        CASE WHEN p THEN w - 349200 END,
        CASE WHEN p THEN '0xf' || lpad(to_hex(n * :milestones + m), 63, '0') END,
        CASE WHEN p THEN w - 86400 END, CASE WHEN p THEN w - 86400 END, {_MADE}, {_MADE}
    FROM generate_series(1, :contracts) n,
        generate_series(0, CASE WHEN n <= :detailed THEN :milestones - 1 ELSE 0 END) m,
        LATERAL (SELECT {_WHEN} + (m + 1) * 2592000 AS w, m < :payments AS p) a""",
    f"""INSERT INTO payments (number, agreement, milestone, payee, account, token, basis, attempt,
        gross, advance, retention, damages, taxes, direct, net, late_days, carried, interest_days,
        interest, status, claimed, made_at, paid_at, dated_at,
        made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    SELECT (n - 1) * :payments + m + 1, {_ADDRESS}, m,
        '0x' || lpad(to_hex(101 + n % 1800), 64, '0'),
        '0x' || lpad(to_hex(101 + n % 1800), 40, '0'),
        '0x' || repeat('0', 40), 'acceptance', 1, g, 0, g / 20, 0, g / 50, 0,
        g - g / 20 - g / 50, 0, 0, 0, 0, 'paid', false, w, w, w, {_MADE}, {_MADE}
    FROM generate_series(1, :detailed) n, generate_series(0, :payments - 1) m,
        LATERAL (SELECT {_WHEN} + (m + 1) * 2592000 - 86400 AS w, {_VALUE} / :milestones AS g) a""",
    f"""INSERT INTO deductions (payment, position, agreement, milestone, token, part, term,
        recipient, account, amount, status, claimed, paid_at,
        made_block, made_transaction, made_log_index,
        changed_block, changed_transaction, changed_log_index)
    SELECT (n - 1) * :payments + m + 1, 0, {_ADDRESS}, m, '0x' || repeat('0', 40), 'tax', 0,
        '0x' || lpad(to_hex(2000), 64, '0'), '0x' || lpad(to_hex(2000), 40, '0'),
        {_VALUE} / :milestones / 50, 'paid', false, {_WHEN} + (m + 1) * 2592000 - 86400,
        {_MADE}, {_MADE}
    FROM generate_series(1, :detailed) n, generate_series(0, :payments - 1) m""",
)


def fill(url: URL, size: Size | None = None) -> None:
    """Fill the tables of a migrated, empty PostgreSQL database."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        # What is made up refers to nothing that is not there: its keys need no check.
        connection.execute("SET session_replication_role = replica")
        for statement in _STATEMENTS:
            connection.execute(_sized(statement, size or Size()).encode())
        connection.execute("VACUUM ANALYZE")
        # What is left to be written would be written while answers are measured.
        connection.execute("CHECKPOINT")


def _sized(statement: str, size: Size) -> str:
    for name, count in asdict(size).items():
        statement = statement.replace(f":{name}", str(count))
    return statement
