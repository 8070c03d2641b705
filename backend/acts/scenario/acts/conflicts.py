"""Disputes over milestones, holds by auditors, and suspension by force majeure."""

from __future__ import annotations

from typing import Literal

from backend.acts.scenario.parts import (
    Amount,
    Day,
    Number,
    Part,
    PastDay,
    Reason,
    Reference,
    Text,
    Voters,
)


class Dispute(Part):
    """The supplier takes a milestone to dispute, or `by`: members of the committee."""

    act: Literal["dispute"]
    at: PastDay
    milestone: Number
    by: Voters | None = None
    reason: Reason
    note: Text


class Offer(Part):
    """The supplier offers to settle for an amount, or `by`: members of the committee."""

    act: Literal["offer"]
    at: PastDay
    milestone: Number
    amount: Amount
    by: Voters | None = None


class Rule(Part):
    """The arbiter rules what the supplier gets."""

    act: Literal["rule"]
    at: PastDay
    milestone: Number
    amount: Amount
    reason: Reason
    note: Text


class DefaultRuling(Part):
    """Nobody ruled in time, and the agreed default applies."""

    act: Literal["default-ruling"]
    at: PastDay
    milestone: Number


class Hold(Part):
    """An auditor stops all payments, or extends that once."""

    act: Literal["hold", "extend-hold"]
    at: PastDay
    by: Reference
    until: Day
    reason: Reason
    note: Text


class LiftHold(Part):
    """An auditor ends a hold."""

    act: Literal["lift-hold"]
    at: PastDay
    by: Reference


class Suspend(Part):
    """Members of the committee suspend the work for force majeure: the clocks stop."""

    act: Literal["suspend"]
    at: PastDay
    by: Voters
    until: Day
    reason: Reason
    note: Text


class Resume(Part):
    """Members of the committee end a suspension early."""

    act: Literal["resume"]
    at: PastDay
    by: Voters


ConflictsAct = Dispute | Offer | Rule | DefaultRuling | Hold | LiftHold | Suspend | Resume
