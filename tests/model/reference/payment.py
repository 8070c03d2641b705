"""What one payment consists of: `docs/agreement.md`, "One payment"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reference.values import BASIS_POINTS, MILLIONTHS, Payment, Tax, TaxBase


@dataclass(frozen=True)
class Rates:
    """What of the conditions decides on a payment."""

    recovery: int = 0
    retention: int = 0
    damages: int = 0
    damages_cap: int = 0
    taxes: tuple[Tax, ...] = ()


@dataclass(frozen=True)
class Before:
    """What a payment meets: of the advance, of earlier damages, and of its own milestone.

    `assessed` is all that was assessed for delay so far and not returned, carried or withheld.
    `direct` has (recipient, amount) in the order of the table.
    """

    value: int
    outstanding: int = 0
    assessed: int = 0
    carried: int = 0
    late_days: int = 0
    direct: Sequence[tuple[bytes, int]] = ()


@dataclass(frozen=True)
class Split:
    """A payment with its recipients; `assessed` is what this payment added to the damages."""

    payment: Payment
    assessed: int
    taxes: tuple[tuple[bytes, int], ...]
    direct: tuple[tuple[bytes, int], ...]


def up(numerator: int, denominator: int) -> int:
    """The quotient, rounded up."""
    return -(-numerator // denominator)


def split(gross: int, rates: Rates, before: Before) -> Split:
    """The parts of an accepted amount."""
    left = gross
    advance = min(up(rates.recovery * gross, BASIS_POINTS), before.outstanding, left)
    left -= advance
    retention = min(up(rates.retention * gross, BASIS_POINTS), left)
    left -= retention
    taxes = withheld(rates.taxes, gross, gross - advance - retention, left)
    left -= total(taxes)
    assessed = delay_damages(gross, rates, before)
    due = assessed + before.carried
    damages = min(due, left)
    left -= damages
    direct = handed_on(before.direct, left)
    payment = Payment(
        gross=gross,
        advance=advance,
        retention=retention,
        damages=damages,
        taxes=total(taxes),
        direct=total(direct),
        net=left - total(direct),
        late_days=before.late_days,
        carried=due - damages,
    )
    return Split(payment, assessed, taxes, direct)


def split_received(gross: int, taxes: Sequence[Tax]) -> Split:
    """The parts of an advance or of retention that is released: taxes on what is received."""
    on_received = [tax for tax in taxes if tax.base == TaxBase.RECEIVED]
    parts = withheld(on_received, 0, gross, gross)
    payment = Payment(gross=gross, taxes=total(parts), net=gross - total(parts))
    return Split(payment, 0, parts, ())


def delay_damages(gross: int, rates: Rates, before: Before) -> int:
    """What this delay costs, as far as the cap leaves room."""
    room = max(rates.damages_cap * before.value // BASIS_POINTS - before.assessed, 0)
    return min(up(gross * rates.damages * before.late_days, MILLIONTHS), room)


def withheld(
    taxes: Sequence[Tax], gross: int, received: int, left: int
) -> tuple[tuple[bytes, int], ...]:
    """(recipient, amount) of each tax in order."""
    parts = []
    for tax in taxes:
        base = gross if tax.base == TaxBase.GROSS else received
        amount = min(up(base * tax.numerator, tax.denominator), left)
        left -= amount
        parts.append((tax.recipient, amount))
    return tuple(parts)


def handed_on(direct: Sequence[tuple[bytes, int]], left: int) -> tuple[tuple[bytes, int], ...]:
    """(recipient, amount) of each direct payment, as far as what is left suffices."""
    parts = []
    for recipient, agreed in direct:
        amount = min(agreed, left)
        left -= amount
        parts.append((recipient, amount))
    return tuple(parts)


def total(parts: Sequence[tuple[bytes, int]]) -> int:
    """The sum of the amounts."""
    return sum(amount for _, amount in parts)
