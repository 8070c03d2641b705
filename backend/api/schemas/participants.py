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

    part: Literal["buyer", "supplier", "payee", "collector", "subcontractor"]
    """In which part; `collector`: of taxes; `subcontractor`: one that is paid directly."""
    currency: str
    """ISO 4217 code."""
    contracts: int
    """How many contracts."""
    payments: int
    """How many payments."""
    value: Money | None
    """Value of the contracts, as amended; null but for buyer and supplier."""
    paid: Money
    """As buyer or supplier: all that was paid under the contracts; else what was paid to it."""
    owed: Money
    """Likewise what waits as claims."""


class Succession(Schema):
    """Another account that a participant acts with, or is to."""

    status: Literal["proposed", "confirmed", "replaced", "withdrawn"]
    """`replaced`: a later proposal took its place. `withdrawn`: it was taken back."""
    account: str
    """The new account."""
    document: str | None
    """SHA-256 of the request."""
    proposed_at: datetime
    """When it was proposed."""
    previous: str | None
    """The account that was given up. What was done with it stays the participant's."""
    confirmed_at: datetime | None
    """When a second party confirmed it."""
    confirmed_by: str | None
    """The account that confirmed it."""
    source: Source
    """The event that proposed it."""
    changed: Source
    """The event that changed it last."""
