"""Contracts as the index gives them for publishing, made on the spot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from backend.queries.records import (
    PublishedAmendment,
    PublishedContract,
    PublishedMilestone,
    PublishedPayment,
)
from backend.queries.values import Money, Party, Source

CHAIN = 2026


def at(day: int, hour: int = 0) -> datetime:
    """A moment of March 2024."""
    return datetime(2024, 3, day, hour, tzinfo=UTC)


def mxn(minor: int) -> Money:
    """An amount in centavos."""
    return Money(minor, "MXN", 2)


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
        "due_at": None,
        "accepted_at": None,
    }
    return PublishedMilestone(**fields | changes)


def payment(milestone: int, minor: int, paid_at: datetime, **changes: Any) -> PublishedPayment:
    """A payment to the supplier."""
    fields: dict[str, Any] = {
        "milestone": milestone,
        "payee": SUPPLIER,
        "amount": mxn(minor),
        "paid_at": paid_at,
        "source": Source(7, "0xabc", 3),
    }
    return PublishedPayment(**fields | changes)


def amendment(number: int, **changes: Any) -> PublishedAmendment:
    """An amendment that changes nothing."""
    fields: dict[str, Any] = {
        "number": number,
        "signed_at": at(5),
        "reason": "additional-work",
        "content": {},
        "previous_value": mxn(100),
        "value": mxn(100),
        "ends_at": None,
        "milestones": 0,
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
        "buyer": BUYER,
        "supplier": SUPPLIER,
        "payer": PAYER,
        "signed_at": None,
        "starts_at": None,
        "ends_at": None,
        "changed_at": at(9),
        "value": mxn(100_000),
        "milestones": [],
        "payments": [],
        "amendments": [],
        "changed": Source(8, "0xdef", 0),
    }
    return PublishedContract(**fields | changes)


BUYER = party("B", "City", "GOV")
SUPPLIER = party("S", "Supplier")
PAYER = party("P", "Treasury", "GOV")
