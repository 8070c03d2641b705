"""Events of disputes, holds and suspensions (`IAgreementConflicts`)."""

from __future__ import annotations

from dataclasses import dataclass

from backend.chain.events.base import Event


@dataclass(frozen=True, slots=True)
class DisputeOpened(Event):
    """A milestone is in dispute."""

    milestone: int
    by: str
    amount: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class SettlementOffered(Event):
    """A side offered to settle; `amount` is what the supplier would get."""

    milestone: int
    by: str
    amount: int


@dataclass(frozen=True, slots=True)
class DisputeSettled(Event):
    """Both sides offered the same."""

    milestone: int
    amount: int
    rest: int


@dataclass(frozen=True, slots=True)
class DisputeRuled(Event):
    """The arbiter ruled, or nobody did in time and the default applies: `by` is zero then."""

    milestone: int
    by: str
    amount: int
    rest: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class AgreementHoldPlaced(Event):
    """An auditor stopped all payments, or extended the hold in force."""

    by: str
    until: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class AgreementHoldLifted(Event):
    """The auditor ended the hold."""

    by: str


@dataclass(frozen=True, slots=True)
class AgreementSuspended(Event):
    """The work is suspended: all clocks stop."""

    until: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class AgreementResumed(Event):
    """The work goes on, earlier than was set."""
