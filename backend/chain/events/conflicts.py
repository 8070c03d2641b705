"""Events of disputes, holds and suspensions (`IAgreementConflicts`)."""

from __future__ import annotations

from backend.chain.events.base import Event


class DisputeOpened(Event, frozen=True, gc=False):
    """A milestone is in dispute."""

    milestone: int
    by: str
    amount: int
    reason: str
    document: str


class SettlementOffered(Event, frozen=True, gc=False):
    """A side offered to settle; `amount` is what the supplier would get."""

    milestone: int
    by: str
    amount: int


class DisputeSettled(Event, frozen=True, gc=False):
    """Both sides offered the same."""

    milestone: int
    amount: int
    rest: int


class DisputeRuled(Event, frozen=True, gc=False):
    """The arbiter ruled, or nobody did in time and the default applies: `by` is zero then."""

    milestone: int
    by: str
    amount: int
    rest: int
    reason: str
    document: str


class AgreementHoldPlaced(Event, frozen=True, gc=False):
    """An auditor stopped all payments, or extended the hold in force."""

    by: str
    until: int
    reason: str
    document: str


class AgreementHoldLifted(Event, frozen=True, gc=False):
    """The auditor ended the hold."""

    by: str


class AgreementSuspended(Event, frozen=True, gc=False):
    """The work is suspended: all clocks stop."""

    until: int
    reason: str
    document: str


class AgreementResumed(Event, frozen=True, gc=False):
    """The work goes on, earlier than was set."""
