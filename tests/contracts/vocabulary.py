"""The vocabulary of the contracts: enums and structs, and what stands for documents."""

import re
from enum import IntEnum, IntFlag
from typing import Any, NamedTuple

from ape.types import MockContractLog
from ape.utils import Struct
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

NO_ADDRESS = "0x" + "00" * 20
NONE = bytes(32)
ALL_ROLES = 511
DAY = 86_400
# 16 May 2033, 03:33:20 UTC, a Monday; no holidays are set for that year.
MONDAY = 1_999_827_200
UINT96 = 2**96 - 1
UINT128 = 2**128 - 1
# The first moment that does not fit.
FAR_FUTURE = 2**40
# What belongs to no milestone.
NO_MILESTONE = 2**256 - 1


class Role(IntFlag):
    """The bits of `Roles`."""

    BUYER = 1
    SUPPLIER = 2
    COMMITTEE = 4
    INSPECTOR = 8
    TREASURY = 16
    AUDITOR = 32
    ARBITER = 64
    AUTHORITY = 128
    COLLECTOR = 256


class Permission(IntEnum):
    """The roles of the access manager."""

    REGISTRAR = 1
    ISSUER = 2
    BUDGET_OFFICER = 3
    WITNESS = 4
    CALENDAR_KEEPER = 5


class Standing(IntEnum):
    """As `Standing` in Solidity."""

    UNREGISTERED = 0
    ACTIVE = 1
    SUSPENDED = 2
    DEBARRED = 3


class AgreementStatus(IntEnum):
    """As `AgreementStatus` in Solidity."""

    NONE = 0
    SIGNED = 1
    ACTIVE = 2
    CLOSED = 3
    COMPLETED = 4
    TERMINATED = 5


class MilestoneStatus(IntEnum):
    """As `MilestoneStatus` in Solidity."""

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
    """As `Basis` in Solidity."""

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
    """As `Part` in Solidity."""

    NET = 0
    TAX = 1
    DIRECT_PAYMENT = 2


class Ground(IntEnum):
    """As `Ground` in Solidity."""

    NONE = 0
    CONVENIENCE = 1
    BY_AGREEMENT = 2
    DEFAULT = 3
    LAPSE = 4


class GuaranteeKind(IntEnum):
    """As `GuaranteeKind` in Solidity."""

    PERFORMANCE = 0
    ADVANCE = 1
    RETENTION = 2


class TaxBase(IntEnum):
    """As `TaxBase` in Solidity."""

    GROSS = 0
    RECEIVED = 1


class Conditions(NamedTuple):
    """As `Conditions` in Solidity. The default deducts nothing and has no clocks but disputes."""

    advance_rate: int = 0
    recovery_rate: int = 0
    retention_rate: int = 0
    security_rate: int = 0
    damages_rate: int = 0
    damages_cap: int = 0
    interest_rate: int = 0
    amendment_cap: int = 1_000
    default_share: int = 5_000
    review_days: int = 0
    payment_days: int = 0
    dispute_days: int = 14
    ruling_days: int = 30
    hold_days: int = 30
    suspension_days: int = 90
    cure_days: int = 14
    defects_days: int = 180
    lapse_days: int = 365
    taxes: tuple[tuple[bytes, int, int, int], ...] = ()
    direct_payments: tuple[tuple[int, bytes, int], ...] = ()


class Amendment(NamedTuple):
    """As `Amendment` in Solidity."""

    increase: int = 0
    decrease: int = 0
    ends_at: int = 0
    changes: tuple[tuple[int, int, int, bytes, bool], ...] = ()
    milestones: tuple[tuple[int, int, bytes, bytes], ...] = ()
    reason: bytes = keccak(text="additional-work")
    legal_ground: bytes = NONE
    document: bytes = NONE
    valid_until: int = 0


AMENDMENT = (
    "(uint128,uint128,uint64,(uint256,uint128,uint64,bytes32,bool)[],"
    "(uint128,uint64,bytes32,bytes32)[],bytes32,bytes32,bytes32,uint64)"
)


def amendment_content(number: int, amendment: Amendment) -> bytes:
    """What those who sign an amendment agree on."""
    return keccak(encode(["uint256", AMENDMENT], [number, tuple(amendment)]))


class Payment(NamedTuple):
    """As `Payment` in Solidity, in minor units and days."""

    gross: int
    advance: int = 0
    retention: int = 0
    damages: int = 0
    taxes: int = 0
    direct: int = 0
    net: int = 0
    late_days: int = 0
    carried: int = 0


class Money(NamedTuple):
    """As `Money` in Solidity, in minor units."""

    value: int
    scheduled: int = 0
    funded: int = 0
    accepted: int = 0
    paid: int = 0
    owed: int = 0
    refunded: int = 0
    advance_outstanding: int = 0
    retained: int = 0
    damages: int = 0
    damages_carried: int = 0
    interest_owed: int = 0


class Milestone(NamedTuple):
    """As `Milestone` in Solidity."""

    amount: int
    due_at: int
    status: MilestoneStatus
    attempt: int = 0
    approvals: int = 0
    rejections: int = 0
    accepted: int = 0
    submitted_at: int = 0
    review_ends_at: int = 0


class FinalAccount(NamedTuple):
    """As `FinalAccount` in Solidity, in minor units."""

    accepted: int = 0
    cancelled: int = 0
    retention_released: int = 0
    retention_kept: int = 0
    damages: int = 0
    advance_unrecovered: int = 0
    damages_unrecovered: int = 0
    refunded: int = 0
    released: int = 0
    interest_owed: int = 0


def code(text: str) -> bytes:
    """A code that the contracts themselves give, e.g. "lapsed"."""
    return text.encode().ljust(32, b"\0")


def bits(*statuses: IntEnum) -> int:
    """Statuses as the guards' errors tell them: one bit each."""
    return sum(1 << status for status in statuses)


# Submissions are decided on.
ONGOING = bits(AgreementStatus.ACTIVE, AgreementStatus.TERMINATED)
# The committee can still decide on a submission.
UNDECIDED = bits(MilestoneStatus.SUBMITTED, MilestoneStatus.INSPECTED)
# Can be submitted.
SUBMITTABLE = bits(
    MilestoneStatus.SCHEDULED, MilestoneStatus.REJECTED, MilestoneStatus.PARTLY_ACCEPTED
)


def plain(value: Any) -> Any:
    """Structs and lists that a contract returned, as tuples."""
    if isinstance(value, Struct):
        return tuple(plain(part) for part in value.values())
    if isinstance(value, list | tuple):
        return tuple(plain(part) for part in value)
    # Addresses within structs come without checksum.
    if isinstance(value, str) and re.fullmatch("0x[0-9a-f]{40}", value):
        return to_checksum_address(value)
    return value


def event(kind: Any, /, **arguments: Any) -> MockContractLog:
    """As `kind(**arguments)`, for events with several structs, which Ape takes for one another."""
    return MockContractLog(
        contract_address=kind.contract.address, event_name=kind.name, event_arguments=arguments
    )


def digest(text: str) -> bytes:
    """A hash that stands for a document, a reason or a reference of this name."""
    return keccak(text=text)


def address(text: str) -> str:
    """An address that nobody has the key of."""
    return to_checksum_address(digest(text)[12:])


def participant_id(scheme: str, identifier: str) -> bytes:
    """What the registry calls a participant: 128 significant bits."""
    return keccak(encode(["string", "string"], [scheme, identifier]))[:16] + bytes(16)
