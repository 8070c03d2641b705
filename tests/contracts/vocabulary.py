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
ALL_ROLES = 127


class Role(IntFlag):
    """The bits of `Roles`."""

    BUYER = 1
    SUPPLIER = 2
    COMMITTEE = 4
    INSPECTOR = 8
    TREASURY = 16
    AUDITOR = 32
    ARBITER = 64


class Permission(IntEnum):
    """The roles of the access manager."""

    REGISTRAR = 1
    ISSUER = 2
    BUDGET_OFFICER = 3
    ESCROW_ADMITTER = 4


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


class Money(NamedTuple):
    """As `Money` in Solidity, in minor units."""

    value: int
    scheduled: int = 0
    funded: int = 0
    accepted: int = 0
    paid: int = 0
    owed: int = 0
    refunded: int = 0


class Milestone(NamedTuple):
    """As `Milestone` in Solidity."""

    amount: int
    due_at: int
    status: MilestoneStatus
    attempt: int = 0
    approvals: int = 0
    rejections: int = 0


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


def event(kind: Any, **arguments: Any) -> MockContractLog:
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
    """What the registry calls a participant."""
    return keccak(encode(["string", "string"], [scheme, identifier]))
