"""Which function folds which event, and how a batch is folded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backend.chain import events as e
from backend.db.models import Agreement, Document, Milestone
from backend.projections import agreements, milestones, money, participants
from backend.projections.history import record
from backend.projections.rows import Rows

PROJECTIONS: dict[type[e.Event], Callable[[Rows, Any], None]] = {
    e.ParticipantRegistered: participants.participant_registered,
    e.ParticipantRolesChanged: participants.participant_roles_changed,
    e.ParticipantStandingChanged: participants.participant_standing_changed,
    e.ParticipantDocumentChanged: participants.participant_document_changed,
    e.EscrowAdmitted: participants.escrow_admitted,
    e.Issued: money.issued,
    e.Redeemed: money.redeemed,
    e.LineAppropriated: money.line_appropriated,
    e.LineCommitted: money.line_committed,
    e.LineReleased: money.line_released,
    e.FactoryDeployed: money.factory_deployed,
    e.TokenAdmitted: money.token_admitted,
    e.AgreementCreated: agreements.agreement_created,
    e.AgreementFunded: agreements.agreement_funded,
    e.AgreementActivated: agreements.agreement_activated,
    e.AmendmentProposed: agreements.amendment_proposed,
    e.AmendmentSigned: agreements.amendment_signed,
    e.ClosureApproved: agreements.closure_approved,
    e.AgreementClosed: agreements.agreement_closed,
    e.MilestoneScheduled: milestones.milestone_scheduled,
    e.MilestoneSubmitted: milestones.milestone_submitted,
    e.MilestoneAttested: milestones.milestone_attested,
    e.MilestoneApproved: milestones.milestone_approved,
    e.MilestoneAccepted: milestones.milestone_accepted,
    e.MilestoneDisapproved: milestones.milestone_disapproved,
    e.MilestoneRejected: milestones.milestone_rejected,
    e.PaymentMade: milestones.payment_made,
    e.PaymentOwed: milestones.payment_owed,
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
    rows.prefetch(Milestone, (key for key in about if key[1] is not None))
    named = (getattr(event, field, None) for event in events for field in _DOCUMENTS)
    rows.prefetch(Document, (digest for digest in named if digest is not None))
