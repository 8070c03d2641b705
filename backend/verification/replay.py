"""An agreement worked out from its own proven events by the rules of the contracts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from backend.verification.clocks import Calendar
from backend.verification.ending import Ending
from backend.verification.errors import NotComparableError
from backend.verification.people import People
from backend.verification.spool import Fact

Handler = Callable[["Replay", Fact], None]


class Replay(Ending):
    """The whole of an agreement; see `State` for what it knows afterwards."""

    def apply(self, fact: Fact) -> None:
        """Take in one event."""
        handler = HANDLERS.get(fact.name)
        if handler is None:
            raise NotComparableError(f"{fact.name} at {fact.key} is not known to the verifier.")
        self.last = fact
        handler(self, fact)

    def vote(self, fact: Fact) -> None:
        """A vote or signature, which moves no money."""
        self.expected(fact)


HANDLERS: dict[str, Handler] = {
    "MilestonesScheduled": Replay.milestones_scheduled,
    "AgreementSigned": Replay.agreement_signed,
    "AgreementFunded": Replay.agreement_funded,
    "AgreementActivated": Replay.agreement_activated,
    "MilestoneSubmitted": Replay.milestone_submitted,
    "MilestoneAttested": Replay.milestone_attested,
    "MilestoneApproved": Replay.milestone_approved,
    "MilestonePartlyAccepted": Replay.milestone_partly_accepted,
    "MilestoneDisapproved": Replay.milestone_disapproved,
    "MilestoneRejected": Replay.milestone_rejected,
    "MilestoneCancelled": Replay.milestone_cancelled,
    "MilestoneChanged": Replay.milestone_changed,
    "PaymentMade": Replay.payment_made,
    "DeductionPaid": Replay.deduction_paid,
    "PaymentOwed": Replay.payment_owed,
    "ClaimPaid": Replay.claim_paid,
    "InterestAccrued": Replay.interest_accrued,
    "InterestPaid": Replay.interest_paid,
    "GuaranteeRecorded": Replay.guarantee_recorded,
    "AmendmentProposed": Replay.amendment_proposed,
    "AmendmentSigned": Replay.amendment_signed,
    "AmendmentEnacted": Replay.amendment_enacted,
    "DisputeOpened": Replay.dispute_opened,
    "DisputeSettled": Replay.dispute_settled,
    "DisputeRuled": Replay.dispute_ruled,
    "AgreementHoldPlaced": Replay.hold_placed,
    "AgreementHoldLifted": Replay.hold_lifted,
    "AgreementSuspended": Replay.suspended,
    "AgreementResumed": Replay.resumed,
    "AgreementCompleted": Replay.agreement_completed,
    "DefaultNoticed": Replay.default_noticed,
    "DefaultCured": Replay.default_cured,
    "AgreementTerminated": Replay.agreement_terminated,
    "AgreementClosed": Replay.agreement_closed,
    "GuaranteeCalled": Replay.vote,
    "DecisionApproved": Replay.vote,
    "SettlementOffered": Replay.vote,
}
"""By the name of the event."""


def replay(
    number: int, facts: Iterable[Fact], address: str, people: People, calendar: Calendar
) -> Replay:
    """Work out an agreement from all facts about it, the first being its creation.

    Events of the budget are about it, too, but not its own.
    """
    found: Replay | None = None
    for fact in facts:
        if fact.name == "AgreementCreated":
            found = Replay(number, fact, people, calendar)
        elif found is not None and fact.address == address:
            found.apply(fact)
    if found is None:
        raise NotComparableError(f"Agreement {number} at {address} was never created.")
    found.finish()
    return found
