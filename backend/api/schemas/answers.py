"""Whole answers: what was asked for, and how far the index was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backend.api.readiness import CODES
from backend.api.schemas.base import Index, Money, Party, Schema
from backend.api.schemas.conflicts import (
    Decision,
    Dispute,
    FinalAccount,
    Notice,
    Stop,
    Termination,
)
from backend.api.schemas.contracts import Contract, HistoryEntry, PlacedEntry
from backend.api.schemas.milestones import Milestone
from backend.api.schemas.money import BudgetLine, CurrencyTotals
from backend.api.schemas.participants import Participant, ParticipantTotals, Succession
from backend.api.schemas.payments import Claim, InterestPayment, Payment
from backend.api.schemas.terms import Amendment, Conditions, Guarantee


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


class ContractMoney(Schema):
    """What a contract holds and for what, and what else became of its money."""

    held: Money
    """All that it holds but claims: funded = paid + owed + refunded + held."""
    advance_paid: Money
    """The advance, before taxes."""
    advance_outstanding: Money
    """What of it is not recovered; zero once the contract is closed."""
    retained: Money
    """What is withheld as retention; zero once the contract is closed."""
    damages: Money
    """What is withheld for delay; zero once the contract is closed."""
    damages_carried: Money
    """What could not be withheld for delay yet; zero once the contract is closed."""
    taxes: Money
    """What of all payments was paid, or is owed, to collectors of taxes."""
    direct: Money
    """What of all payments was paid, or is owed, straight to subcontractors."""
    cancelled: Money
    """Sum of what was scheduled and given up."""
    released: Money
    """What the budget line got back."""
    interest_accrued: Money
    """All interest for late payment."""
    interest_paid: Money
    """What of it was paid, beside the contract's money."""
    interest_owed: Money
    """What of it is still owed."""


class ContractDetail(Answer):
    """A contract with all that belongs to it."""

    contract: Contract
    """As in the list."""
    treasury: Party
    """Who funds it and gets back what is left."""
    arbiter: Party | None
    """Who rules on disputes; null if nobody does, so that the default applies."""
    committee: list[Party]
    """Who accepts."""
    quorum: int
    """How many of the committee must agree."""
    inspectors: list[Party]
    """Who attests."""
    created_by: Party
    """Member of the committee that deployed it."""
    budget_line: BudgetLine
    """The line that its value is committed against."""
    conditions: Conditions
    """What was agreed for payment and conflict."""
    original_ends_at: datetime | None
    """When the work was to end, as signed."""
    supplier_signed_at: datetime | None
    """When the supplier signed it on the chain."""
    activated_at: datetime | None
    """When it was signed by both and all its money was there."""
    completed_at: datetime | None
    """When all work was accepted."""
    defects_end_at: datetime | None
    """When the defects liability period ends, as the clocks stood at completion."""
    termination: Termination | None
    """Why it ended before that; null if it did not."""
    money: ContractMoney
    """What it holds and for what."""
    document: str | None
    """SHA-256 of the document with title and description."""
    content: dict[str, Any]
    """What that document says; empty while it is missing."""
    milestones: list[Milestone]
    """In order."""
    payments: list[Payment]
    """Oldest first."""
    claims: list[Claim]
    """What belongs to no milestone first, then in the order of milestones."""
    interest_payments: list[InterestPayment]
    """Oldest first."""
    guarantees: list[Guarantee]
    """In the order in which they were recorded."""
    amendments: list[Amendment]
    """In order."""
    disputes: list[Dispute]
    """In the order in which they were opened."""
    stops: list[Stop]
    """Holds and suspensions, in order."""
    notices: list[Notice]
    """Notices of default, in order."""
    decisions: list[Decision]
    """Of the committee, in the order of the first votes."""
    final_account: FinalAccount | None
    """Null while it is not closed."""


class ContractShort(Answer):
    """A contract without what belongs to it."""

    contract: Contract
    """As in the list."""


class ContractHistory(Answer):
    """All that happened to a contract."""

    history: list[HistoryEntry]
    """Oldest first."""


class PaymentList(ListAnswer):
    """A page of payments."""

    payments: list[Payment]
    """In the order that was asked for."""


class PaymentDetail(Answer):
    """A payment."""

    payment: Payment
    """As in the list."""


class EventDetail(Answer):
    """An event."""

    event: PlacedEntry
    """As it stands on the chain."""


class ParticipantList(ListAnswer):
    """A page of participants."""

    participants: list[Participant]
    """In the order that was asked for."""


class ParticipantDetail(Answer):
    """A participant with its totals and its history."""

    participant: Participant
    """As in the list."""
    totals: list[ParticipantTotals]
    """In each of its parts, per currency."""
    offices: list[Party]
    """Its offices, if it is a legal person."""
    successions: list[Succession]
    """Other accounts that were proposed for it, in order."""
    history: list[HistoryEntry]
    """What the registry says happened to it, oldest first."""


class BudgetLineList(ListAnswer):
    """A page of budget lines."""

    budget_lines: list[BudgetLine]
    """In the order that was asked for."""


class BudgetLineDetail(Answer):
    """A budget line."""

    budget_line: BudgetLine
    """As in the list."""


class Totals(Answer):
    """Sums per currency."""

    totals: list[CurrencyTotals]
    """In the order in which currencies were admitted."""


class NotReady(Schema):
    """One reason why what is served may not be what the chain says."""

    code: Annotated[str, Field(json_schema_extra={"enum": list(CODES)})]
    """Names the kind of reason, for programs."""
    detail: str
    """In words, with the values at hand."""


class Readiness(Schema):
    """Whether what is served is what the chain says."""

    status: Literal["ready", "not-ready"]
    """`not-ready`, with status 503, if there is any reason."""
    index: Index | None
    """Null while nothing is indexed, or the database is away."""
    head: int | None
    """The chain's latest block; null while no node answers."""
    lag_blocks: int | None
    """How many blocks the chain has beyond the index."""
    lag_seconds: int | None
    """From the index's last block to the chain's, by the times of both."""
    reasons: list[NotReady]
    """All reasons."""


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
