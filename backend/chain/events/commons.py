"""Events of an agreement's payments and decisions (`IAgreementCommons`)."""

from __future__ import annotations

from backend.chain.events.base import Event
from backend.chain.events.terms import Basis, Part, Payment


class PaymentMade(Event, frozen=True, gc=False):
    """A payment was worked out; `account` is zero if its net is owed."""

    milestone: int
    payee: str
    account: str
    attempt: int
    basis: Basis
    payment: Payment


class DeductionPaid(Event, frozen=True, gc=False):
    """A part of the payment before went to a collector or subcontractor, or is owed to it."""

    milestone: int
    recipient: str
    account: str
    part: Part
    amount: int


class PaymentOwed(Event, frozen=True, gc=False):
    """What could not be pushed waits as a claim; `owed` is the whole of it."""

    milestone: int
    payee: str
    amount: int
    owed: int


class InterestAccrued(Event, frozen=True, gc=False):
    """A payment came `late` full days late; `owed` is all the interest that the buyer owes."""

    milestone: int
    late: int
    amount: int
    owed: int


class MilestoneCancelled(Event, frozen=True, gc=False):
    """The rest of a milestone was given up."""

    milestone: int
    amount: int


class DecisionApproved(Event, frozen=True, gc=False):
    """A member of the committee is for a decision; `act` is the selector of what is decided."""

    decision: str
    by: str
    act: str
    approvals: int
    quorum: int
