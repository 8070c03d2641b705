"""Which function folds which event, and how a batch is folded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backend.chain import events as e
from backend.db.models import Agreement, Document, Milestone
from backend.projections import (
    agreements,
    amendments,
    conflicts,
    decisions,
    milestones,
    money,
    participants,
    payments,
)
from backend.projections.history import record
from backend.projections.rows import Rows

PROJECTIONS: dict[type[e.Event], Callable[[Rows, Any], None]] = {
    e.ParticipantRegistered: participants.participant_registered,
    e.ParticipantRolesChanged: participants.participant_roles_changed,
    e.ParticipantStandingChanged: participants.participant_standing_changed,
    e.ParticipantDocumentChanged: participants.participant_document_changed,
    e.FactoryAdmitted: participants.factory_admitted,
    e.SuccessionProposed: participants.succession_proposed,
    e.ParticipantSucceeded: participants.participant_succeeded,
    e.Issued: money.issued,
    e.Redeemed: money.redeemed,
    e.Forwarded: money.forwarded,
    e.LineAppropriated: money.line_appropriated,
    e.LineCommitted: money.line_committed,
    e.LineReleased: money.line_released,
    e.CalendarYearSet: money.calendar_year_set,
    e.FactoryDeployed: money.factory_deployed,
    e.TokenAdmitted: money.token_admitted,
    e.AgreementCreated: agreements.agreement_created,
    e.AgreementSigned: agreements.agreement_signed,
    e.AgreementFunded: agreements.agreement_funded,
    e.AgreementActivated: agreements.agreement_activated,
    e.AgreementCompleted: agreements.agreement_completed,
    e.DefaultNoticed: agreements.default_noticed,
    e.DefaultCured: agreements.default_cured,
    e.AgreementTerminated: agreements.agreement_terminated,
    e.AgreementClosed: agreements.agreement_closed,
    e.MilestonesScheduled: milestones.milestones_scheduled,
    e.MilestoneSubmitted: milestones.milestone_submitted,
    e.MilestoneAttested: milestones.milestone_attested,
    e.MilestoneApproved: milestones.milestone_approved,
    e.MilestonePartlyAccepted: milestones.milestone_partly_accepted,
    e.MilestoneDisapproved: milestones.milestone_disapproved,
    e.MilestoneRejected: milestones.milestone_rejected,
    e.MilestoneChanged: milestones.milestone_changed,
    e.MilestoneCancelled: milestones.milestone_cancelled,
    e.PaymentMade: payments.payment_made,
    e.DeductionPaid: payments.deduction_paid,
    e.PaymentOwed: payments.payment_owed,
    e.ClaimPaid: payments.claim_paid,
    e.InterestAccrued: payments.interest_accrued,
    e.InterestPaid: payments.interest_paid,
    e.DecisionApproved: decisions.decision_approved,
    e.GuaranteeRecorded: amendments.guarantee_recorded,
    e.GuaranteeCalled: amendments.guarantee_called,
    e.AmendmentProposed: amendments.amendment_proposed,
    e.AmendmentSigned: amendments.amendment_signed,
    e.AmendmentEnacted: amendments.amendment_enacted,
    e.DisputeOpened: conflicts.dispute_opened,
    e.SettlementOffered: conflicts.settlement_offered,
    e.DisputeSettled: conflicts.dispute_settled,
    e.DisputeRuled: conflicts.dispute_ruled,
    e.AgreementHoldPlaced: conflicts.agreement_hold_placed,
    e.AgreementHoldLifted: conflicts.agreement_hold_lifted,
    e.AgreementSuspended: conflicts.agreement_suspended,
    e.AgreementResumed: conflicts.agreement_resumed,
}

_DOCUMENTS = ("document", "evidence", "report")


def project(rows: Rows, events: Sequence[e.Event]) -> None:
    """Fold events, in the order of the chain, into rows, and save these."""
    _prefetch(rows, events)
    for event in events:
        record(rows, event)
        PROJECTIONS[type(event)](rows, event)
    rows.save()


def _prefetch(rows: Rows, events: Sequence[e.Event]) -> None:
    emitted = [event for event in events if isinstance(event, e.EVENTS["Agreement"])]
    rows.prefetch(Agreement, (event.origin.address for event in emitted))
    about = ((event.origin.address, getattr(event, "milestone", None)) for event in emitted)
    rows.prefetch(Milestone, (key for key in about if key[1] not in {None, e.NO_MILESTONE}))
    rows.prefetch(Document, (digest for event in events for digest in _documents(event)))


def _documents(event: e.Event) -> list[str]:
    if isinstance(event, e.MilestonesScheduled):
        return [terms.document for terms in event.milestones]
    named = [getattr(event, field, None) for field in _DOCUMENTS]
    return [digest for digest in named if digest is not None]
