"""Which columns are compared, and the rows that the tables must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.verification.replay import Replay
from backend.verification.rows import (
    TAX_BASES,
    ZERO,
    Claim,
    Deduction,
    InterestPayment,
    Milestone,
    Payment,
    Row,
    Total,
    document,
    moment,
)
from backend.verification.state import made

Key = tuple[Any, ...]
_MADE = ("made_block", "made_log_index", "made_transaction")
_PLACE = ("made_block", "made_log_index")


@dataclass(frozen=True, slots=True)
class Table:
    """A table, the columns that name a row, and those that are compared besides."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def keyed(self, rows: Iterable[Mapping[str, Any]]) -> dict[Key, Mapping[str, Any]]:
        """Rows by key."""
        return {tuple(row[name] for name in self.key): row for row in rows}


def _of(kind: type, *more: str, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    names = [*kind.__dataclass_fields__, *more]  # type: ignore[attr-defined]
    return tuple(name for name in names if name not in without)


_AGREED = (
    "number",
    "ocid",
    "contract_id",
    "buyer",
    "supplier",
    "treasury",
    "arbiter",
    "created_by",
    "quorum",
    "token",
    "budget_line",
    "document",
    "signed_at",
    "starts_at",
    "original_ends_at",
    "dated_at",
    "created_at",
)
_ARISING = (
    "status",
    "ends_at",
    "stopped_from",
    "stopped_until",
    "milestones",
    "milestones_accepted",
    "milestones_cancelled",
    "payments",
    "proposals",
    "amendments",
    "guarantees",
    "stops",
    "notices",
    "supplier_signed_at",
    "activated_at",
    "completed_at",
    "defects_end_at",
    "terminated_at",
    "termination_ground",
    "termination_reason",
    "termination_document",
    "closed_at",
    "changed_at",
    "changed_block",
    "changed_log_index",
    "changed_transaction",
)
_WORKED = ("due", "original_due", "review_span", "approved_by", "disapproved_by", "assessments")
_ACCOUNT = {
    "accepted": "accepted",
    "cancelled": "cancelled",
    "retention_released": "retentionReleased",
    "retention_kept": "retentionKept",
    "damages": "damages",
    "advance_unrecovered": "advanceUnrecovered",
    "damages_unrecovered": "damagesUnrecovered",
    "refunded": "refunded",
    "released": "released",
    "interest_owed": "interestOwed",
}

AGREEMENTS = Table("agreements", ("address",), (*_AGREED, *_ARISING, *_of(Total), *_MADE))
MILESTONES = Table(
    "milestones",
    ("agreement", "number"),
    _of(
        Milestone,
        *("due_at", "original_due_at", "approvals", "disapprovals"),
        without=("agreement", "number", *_WORKED),
    ),
)
PAYMENTS = Table("payments", _PLACE, _of(Payment, without=(*_PLACE, "deductions")))
DEDUCTIONS = Table("deductions", _PLACE, _of(Deduction, without=_PLACE))
CLAIM_KEY = ("agreement", "milestone", "payee")
CLAIMS = Table("claims", CLAIM_KEY, _of(Claim, without=CLAIM_KEY))
INTEREST = Table("interest_payments", _PLACE, _of(InterestPayment, without=_PLACE))
ACCOUNTS = Table("final_accounts", ("agreement",), (*_ACCOUNT, "drawn_at"))
_RATES = (
    *("advance_rate", "recovery_rate", "retention_rate", "security_rate", "damages_rate"),
    *("damages_cap", "interest_rate", "amendment_cap", "default_share", "review_days"),
    *("payment_days", "dispute_days", "ruling_days", "hold_days", "suspension_days"),
    *("cure_days", "defects_days", "lapse_days"),
)
CONDITIONS = Table("conditions", ("agreement",), (*_RATES, "taxes", "direct_payments", *_MADE))
_POSITION = ("agreement", "position")
TAXES = Table("taxes", _POSITION, ("recipient", "numerator", "denominator", "base", *_MADE))
DIRECT = Table("direct_payments", _POSITION, ("milestone", "recipient", "amount", "paid", *_MADE))
OFFICES = Table("agreement_offices", ("agreement", "duty", "position"), ("participant", *_MADE))
TOKENS = Table(
    "tokens", ("address",), ("number", "currency", "decimals", "issued", "redeemed", *_MADE)
)
LINES = Table(
    "budget_lines",
    ("id",),
    (
        *("number", "buyer", "token", "fiscal_year", "code"),
        *("appropriated", "committed", "document", *_MADE),
    ),
)
EVENTS = Table(
    "events",
    ("block", "log_index"),
    (
        *("block_hash", "block_timestamp", "transaction", "transaction_index", "address"),
        *("contract", "name", "agreement", "milestone", "participant"),
    ),
)
OF_AGREEMENTS = (
    *(MILESTONES, PAYMENTS, DEDUCTIONS, CLAIMS, INTEREST, ACCOUNTS),
    *(CONDITIONS, TAXES, DIRECT, OFFICES),
)
"""Tables that have a column `agreement`."""


def rows_of(found: Replay) -> dict[str, list[Row]]:
    """The rows that each table must have of an agreement, by table."""
    account = found.final_account
    drawn = [] if account is None else [_account(found, account)]
    return {
        AGREEMENTS.name: [_agreement(found)],
        MILESTONES.name: _taken(MILESTONES, found.milestones),
        PAYMENTS.name: _taken(PAYMENTS, found.payments),
        DEDUCTIONS.name: _taken(DEDUCTIONS, found.deductions),
        CLAIMS.name: _taken(CLAIMS, found.claims.values()),
        INTEREST.name: _taken(INTEREST, found.interest_payments),
        ACCOUNTS.name: drawn,
        **_agreed_rows(found),
    }


def _agreed_rows(found: Replay) -> dict[str, list[Row]]:
    """What was signed, and never changes but in what of it was paid."""
    agreed, origin = found.conditions, {"agreement": found.address, **made(found.created)}
    taxes, direct = agreed["taxes"], agreed["directPayments"]
    counts = {"taxes": len(taxes), "direct_payments": len(direct)}
    duties = {"committee": found.parties["committee"], "inspector": found.parties["inspectors"]}
    return {
        CONDITIONS.name: [{name: agreed[_camel(name)] for name in _RATES} | counts | origin],
        TAXES.name: [
            {**origin, **tax, "position": position, "base": TAX_BASES[tax["base"]]}
            for position, tax in enumerate(taxes)
        ],
        DIRECT.name: [
            {**origin, **entry, "position": position, "paid": paid}
            for position, (entry, paid) in enumerate(zip(direct, found.direct_paid, strict=True))
        ],
        OFFICES.name: [
            {**origin, "duty": duty, "position": position, "participant": participant}
            for duty, participants in duties.items()
            for position, participant in enumerate(participants)
        ],
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _taken(table: Table, items: Iterable[object]) -> list[Row]:
    names = (*table.key, *table.columns)
    return [{name: getattr(item, name) for name in names} for item in items]


def _account(found: Replay, account: Row) -> Row:
    figures = {column: account[name] for column, name in _ACCOUNT.items()}
    drawn_at = found.moments["closed_at"]
    return {"agreement": found.address, "drawn_at": drawn_at, **figures}


def _agreement(found: Replay) -> Row:
    terms, parties, created = found.terms, found.parties, found.created
    arising = found.columns()
    row = {
        "address": found.address,
        "number": found.number,
        "ocid": terms["ocid"],
        "contract_id": terms["contractId"],
        "buyer": parties["buyer"],
        "supplier": parties["supplier"],
        "treasury": parties["treasury"],
        "arbiter": None if parties["arbiter"] == ZERO else parties["arbiter"],
        "created_by": created.values["by"],
        "quorum": parties["quorum"],
        "token": terms["token"],
        "budget_line": terms["budgetLine"],
        "document": document(terms["document"]),
        "signed_at": moment(terms["signedAt"]),
        "starts_at": moment(terms["startsAt"]),
        "original_ends_at": moment(terms["endsAt"]),
        "dated_at": moment(terms["signedAt"]) or created.timestamp,
        "created_at": created.timestamp,
        **made(created),
        **{name: arising.get(name) for name in _ARISING},
    }
    return row | {name: getattr(found.total, name) for name in _of(Total)}
