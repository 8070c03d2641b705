"""Events of signature, funding and work (`IAgreementWork`)."""

from __future__ import annotations

from dataclasses import dataclass

from backend.chain.events.base import Event
from backend.chain.events.terms import MilestoneTerms


@dataclass(frozen=True, slots=True)
class MilestonesScheduled(Event):
    """Milestones were agreed, at signature or by amendment; `first` is the index of the first."""

    first: int
    milestones: tuple[MilestoneTerms, ...]


@dataclass(frozen=True, slots=True)
class AgreementSigned(Event):
    """The supplier signed."""

    by: str


@dataclass(frozen=True, slots=True)
class AgreementFunded(Event):
    """The treasury brought in money."""

    by: str
    amount: int
    funded: int


@dataclass(frozen=True, slots=True)
class AgreementActivated(Event):
    """Both have signed and all the money is there; work can be submitted."""


@dataclass(frozen=True, slots=True)
class MilestoneSubmitted(Event):
    """The supplier says that a milestone is reached."""

    milestone: int
    attempt: int
    by: str
    evidence: str


@dataclass(frozen=True, slots=True)
class MilestoneAttested(Event):
    """An inspector attested what was seen."""

    milestone: int
    attempt: int
    by: str
    seen_at: int
    report: str


@dataclass(frozen=True, slots=True)
class MilestoneApproved(Event):
    """A member of the committee accepted a milestone."""

    milestone: int
    attempt: int
    by: str
    approvals: int
    quorum: int


@dataclass(frozen=True, slots=True)
class MilestonePartlyAccepted(Event):
    """A quorum accepted a part; the rest can be submitted again or disputed."""

    milestone: int
    attempt: int
    amount: int
    rest: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class MilestoneDisapproved(Event):
    """A member of the committee rejected a milestone."""

    milestone: int
    attempt: int
    by: str
    reason: str
    document: str
    rejections: int
    needed: int


@dataclass(frozen=True, slots=True)
class MilestoneRejected(Event):
    """The quorum cannot be reached any more: the milestone can be submitted again or disputed."""

    milestone: int
    attempt: int
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class ClaimPaid(Event):
    """A claim was pulled."""

    milestone: int
    payee: str
    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class InterestPaid(Event):
    """The treasury paid interest straight to the supplier; `owed` is what is still owed."""

    by: str
    account: str
    amount: int
    owed: int
