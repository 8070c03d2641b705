"""Which of the agreed taxes and direct payments a deduction is for.

The contract takes them in the order of their tables, and tells only of those that came to more
than nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from backend.chain.events import DeductionPaid, Event, Part
from backend.db.models import Conditions, DirectPayment, Payment, Tax
from backend.projections.rows import Rows, UnderWay

_ACCEPTED_NOTHING = ("advance", "retention-release", "damages-returned")


def find_term(rows: Rows, payment: UnderWay, event: DeductionPaid) -> int | None:
    """The place in the agreement's table; None if nothing there fits."""
    find = _find_tax if event.part is Part.TAX else _find_direct
    start = payment.terms.get(event.part, -1) + 1
    found = find(rows, payment.row, event, start)
    if found is not None:
        payment.terms[event.part] = found
    return found


def prefetch(rows: Rows, events: Iterable[Event]) -> None:
    """Read the tables of all agreements that deducted something."""
    addresses = {event.origin.address for event in events}
    rows.prefetch(Conditions, addresses)
    found = [row for address in addresses if (row := rows.find(Conditions, address))]
    rows.prefetch(Tax, [(row.agreement, i) for row in found for i in range(row.taxes)])
    direct = [(row.agreement, i) for row in found for i in range(row.direct_payments)]
    rows.prefetch(DirectPayment, direct)


def _find_tax(rows: Rows, payment: Payment, event: DeductionPaid, start: int) -> int | None:
    agreed = rows.get(Conditions, payment.agreement)
    accepted = payment.basis not in _ACCEPTED_NOTHING
    for position in range(start, agreed.taxes):
        row = rows.get(Tax, (payment.agreement, position))
        due = row.numerator and (accepted or row.base == "received")
        if due and row.recipient == event.recipient:
            return position
    return None


def _find_direct(rows: Rows, payment: Payment, event: DeductionPaid, start: int) -> int | None:
    agreed = rows.get(Conditions, payment.agreement)
    for position in range(start, agreed.direct_payments):
        row = rows.get(DirectPayment, (payment.agreement, position))
        same = (row.milestone, row.recipient) == (event.milestone, event.recipient)
        if same and row.paid < row.amount:
            row.paid += event.amount
            return position
    return None
