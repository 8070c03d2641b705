"""Contracts as the index gives them for publishing, made on the spot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from backend.queries.records import (
    PublishedAmendment,
    PublishedContract,
    PublishedDeduction,
    PublishedGuarantee,
    PublishedMilestone,
    PublishedPayment,
)
from backend.queries.values import Currency, Money, Party, Source

CHAIN = 2026


def at(day: int, hour: int = 0) -> datetime:
    """A moment of March 2024."""
    return datetime(2024, 3, day, hour, tzinfo=UTC)


def mxn(minor: int) -> Money:
    """An amount in centavos."""
    return Currency("MXN", 2).money(minor)


def party(identifier: str, name: str | None = None, scheme: str = "RFC") -> Party:
    """A legal person."""
    return Party(f"0x{identifier}", 1, scheme, identifier, name)


def milestone(number: int, **changes: Any) -> PublishedMilestone:
    """A milestone that nothing has happened to."""
    fields: dict[str, Any] = {
        "number": number,
        "title": None,
        "source_id": None,
        "source_date": None,
        "status": "scheduled",
        "amount": mxn(100),
        "accepted": mxn(100 if changes.get("accepted_at") else 0),
        "due_at": None,
        "accepted_at": None,
    }
    return PublishedMilestone(**fields | changes)


def payment(
    milestone: int | None, minor: int, paid_at: datetime | None, **changes: Any
) -> PublishedPayment:
    """A payment to the supplier, of which nothing is deducted, numbered like its milestone."""
    fields: dict[str, Any] = {
        "number": 0 if milestone is None else milestone,
        "milestone": milestone,
        "payee": SUPPLIER,
        "basis": "acceptance",
        "gross": mxn(minor),
        "advance": mxn(0),
        "retention": mxn(0),
        "damages": mxn(0),
        "carried": mxn(0),
        "late_days": 0,
        "net": mxn(minor),
        "deductions": [],
        "paid_at": paid_at,
        "source": Source(7, "0xabc", 3),
    }
    return PublishedPayment(**fields | changes)


def deduction(position: int, part: str, minor: int, **changes: Any) -> PublishedDeduction:
    """What of a payment went to the collector, on 2 March."""
    fields: dict[str, Any] = {
        "position": position,
        "part": part,
        "recipient": COLLECTOR,
        "amount": mxn(minor),
        "paid_at": at(2),
        "source": Source(7, "0xabc", 4 + position),
    }
    return PublishedDeduction(**fields | changes)


def guarantee(number: int, kind: str, minor: int) -> PublishedGuarantee:
    """A guarantee from 1 to 31 March."""
    return PublishedGuarantee(number, kind, mxn(minor), at(1), at(31))


def amendment(number: int, **changes: Any) -> PublishedAmendment:
    """An amendment that changes nothing."""
    fields: dict[str, Any] = {
        "number": number,
        "enacted_at": at(5),
        "reason": "additional-work",
        "legal_ground": None,
        "content": {},
        "previous_value": mxn(100),
        "value": mxn(100),
        "ends_at": None,
        "milestones": 0,
        "changes": 0,
    }
    return PublishedAmendment(**fields | changes)


def contract(**changes: Any) -> PublishedContract:
    """Contract C1, number 12: active, over MXN 1000.00, of which nothing is paid."""
    fields: dict[str, Any] = {
        "number": 12,
        "address": "0x" + "1" * 40,
        "ocid": "ocds-abc123-1",
        "contract_id": "C1",
        "title": "Bridge",
        "content": {},
        "status": "active",
        "termination": None,
        "buyer": BUYER,
        "supplier": SUPPLIER,
        "payer": PAYER,
        "signed_at": None,
        "starts_at": None,
        "ends_at": None,
        "ended_at": None,
        "changed_at": at(9),
        "value": mxn(100_000),
        "guarantees": [],
        "milestones": [],
        "payments": [],
        "amendments": [],
        "changed": Source(8, "0xdef", 0),
    }
    return PublishedContract(**fields | changes)


BUYER = party("B", "City", "GOV")
SUPPLIER = party("S", "Supplier")
PAYER = party("P", "Treasury", "GOV")
COLLECTOR = party("T", "Tax office", "GOV")
