"""Structs and enumerations of agreements, as `contracts/types/Agreements.sol` has them.

Rates are integers of the units that the contract names: basis points, or millionths where the
field says so.
"""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct


class Basis(IntEnum):
    """What a payment rests on."""

    NONE = 0
    ACCEPTANCE = 1
    PARTIAL_ACCEPTANCE = 2
    SILENCE = 3
    SETTLEMENT = 4
    RULING = 5
    DEFAULT_RULING = 6
    ADVANCE = 7
    RETENTION_RELEASE = 8
    DAMAGES_RETURNED = 9
    INTEREST = 10


class Part(IntEnum):
    """What of a payment goes to somebody else than its payee."""

    NET = 0
    TAX = 1
    DIRECT_PAYMENT = 2


class Ground(IntEnum):
    """Why an agreement ends before its work is done."""

    NONE = 0
    CONVENIENCE = 1
    BY_AGREEMENT = 2
    DEFAULT = 3
    LAPSE = 4


class GuaranteeKind(IntEnum):
    """What a guarantee of a bank or surety stands for."""

    PERFORMANCE = 0
    ADVANCE = 1
    RETENTION = 2


class TaxBase(IntEnum):
    """What a tax is reckoned on: the amount accepted, or what the payee receives before taxes."""

    GROSS = 0
    RECEIVED = 1


class Parties(Struct, frozen=True, gc=False):
    """The participants of an agreement, by participant id; the arbiter is zero if there is none."""

    buyer: str
    supplier: str
    treasury: str
    arbiter: str
    committee: tuple[str, ...]
    quorum: int
    inspectors: tuple[str, ...]


class Tax(Struct, frozen=True, gc=False):
    """A tax or levy of numerator / denominator of its base."""

    recipient: str
    numerator: int
    denominator: int
    base: TaxBase


class DirectPayment(Struct, frozen=True, gc=False):
    """What a milestone pays straight to a subcontractor."""

    milestone: int
    recipient: str
    amount: int


class Conditions(Struct, frozen=True, gc=False):
    """The conditions of payment and of conflict, fixed at signature; zero switches a rule off.

    Basis points, but `damages_rate` and `interest_rate`: millionths a day.
    """

    advance_rate: int
    recovery_rate: int
    retention_rate: int
    security_rate: int
    damages_rate: int
    damages_cap: int
    interest_rate: int
    amendment_cap: int
    default_share: int
    review_days: int
    payment_days: int
    dispute_days: int
    ruling_days: int
    hold_days: int
    suspension_days: int
    cure_days: int
    defects_days: int
    lapse_days: int
    taxes: tuple[Tax, ...]
    direct_payments: tuple[DirectPayment, ...]


class Terms(Struct, frozen=True, gc=False):
    """What is agreed."""

    ocid: str
    contract_id: str
    token: str
    value: int
    signed_at: int
    starts_at: int
    ends_at: int
    budget_line: str
    document: str
    conditions: Conditions


class MilestoneTerms(Struct, frozen=True, gc=False):
    """One milestone as agreed; a payee of zero is the supplier."""

    amount: int
    due_at: int
    payee: str
    document: str


class MilestoneChange(Struct, frozen=True, gc=False):
    """A milestone as it shall be from now on."""

    milestone: int
    amount: int
    due_at: int
    payee: str
    removed: bool


class Amendment(Struct, frozen=True, gc=False):
    """A change of the agreement that both sides sign."""

    increase: int
    decrease: int
    ends_at: int
    changes: tuple[MilestoneChange, ...]
    milestones: tuple[MilestoneTerms, ...]
    reason: str
    legal_ground: str
    document: str
    valid_until: int


class Payment(Struct, frozen=True, gc=False):
    """What one payment consists of: gross = advance + retention + damages + taxes + direct + net.

    `carried` are all the delay damages that are carried forward after this payment.
    """

    gross: int
    advance: int
    retention: int
    damages: int
    taxes: int
    direct: int
    net: int
    late_days: int
    carried: int


class FinalAccount(Struct, frozen=True, gc=False):
    """How an agreement ended, in minor units."""

    accepted: int
    cancelled: int
    retention_released: int
    retention_kept: int
    damages: int
    advance_unrecovered: int
    damages_unrecovered: int
    refunded: int
    released: int
    interest_owed: int
