"""Budget lines and sums."""

from __future__ import annotations

from backend.api.schemas.base import Money, Party, Schema, Source


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
    """What was earned: the sum of the accepted amounts."""
    paid: Money
    """All that left to payees, collectors of taxes and subcontractors; without interest."""
    owed: Money
    """What waits as claims of these."""
    refunded: Money
    """What went back to the treasury."""
    held: Money
    """What contracts hold besides: funded = paid + owed + refunded + held."""
    advance_outstanding: Money
    """What of what is paid was paid in advance, and is not earned yet."""
    interest_owed: Money
    """What buyers owe for late payment, beside all this."""
    payments: int
    """How many payments."""
    late: int
    """How many contracts have a milestone that is to be submitted and overdue."""
