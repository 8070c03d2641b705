"""What one payment consists of, written anew from `contracts/libraries/PaymentTerms.sol`.

Exact integers of minor units; rates are basis points, those of damages and interest millionths a
day. Conditions and taxes are the structs of the contracts, by the names of the ABI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BASIS_POINTS = 10_000
MILLIONTHS = 1_000_000
DAY = 86_400
LARGEST_AMOUNT = 2**96 - 1
ON_RECEIVED = 1
"""`TaxBase.Received`."""

Struct = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an agreement stands before a payment; `direct_due` has what each entry still is due."""

    value: int
    outstanding: int
    assessed: int
    carried: int
    late_days: int
    direct_due: Sequence[int]


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a payment; `taxes_by_term` and `direct_by_term` in the order of the tables.

    `assessed` is what this payment added to the delay damages.
    """

    gross: int
    advance: int = 0
    retention: int = 0
    damages: int = 0
    taxes: int = 0
    direct: int = 0
    net: int = 0
    late_days: int = 0
    carried: int = 0
    assessed: int = 0
    taxes_by_term: list[int] = field(default_factory=list)
    direct_by_term: list[int] = field(default_factory=list)


def round_up(numerator: int, denominator: int) -> int:
    """The quotient, rounded up."""
    return -(-numerator // denominator)


def share_down(amount: int, rate: int) -> int:
    """So many basis points of an amount, rounded down."""
    return amount * rate // BASIS_POINTS


def share_up(amount: int, rate: int) -> int:
    """So many basis points of an amount, rounded up."""
    return round_up(amount * rate, BASIS_POINTS)


def split_accepted(gross: int, conditions: Struct, before: Situation) -> Split:
    """`PaymentTerms.reckon`: what an accepted amount goes to, in the order of the rules."""
    advance = min(before.outstanding, share_up(gross, conditions["recoveryRate"]))
    left = gross - advance
    retention = min(left, share_up(gross, conditions["retentionRate"]))
    left -= retention
    taxes = in_turn(_taxes_due(conditions["taxes"], gross, left), left)
    left -= sum(taxes)
    assessed = _assess(gross, conditions, before)
    damages = min(left, assessed + before.carried)
    left -= damages
    direct = in_turn(before.direct_due, left)
    return Split(
        gross=gross,
        advance=advance,
        retention=retention,
        damages=damages,
        taxes=sum(taxes),
        direct=sum(direct),
        net=left - sum(direct),
        late_days=before.late_days,
        carried=assessed + before.carried - damages,
        assessed=assessed,
        taxes_by_term=taxes,
        direct_by_term=direct,
    )


def split_received(amount: int, taxes: Sequence[Struct]) -> Split:
    """`AgreementPayments._payReceived`: an advance or retention that is released."""
    taken = in_turn(_taxes_due(taxes, 0, amount), amount)
    total = sum(taken)
    return Split(gross=amount, taxes=total, net=amount - total, taxes_by_term=taken)


def damages_uncapped(gross: int, rate: int, late_days: int) -> int:
    """The damages for a delay before the cap, rounded up."""
    return round_up(gross * rate * late_days, MILLIONTHS)


def interest_on(net: int, rate: int, late_days: int) -> int:
    """The interest on a late payment, rounded down."""
    return net * rate * late_days // MILLIONTHS


def in_turn(due: Sequence[int], available: int) -> list[int]:
    """What each gets of what there is, the first first."""
    given = []
    for amount in due:
        given.append(min(amount, available))
        available -= given[-1]
    return given


def _taxes_due(taxes: Sequence[Struct], gross: int, received: int) -> list[int]:
    return [
        round_up(
            (received if tax["base"] == ON_RECEIVED else gross) * tax["numerator"],
            tax["denominator"],
        )
        for tax in taxes
    ]


def _assess(gross: int, conditions: Struct, before: Situation) -> int:
    room = max(0, share_down(before.value, conditions["damagesCap"]) - before.assessed)
    return min(room, damages_uncapped(gross, conditions["damagesRate"], before.late_days))
