"""Which function says what an event changes; one for each event that OCDS has a field for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.chain import events as e
from backend.ocds.changes import agreements, amendments, milestones, payments
from backend.ocds.telling import Telling

CHANGES: dict[type[e.Event], Callable[[Telling, Any], None]] = {
    e.AgreementCreated: agreements.agreement_created,
    e.MilestonesScheduled: milestones.milestones_scheduled,
    e.AgreementActivated: agreements.agreement_activated,
    e.MilestonePartlyAccepted: milestones.milestone_partly_accepted,
    e.MilestoneChanged: milestones.milestone_changed,
    e.MilestoneCancelled: milestones.milestone_cancelled,
    e.PaymentMade: payments.payment_made,
    e.DeductionPaid: payments.deduction_paid,
    e.ClaimPaid: payments.claim_paid,
    e.DisputeSettled: milestones.dispute_ended,
    e.DisputeRuled: milestones.dispute_ended,
    e.GuaranteeRecorded: amendments.guarantee_recorded,
    e.AmendmentProposed: amendments.amendment_proposed,
    e.AmendmentEnacted: amendments.amendment_enacted,
    e.AgreementCompleted: agreements.agreement_completed,
    e.AgreementTerminated: agreements.agreement_terminated,
    e.AgreementClosed: agreements.agreement_closed,
}
