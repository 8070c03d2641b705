"""The records and enumerations of `contracts/types`, as far as the rules need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

DAY = 86_400
BASIS_POINTS = 10_000
MILLIONTHS = 1_000_000
LARGEST_AMOUNT = 2**96 - 1
NONE = bytes(32)
NOBODY = "0x" + "0" * 40
NO_MILESTONE = 2**256 - 1


class AgreementStatus(IntEnum):
    """The life of an agreement."""

    NONE = 0
    SIGNED = 1
    ACTIVE = 2
    CLOSED = 3
    COMPLETED = 4
    TERMINATED = 5


class MilestoneStatus(IntEnum):
    """The life of a milestone."""

    NONE = 0
    SCHEDULED = 1
    SUBMITTED = 2
    INSPECTED = 3
    REJECTED = 4
    PAID = 5
    OWED = 6
    CANCELLED = 7
    DISPUTED = 8
    PARTLY_ACCEPTED = 9


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
    """What of a payment goes to whom."""

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
    """What a guarantee stands for."""

    PERFORMANCE = 0
    ADVANCE = 1
    RETENTION = 2


class TaxBase(IntEnum):
    """What a tax is reckoned on."""

    GROSS = 0
    RECEIVED = 1


class Standing(IntEnum):
    """Whether a participant acts and is paid."""

    UNREGISTERED = 0
    ACTIVE = 1
    SUSPENDED = 2
    DEBARRED = 3


@dataclass(frozen=True)
class Tax:
    """Withheld from payments: numerator / denominator of its base."""

    recipient: bytes
    numerator: int
    denominator: int
    base: TaxBase


@dataclass(frozen=True)
class DirectPayment:
    """What a milestone pays straight to a subcontractor."""

    milestone: int
    recipient: bytes
    amount: int


@dataclass(frozen=True)
class Conditions:
    """Rates are basis points, save those of damages and interest: millionths for each day."""

    advance_rate: int = 0
    recovery_rate: int = 0
    retention_rate: int = 0
    security_rate: int = 0
    damages_rate: int = 0
    damages_cap: int = 0
    interest_rate: int = 0
    amendment_cap: int = 0
    default_share: int = 0
    review_days: int = 0
    payment_days: int = 0
    dispute_days: int = 0
    ruling_days: int = 0
    hold_days: int = 0
    suspension_days: int = 0
    cure_days: int = 0
    defects_days: int = 0
    lapse_days: int = 1
    taxes: tuple[Tax, ...] = ()
    direct_payments: tuple[DirectPayment, ...] = ()


@dataclass(frozen=True)
class Parties:
    """Who takes which part, by participant id."""

    buyer: bytes
    supplier: bytes
    treasury: bytes
    arbiter: bytes
    committee: tuple[bytes, ...]
    quorum: int
    inspectors: tuple[bytes, ...]


@dataclass(frozen=True)
class MilestoneTerms:
    """One milestone as agreed; no date is 0, a payee of zero is the supplier."""

    amount: int
    due_at: int = 0
    payee: bytes = NONE
    document: bytes = NONE


@dataclass(frozen=True)
class MilestoneChange:
    """A milestone as it shall be."""

    milestone: int
    amount: int
    due_at: int
    payee: bytes = NONE
    removed: bool = False


@dataclass(frozen=True)
class Amendment:
    """A change of the agreement that both sides sign."""

    increase: int = 0
    decrease: int = 0
    ends_at: int = 0
    changes: tuple[MilestoneChange, ...] = ()
    milestones: tuple[MilestoneTerms, ...] = ()
    reason: bytes = NONE
    legal_ground: bytes = NONE
    document: bytes = NONE
    valid_until: int = 0


@dataclass(frozen=True)
class Guarantee:
    """A guarantee as recorded."""

    amount: int = 0
    expires_at: int = 0


@dataclass(frozen=True)
class Payment:
    """gross = advance + retention + damages + taxes + direct + net."""

    gross: int = 0
    advance: int = 0
    retention: int = 0
    damages: int = 0
    taxes: int = 0
    direct: int = 0
    net: int = 0
    late_days: int = 0
    carried: int = 0


@dataclass(frozen=True)
class MilestoneView:
    """What `milestones()` says of each."""

    amount: int
    due_at: int
    status: MilestoneStatus
    attempt: int
    approvals: int
    rejections: int
    accepted: int
    submitted_at: int
    review_ends_at: int


@dataclass(frozen=True)
class Event:
    """What the contract tells of an act: the arguments that the rules determine."""

    name: str
    arguments: dict[str, object] = field(default_factory=dict)
