"""Whole answers: what was asked for, and how far the index was."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from backend.api.schemas.base import Index, Money, Party, Schema
from backend.api.schemas.contracts import Amendment, Contract, HistoryEntry
from backend.api.schemas.milestones import Milestone
from backend.api.schemas.money import BudgetLine, CurrencyTotals, Payment
from backend.api.schemas.participants import Participant, ParticipantTotals


class Answer(Schema):
    """What all answers have."""

    index: Index
    """How far the index was."""


class ListAnswer(Answer):
    """What all lists have."""

    next: str | None
    """Give it as `after` for the next page; null on the last one."""


class ContractList(ListAnswer):
    """A page of contracts."""

    contracts: list[Contract]
    """In the order that was asked for."""


class ContractDetail(Answer):
    """A contract with all that belongs to it."""

    contract: Contract
    """As in the list."""
    treasury: Party
    """Who funds it and gets back what is left."""
    committee: list[Party]
    """Who accepts."""
    quorum: int
    """How many of the committee must accept."""
    inspectors: list[Party]
    """Who attests."""
    created_by: Party
    """Member of the committee that deployed it."""
    budget_line: BudgetLine
    """The line that its value is committed against."""
    original_ends_at: datetime | None
    """When the work was to end, as signed."""
    activated_at: datetime | None
    """When all its money was there for the first time."""
    close_reason: str | None
    """Coded reason of its closure."""
    close_document: str | None
    """SHA-256 of the decision to close it."""
    held: Money
    """What it holds for work that is not accepted yet."""
    cancelled: Money
    """Sum of the milestones that its closure cancelled."""
    released: Money
    """What its closure gave back to the budget line."""
    document: str | None
    """SHA-256 of the document with title and description."""
    content: dict[str, Any]
    """What that document says; empty while it is missing."""
    milestones: list[Milestone]
    """In order."""
    payments: list[Payment]
    """Oldest first."""
    amendments: list[Amendment]
    """In order."""


class ContractHistory(Answer):
    """All that happened to a contract."""

    history: list[HistoryEntry]
    """Oldest first."""


class PaymentList(ListAnswer):
    """A page of payments."""

    payments: list[Payment]
    """In the order that was asked for."""


class ParticipantList(ListAnswer):
    """A page of participants."""

    participants: list[Participant]
    """In the order that was asked for."""


class ParticipantDetail(Answer):
    """A participant with its totals and its history."""

    participant: Participant
    """As in the list."""
    totals: list[ParticipantTotals]
    """As buyer, as supplier and as payee, per currency."""
    offices: list[Party]
    """Its offices, if it is a legal person."""
    history: list[HistoryEntry]
    """What the registry says happened to it, oldest first."""


class BudgetLineList(ListAnswer):
    """A page of budget lines."""

    budget_lines: list[BudgetLine]
    """In the order that was asked for."""


class Totals(Answer):
    """Sums per currency."""

    totals: list[CurrencyTotals]
    """In the order in which currencies were admitted."""


class Health(Schema):
    """Whether the service is alive and how far the index is behind the chain."""

    status: Literal["ok", "degraded"]
    """`degraded`: alive, but see `problems`."""
    index: Index | None
    """Null while nothing is indexed."""
    head: int | None
    """The chain's latest block; null while the node does not answer."""
    lag: int | None
    """How many blocks the index is behind."""
    problems: list[str]
    """What is wrong, in words."""
