"""Participants."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from backend.api.schemas.base import Money, Party, Schema, Source


class Participant(Party):
    """A participant as it stands."""

    account: str | None
    """Its account on the chain."""
    organization: Party | None
    """The legal person whose office it is."""
    roles: list[str]
    """What it may be in a contract."""
    standing: Literal["active", "suspended", "debarred"]
    """Whether it may enter new contracts, and how it is paid."""
    standing_reason: str | None
    """Coded reason of the last change of standing."""
    standing_document: str | None
    """SHA-256 of the decision."""
    registered_at: datetime
    """When it was registered."""
    document: str | None
    """SHA-256 of the document that names it."""
    source: Source
    """The event that registered it."""
    changed: Source
    """The event that changed it last."""


class ParticipantTotals(Schema):
    """What a participant did in one part and one currency."""

    part: Literal["buyer", "supplier", "payee"]
    """In which part."""
    currency: str
    """ISO 4217 code."""
    contracts: int
    """How many contracts."""
    payments: int
    """How many payments."""
    value: Money | None
    """Value of the contracts, as amended; null for a payee."""
    paid: Money
    """What was paid under them or, for a payee, to it."""
    owed: Money | None
    """What waits as claims of payees; null for a payee."""
