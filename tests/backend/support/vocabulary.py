"""What the contracts are told: people, terms, codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

REGISTRAR, ISSUER, BUDGET_OFFICER, WITNESS, CALENDAR_KEEPER = 1, 2, 3, 4, 5
BUYER, SUPPLIER, COMMITTEE, INSPECTOR, TREASURY = 1, 2, 4, 8, 16
AUDITOR, ARBITER, AUTHORITY, COLLECTOR = 32, 64, 128, 256
PARTS = (
    "AgreementReading",
    "AgreementEnding",
    "AgreementConflicts",
    "AgreementChanges",
    "Agreement",
)
"""The contracts that agreements share, each of which hands on to the one before."""
WESTERN_INDONESIA_TIME = 7 * 3600
CONDITIONS: dict[str, Any] = {
    "advanceRate": 0,
    "recoveryRate": 0,
    "retentionRate": 0,
    "securityRate": 0,
    "damagesRate": 0,
    "damagesCap": 0,
    "interestRate": 0,
    "amendmentCap": 5_000,
    "defaultShare": 0,
    "reviewDays": 0,
    "paymentDays": 0,
    "disputeDays": 0,
    "rulingDays": 0,
    "holdDays": 0,
    "suspensionDays": 0,
    "cureDays": 0,
    "defectsDays": 0,
    "lapseDays": 365,
    "taxes": [],
    "directPayments": [],
}
"""Deducts nothing and waits for nothing; amendments may add half of the value."""
ZERO = b"\0" * 32
NOBODY = "0x" + "0" * 40
PLENTY = 2**127


@dataclass(frozen=True)
class Person:
    """A registered participant."""

    id: bytes
    account: str

    @property
    def hex(self) -> str:
        """Its id as the index has it."""
        return f"0x{self.id.hex()}"


@dataclass(frozen=True)
class Contract:
    """An agreement and who may act on it."""

    address: str
    parties: dict[str, Any]
    members: list[Person]
    inspectors: list[Person]
    supplier: Person
    treasury: Person
    token: str


def code(text: str) -> bytes:
    """A coded reason as bytes32."""
    return text.encode().ljust(32, b"\0")


def milestone(
    amount: int, due_at: int = 0, payee: bytes = ZERO, document: bytes = ZERO
) -> dict[str, Any]:
    """Terms of a milestone."""
    return {"amount": amount, "dueAt": due_at, "payee": payee, "document": document}


def changed(
    milestone: int, amount: int, due_at: int = 0, payee: bytes = ZERO, removed: bool = False
) -> dict[str, Any]:
    """A milestone as an amendment wants it."""
    values = {"milestone": milestone, "amount": amount, "dueAt": due_at}
    return values | {"payee": payee, "removed": removed}


def amendment(**terms: Any) -> dict[str, Any]:
    """Terms of an amendment; changes nothing unless told."""
    return {
        "increase": 0,
        "decrease": 0,
        "endsAt": 0,
        "changes": [],
        "milestones": [],
        "reason": code("additional-work"),
        "legalGround": ZERO,
        "document": ZERO,
        "validUntil": 0,
    } | terms
