"""Payments with all their parts, claims, and interest."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from backend.api.schemas.base import ContractReference, Money, Party, Schema, Source


class PaymentPart(Schema):
    """One part of a payment, with what it rests on."""

    part: Literal["advance", "retention", "damages", "tax", "direct-payment", "net"]
    """`advance`: recovered; `retention` and `damages` for delay: withheld; `tax`: handed on to its
    collector; `direct-payment`: to a subcontractor; `net`: for the payee."""
    amount: Money
    """How much."""
    status: Literal["withheld", "paid", "owed"]
    """`withheld`: it stays in the contract; `owed`: it waits as a claim of the recipient."""
    recipient: Party | None
    """Who gets it; null for what is withheld."""
    account: str | None
    """The account that it went to."""
    paid_at: datetime | None
    """When it went out."""
    condition: str | None
    """The field of the contract's `conditions` that says so; null for the net."""
    rate: str | None
    """Its rate, e.g. "0.0500" or "11/111"; for damages, that of each day."""
    base: Literal["gross", "received"] | None
    """What the rate is a share of: the payment's gross, or what the payee receives before taxes."""
    days: int | None
    """For damages: by how many days the work was late. What was carried forward comes on top."""
    source: Source
    """The event that says so."""


class Payment(Schema):
    """A payment as the contract worked it out."""

    number: int
    """Its number in the order of the chain, from 1; it never changes."""
    contract: ContractReference
    """The contract that pays."""
    milestone: int | None
    """Index of the milestone that it is for; null for the advance, retention released and damages
    returned."""
    milestone_title: str | None
    """Title of the milestone."""
    source_id: str | None
    """Id of the payment or milestone in the file that it was loaded from."""
    source_date: str | None
    """Date in that file, as published."""
    payer: Party
    """The buyer of the contract."""
    payee: Party
    """Who gets the net."""
    account: str | None
    """The account that the net went to; null while it is owed."""
    basis: Literal[
        "acceptance",
        "partial-acceptance",
        "silence",
        "settlement",
        "ruling",
        "default-ruling",
        "advance",
        "retention-release",
        "damages-returned",
        "interest",
    ]
    """What it rests on."""
    attempt: int
    """The submission that was accepted; 0 where none was."""
    gross: Money
    """The amount accepted, advanced, released or returned: the sum of all parts."""
    advance: Money
    """Of the advance payment, recovered."""
    retention: Money
    """Withheld as retention."""
    damages: Money
    """Withheld for delay."""
    taxes: Money
    """Withheld and handed on to collectors."""
    direct: Money
    """Paid straight to subcontractors."""
    net: Money
    """For the payee."""
    late_days: int
    """By how many days the work was late."""
    carried: Money
    """Delay damages that could not be withheld yet, all in all."""
    interest: Money
    """What the buyer owes besides, because it comes late."""
    interest_days: int
    """For how many full days."""
    parts: list[PaymentPart]
    """Each part that is not zero, and the net."""
    status: Literal["paid", "owed"]
    """That of the net; `owed`: it waits as a claim of the payee."""
    claimed: bool
    """Whether the net was pulled as a claim."""
    made_at: datetime
    """When the payment was worked out."""
    paid_at: datetime | None
    """When the net went out; null while it is owed."""
    final: bool
    """Whether the chain will not give it up any more, as it stands here."""
    source: Source
    """The event that worked it out."""
    changed: Source
    """The event that changed it last: where a claim was pulled, that one."""


class Claim(Schema):
    """What could not be paid out, and anyone may have paid out later."""

    milestone: int | None
    """Index of the milestone; null for what belongs to none."""
    payee: Party
    """Whose claim."""
    owed: Money
    """What waits."""
    paid: Money
    """What was pulled."""
    since: datetime
    """Since when something waits, or last did."""
    paid_at: datetime | None
    """When it was pulled last."""
    source: Source
    """The event that made it."""
    changed: Source
    """The event that changed it last."""


class InterestPayment(Schema):
    """Interest for late payment, paid beside the contract's money."""

    by: Party
    """The treasury."""
    account: str
    """The supplier's account."""
    amount: Money
    """How much."""
    paid_at: datetime
    """When."""
    source: Source
    """The event that says so."""
