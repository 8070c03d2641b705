"""Events of signature, funding and work (`IAgreementWork`)."""

from __future__ import annotations

from backend.chain.events.base import Event
from backend.chain.events.terms import MilestoneTerms


class MilestonesScheduled(Event, frozen=True, gc=False):
    """Milestones were agreed, at signature or by amendment; `first` is the index of the first."""

    first: int
    milestones: tuple[MilestoneTerms, ...]


class AgreementSigned(Event, frozen=True, gc=False):
    """The supplier signed."""

    by: str


class AgreementFunded(Event, frozen=True, gc=False):
    """The treasury brought in money."""

    by: str
    amount: int
    funded: int


class AgreementActivated(Event, frozen=True, gc=False):
    """Both have signed and all the money is there; work can be submitted."""


class MilestoneSubmitted(Event, frozen=True, gc=False):
    """The supplier says that a milestone is reached."""

    milestone: int
    attempt: int
    by: str
    evidence: str


class MilestoneAttested(Event, frozen=True, gc=False):
    """An inspector attested what was seen."""

    milestone: int
    attempt: int
    by: str
    seen_at: int
    report: str


class MilestoneApproved(Event, frozen=True, gc=False):
    """A member of the committee accepted a milestone."""

    milestone: int
    attempt: int
    by: str
    approvals: int
    quorum: int


class MilestonePartlyAccepted(Event, frozen=True, gc=False):
    """A quorum accepted a part; the rest can be submitted again or disputed."""

    milestone: int
    attempt: int
    amount: int
    rest: int
    reason: str
    document: str


class MilestoneDisapproved(Event, frozen=True, gc=False):
    """A member of the committee rejected a milestone."""

    milestone: int
    attempt: int
    by: str
    reason: str
    document: str
    rejections: int
    needed: int


class MilestoneRejected(Event, frozen=True, gc=False):
    """The quorum cannot be reached any more: the milestone can be submitted again or disputed."""

    milestone: int
    attempt: int
    reason: str
    document: str


class ClaimPaid(Event, frozen=True, gc=False):
    """A claim was pulled."""

    milestone: int
    payee: str
    account: str
    amount: int


class InterestPaid(Event, frozen=True, gc=False):
    """The treasury paid interest straight to the supplier; `owed` is what is still owed."""

    by: str
    account: str
    amount: int
    owed: int
