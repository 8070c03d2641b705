"""Payments, budget lines and sums."""

from __future__ import annotations

from datetime import datetime

from backend.api.schemas.base import ContractReference, Money, Party, Schema, Source


class Payment(Schema):
    """Money that reached a payee."""

    number: int
    """Its number in the order of the chain, from 1; it never changes."""
    contract: ContractReference
    """The contract that paid."""
    milestone: int
    """Index of the milestone that it is for."""
    milestone_title: str | None
    """Title of the milestone."""
    source_id: str | None
    """Id of the payment or milestone in the file that it was loaded from."""
    source_date: str | None
    """Date in that file, as published."""
    payer: Party
    """The buyer of the contract."""
    payee: Party
    """Who was paid."""
    account: str
    """The payee's account on the chain."""
    amount: Money
    """How much."""
    paid_at: datetime
    """Time of the block."""
    claimed: bool
    """False: paid by the acceptance itself. True: pulled by the payee later."""
    source: Source
    """The event that says so."""


class BudgetLine(Schema):
    """What a buyer may commit in one fiscal year."""

    number: int
    """Its number in the order of creation, from 1; it never changes."""
    id: str
    """keccak256(abi.encode(buyer, token, fiscalYear, code))."""
    buyer: Party
    """Who may spend it."""
    fiscal_year: int
    """Fiscal year."""
    code: str
    """Code in the budget."""
    appropriated: Money
    """What may be committed."""
    committed: Money
    """What contracts have committed and not released."""
    available: Money
    """What can still be committed."""
    document: str | None
    """SHA-256 of the budget document."""
    source: Source
    """The event that opened it."""
    changed: Source
    """The event that changed it last."""


class CurrencyTotals(Schema):
    """Sums of one currency."""

    currency: str
    """ISO 4217 code."""
    lines: int
    """How many budget lines."""
    appropriated: Money
    """What may be committed."""
    committed: Money
    """What contracts have committed and not released."""
    contracts: int
    """How many contracts."""
    value: Money
    """Their value, as amended."""
    scheduled: Money
    """Sum of the milestones that are not cancelled."""
    funded: Money
    """What the treasury brought in."""
    accepted: Money
    """What was earned: the sum of the accepted milestones."""
    paid: Money
    """What reached payees."""
    owed: Money
    """What waits as claims of payees."""
    refunded: Money
    """What went back to the treasury."""
    payments: int
    """How many payments."""
    late: int
    """How many contracts have an overdue milestone."""
