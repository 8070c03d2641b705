"""What an event says, as the API says it: money with its currency, moments, and words for codes.

Whole numbers that are neither are counts, rates and indices, as the contracts have them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from msgspec import Struct, structs

from backend.chain.events import NO_MILESTONE, ZERO_ADDRESS, ZERO_BYTES32, Event, Standing
from backend.queries.participants import ROLES
from backend.queries.values import Currency, reason, when

AMOUNTS = frozenset(
    {
        "accepted",
        "advance",
        "advance_unrecovered",
        "amount",
        "appropriated",
        "cancelled",
        "carried",
        "committed",
        "damages",
        "damages_unrecovered",
        "decrease",
        "direct",
        "funded",
        "gross",
        "increase",
        "interest_owed",
        "net",
        "owed",
        "previous_value",
        "refunded",
        "released",
        "rest",
        "retention",
        "retention_kept",
        "retention_released",
        "taxes",
        "value",
    }
)
"""Fields that hold minor units of the event's currency."""
MOMENTS = frozenset(
    {
        "curable_until",
        "defects_end_at",
        "due_at",
        "ends_at",
        "expires_at",
        "seen_at",
        "signed_at",
        "starts_at",
        "until",
        "valid_until",
    }
)
"""Fields that hold Unix seconds; 0 stands for none."""
ROLE_SETS = frozenset({"roles", "previous"})
"""Fields that hold a set of roles, a bit for each."""
CODES = frozenset({"reason", "legal_ground", "bank_reference"})
"""Fields that hold a short text in 32 bytes."""

_NOTHING = frozenset({ZERO_ADDRESS, ZERO_BYTES32})


def said(event: Event, currency: Currency | None) -> dict[str, Any]:
    """The event's parameters by the names of the ABI; None where there is none.

    `currency` is that of its amounts; without one they are None.
    """
    return _object(event, currency)


def _object(value: Struct, currency: Currency | None) -> dict[str, Any]:
    names = [field.name for field in structs.fields(value) if field.name != "origin"]
    return {_camel(name): _value(name, getattr(value, name), currency) for name in names}


def _value(name: str, value: Any, currency: Currency | None) -> Any:
    match value:
        case Struct():
            return _object(value, currency)
        case tuple():
            return [_value(name, item, currency) for item in value]
        case IntEnum():
            return _word(value)
        case bool():
            return value
        case int():
            return _whole(name, value, currency)
        case _:
            return _text(name, value)


def _whole(name: str, value: int, currency: Currency | None) -> Any:
    if name in AMOUNTS:
        return currency.money(value) if currency else None
    if name in MOMENTS:
        return when(value) if value else None
    if name in ROLE_SETS:
        return [role for role, bit in ROLES.items() if value & bit]
    return None if value == NO_MILESTONE else value


def _text(name: str, value: str) -> str | None:
    if name in CODES:
        return reason(value)
    return None if value in _NOTHING else value


def _word(member: IntEnum) -> str | None:
    if member is Standing.UNREGISTERED:
        return None
    return member.name.lower().replace("_", "-")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
