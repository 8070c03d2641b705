"""The acts of a story beyond work and payment: what a file may say, and the calls that follow."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

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


class _Reasoned(Part):
    at: PastDay
    reason: Reason
    note: Text


class Guarantee(Part):
    """The committee records a guarantee that it has seen."""

    act: Literal["guarantee"]
    at: PastDay
    by: Voters
    kind: Literal["performance", "advance", "retention"]
    amount: Amount
    until: Day
    document: Text


class Advance(Part):
    """The advance is paid; anyone may call, here the supplier does."""

    act: Literal["advance"]
    at: PastDay


class AcceptPart(_Reasoned):
    """The committee accepts a part of what was submitted."""

    act: Literal["accept-part"]
    milestone: Number
    amount: Amount
    by: Voters


class AcceptOffline(Part):
    """Members sign an acceptance offline; the supplier brings the signatures in."""

    act: Literal["accept-offline"]
    at: PastDay
    milestone: Number
    by: Voters


class Silence(Part):
    """The review period is over and nobody decided; the supplier calls deemed acceptance."""

    act: Literal["silence"]
    at: PastDay
    milestone: Number


class PayInterest(Part):
    """The treasury pays interest for late payment, issued against a bank deposit."""

    act: Literal["interest"]
    at: PastDay
    amount: Amount
    deposit: Text


class Enact(Part):
    """The treasury brings in what a signed amendment needs, and so puts it in force."""

    act: Literal["enact"]
    at: PastDay
    deposit: Text


class Dispute(_Reasoned):
    """The supplier, or a quorum of the committee, takes a milestone to the arbiter."""

    act: Literal["dispute"]
    milestone: Number
    by: Voters


class Offer(Part):
    """The supplier, or a quorum of the committee, offers to settle for an amount."""

    act: Literal["offer"]
    at: PastDay
    milestone: Number
    amount: Amount
    by: Voters


class Rule(_Reasoned):
    """The arbiter rules what the supplier gets."""

    act: Literal["rule"]
    milestone: Number
    amount: Amount


class DefaultRuling(Part):
    """Nobody ruled in time; the supplier calls the agreed default."""

    act: Literal["default-ruling"]
    at: PastDay
    milestone: Number


class Hold(_Reasoned):
    """An auditor stops all payments, or extends that once."""

    act: Literal["hold", "extend-hold"]
    by: Reference
    until: Day


class LiftHold(Part):
    """The auditor ends the hold."""

    act: Literal["lift-hold"]
    at: PastDay
    by: Reference


class Suspend(_Reasoned):
    """The committee suspends the work: force majeure."""

    act: Literal["suspend"]
    by: Voters
    until: Day


class Resume(Part):
    """The committee ends a suspension early."""

    act: Literal["resume"]
    at: PastDay
    by: Voters


class Complete(Part):
    """All work is accepted: the defects period begins, half of the retention is released."""

    act: Literal["complete"]
    at: PastDay


class ReleaseRetention(Part):
    """The rest of the retention is released against a guarantee."""

    act: Literal["release-retention"]
    at: PastDay


class Decide(_Reasoned):
    """The committee gives notice of a default, withdraws it, or ends the contract."""

    act: Literal["notice", "withdraw-notice", "terminate", "terminate-for-default"]
    by: Voters


class TerminateByAgreement(_Reasoned):
    """Supplier and committee end the contract together; `by` are those of the committee."""

    act: Literal["terminate-by-agreement"]
    by: Voters


class Lapse(Part):
    """The last day has passed; anyone ends the contract."""

    act: Literal["lapse"]
    at: PastDay


class Close(Part):
    """Anyone draws the final account."""

    act: Literal["close"]
    at: PastDay


RuleAct = Annotated[
    Guarantee
    | Advance
    | AcceptPart
    | AcceptOffline
    | Silence
    | PayInterest
    | Enact
    | Dispute
    | Offer
    | Rule
    | DefaultRuling
    | Hold
    | LiftHold
    | Suspend
    | Resume
    | Complete
    | ReleaseRetention
    | Decide
    | TerminateByAgreement
    | Lapse
    | Close,
    Field(discriminator="act"),
]
