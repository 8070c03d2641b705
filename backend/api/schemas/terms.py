"""Conditions of contracts, and what secures and changes them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from backend.api.schemas.base import Money, Party, Schema, Source


class Tax(Schema):
    """A tax or levy, withheld from each payment and handed on in the same transaction."""

    recipient: Party
    """Who collects it."""
    numerator: int
    """The rate is numerator / denominator."""
    denominator: int
    """See `numerator`."""
    base: Literal["gross", "received"]
    """`gross`: of the amount accepted; `received`: of what the payee receives before taxes, be it
    for work, as advance or as retention released."""


class DirectPayment(Schema):
    """What a milestone pays straight to a subcontractor, as far as the payment suffices."""

    milestone: int
    """Index of the milestone."""
    recipient: Party
    """The subcontractor."""
    amount: Money
    """How much in all."""
    paid: Money
    """What of it was paid, or is owed."""


class Conditions(Schema):
    """What was agreed for payment and conflict, fixed at signature. Rates are shares of one as
    decimal text, e.g. "0.0500" for 5 %. Zero switches a rule off."""

    advance_rate: Decimal
    """Of the value at signature: the advance, paid once against a guarantee."""
    recovery_rate: Decimal
    """Of each accepted amount: what recovers the advance."""
    retention_rate: Decimal
    """Of each accepted amount: what is withheld until the work is done and free of defects."""
    security_rate: Decimal
    """Of the value: what the performance security must reach for payments to go out."""
    damages_rate: Decimal
    """Of the late part, for each day or part of a day: the damages for delay."""
    damages_cap: Decimal
    """Of the value: the most that delay damages come to in all."""
    interest_rate: Decimal
    """Of a late payment, for each full day: what the buyer owes."""
    amendment_cap: Decimal
    """Of the original value: what amendments may add without legal ground and authority."""
    default_share: Decimal
    """Of what is in dispute: what the supplier gets when nobody rules in time."""
    review_days: int
    """Working days in which the committee decides on a submission; 0 if silence never accepts."""
    payment_days: int
    """Days after the review in which a payment is not late."""
    dispute_days: int
    """Days after a decision in which the supplier may dispute it."""
    ruling_days: int
    """Days in which the arbiter rules."""
    hold_days: int
    """Days that an auditor's hold lasts at most; it may be extended once by as many."""
    suspension_days: int
    """Days that suspensions may last in all."""
    cure_days: int
    """Days between a notice of default and termination for default, at least."""
    defects_days: int
    """Days after completion in which defects are the supplier's to mend."""
    lapse_days: int
    """Days after the end of the work when anyone may end the contract."""
    taxes: list[Tax]
    """In the order in which they are withheld."""
    direct_payments: list[DirectPayment]
    """In the order in which they are made."""


class Guarantee(Schema):
    """A guarantee of a bank or surety, as the committee recorded it."""

    kind: Literal["performance", "advance", "retention"]
    """What it stands for."""
    status: Literal["in-force", "expired", "replaced", "called"]
    """`replaced`: by a later one of its kind; `called`: the guarantor is to pay the treasury."""
    amount: Money
    """What it guarantees."""
    expires_at: datetime
    """When it ends."""
    document: str | None
    """SHA-256 of the guarantee."""
    recorded_at: datetime
    """When it was recorded."""
    replaced_at: datetime | None
    """When a later one took its place."""
    called_at: datetime | None
    """When it was called."""
    called: Money | None
    """What the guarantor is to pay."""
    call_reason: str | None
    """Coded reason of the call."""
    source: Source
    """The event that recorded it."""
    changed: Source
    """The event that changed it last."""


class Signature(Schema):
    """A signature under an amendment."""

    by: Party
    """Who signed."""
    side: Literal["supplier", "committee", "authority"]
    """In which part; `authority`: the head of the buying institution."""
    signed_at: datetime
    """When."""
    source: Source
    """The event that says so."""


class Change(Schema):
    """A milestone as an amendment wants it."""

    milestone: int | None
    """Index of the milestone; null for one that no contract can have."""
    amount: Money
    """Its amount from then on."""
    due_at: datetime | None
    """Its date from then on; null for none."""
    payee: Party | None
    """Who is paid from then on; null for the supplier."""
    removed: bool
    """Whether it is cancelled instead."""


class Amendment(Schema):
    """A change of a contract that both sides sign."""

    number: int
    """Its number in the contract, from 1."""
    status: Literal["proposed", "enacted", "void", "expired"]
    """`enacted`: in force; `void`: another took effect since it was proposed, or the work has
    ended; `expired`: its date has passed."""
    increase: Money
    """What it adds to the value."""
    decrease: Money
    """What it takes from the value."""
    ends_at: datetime | None
    """New end of the work; null where it stays."""
    milestones: int
    """How many milestones it adds."""
    changes: list[Change]
    """Milestones that it changes or removes."""
    reason: str | None
    """Coded reason."""
    legal_ground: str | None
    """Coded legal ground for a value above the cap; null where none is named."""
    document: str | None
    """SHA-256 of the reasons in prose."""
    valid_until: datetime | None
    """When the offer ends; null if no date is set."""
    proposed_by: Party
    """The supplier or a member of the committee."""
    proposed_at: datetime
    """When it was proposed."""
    signatures: list[Signature]
    """In order; the first is the proposer's."""
    enacted_at: datetime | None
    """When it took effect."""
    previous_value: Money | None
    """Value of the contract before."""
    value: Money | None
    """Value of the contract after."""
    cumulative_increase: Money | None
    """By how much that exceeds the original value."""
    source: Source
    """The event that proposed it."""
    changed: Source
    """The event that changed it last."""
