"""Which function folds which event, and how a batch is folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from backend.chain import events as e
from backend.db.models import Agreement, Document, Milestone
from backend.projections import (
    agreements,
    amendments,
    conflicts,
    decisions,
    deductions,
    milestones,
    money,
    participants,
    payments,
)
from backend.projections.history import record
from backend.projections.rows import Rows

_OF_AGREEMENTS = frozenset(e.EVENTS["Agreement"])

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


def project(rows: Rows, events: Sequence[e.Event], *, undoable: bool = False) -> None:
    """Fold events, in the order of the chain, into rows; if `undoable`, mark each block."""
    _prefetch(rows, events)
    block = events[0].origin.block
    for event in events:
        if undoable and event.origin.block != block:
            rows.mark(block)
            block = event.origin.block
        record(rows, event)
        PROJECTIONS[type(event)](rows, event)
    if undoable:
        rows.mark(block)
    else:
        rows.pass_over()


def _prefetch(rows: Rows, events: Sequence[e.Event]) -> None:
    """Read at once what the functions will ask for one by one."""
    by_kind: dict[type[e.Event], list[e.Event]] = defaultdict(list)
    for event in events:
        by_kind[type(event)].append(event)
    addresses: set[str] = set()
    about: set[tuple[str, int]] = set()
    for kind in by_kind.keys() & _OF_AGREEMENTS:
        addresses.update([event.origin.address for event in by_kind[kind]])
        if "milestone" in kind.__struct_fields__:
            about.update(map(_of_milestone, by_kind[kind]))
    rows.prefetch(Agreement, addresses)
    rows.prefetch(Milestone, [key for key in about if key[1] != e.NO_MILESTONE])
    rows.prefetch(Document, _documents(by_kind))
    _prefetch_parts(rows, by_kind)


def _prefetch_parts(rows: Rows, by_kind: dict[type[e.Event], list[e.Event]]) -> None:
    proposed, signed = by_kind[e.AmendmentProposed], by_kind[e.AmendmentSigned]
    guarantees = [*by_kind[e.GuaranteeRecorded], *by_kind[e.GuaranteeCalled]]
    amendments.prefetch(rows, guarantees, [*proposed, *signed])
    milestones.prefetch(rows, by_kind[e.MilestoneChanged], by_kind[e.AgreementClosed])
    decisions.prefetch(rows, by_kind[e.DecisionApproved])
    deductions.prefetch(rows, by_kind[e.DeductionPaid])


_of_milestone = attrgetter("origin.address", "milestone")


def _documents(by_kind: dict[type[e.Event], list[e.Event]]) -> set[str]:
    """The hashes of all documents that events name."""
    found: set[str] = set()
    for kind, events in by_kind.items():
        for name in _DOCUMENTS:
            if name in kind.__struct_fields__:
                found.update(map(attrgetter(name), events))
    for kind in (e.AgreementCreated, e.AmendmentProposed):
        found.update(map(attrgetter("terms.document"), by_kind[kind]))
    for event in by_kind[e.MilestonesScheduled]:
        assert isinstance(event, e.MilestonesScheduled)  # noqa: S101
        found.update([terms.document for terms in event.milestones])
    return found
