"""Events of the life of one milestone."""

from __future__ import annotations

from collections.abc import Iterable

from backend.chain.events import (
    Event,
    MilestoneApproved,
    MilestoneAttested,
    MilestoneCancelled,
    MilestoneChanged,
    MilestoneDisapproved,
    MilestonePartlyAccepted,
    MilestoneRejected,
    MilestonesScheduled,
    MilestoneSubmitted,
    MilestoneTerms,
    Origin,
)
from backend.db.models import Agreement, Claim, Milestone
from backend.projections.about import DONE, agreement_of, become, conclude, milestone_of, payee_of
from backend.projections.clocks import late_days, note_due
from backend.projections.documents import anchor, contents, describe_milestone
from backend.projections.moments import moment
from backend.projections.rows import Rows, born


def milestones_scheduled(rows: Rows, event: MilestonesScheduled) -> None:
    """New milestones; where an amendment adds them, `AmendmentEnacted` follows and says so."""
    agreement = agreement_of(rows, event)
    agreement.milestones += len(event.milestones)
    added = [
        _schedule(rows, agreement, number, terms, event.origin)
        for number, terms in enumerate(event.milestones, event.first)
    ]
    rows.scheduled[event.origin.transaction, agreement.address].extend(added)


def milestone_submitted(rows: Rows, event: MilestoneSubmitted) -> None:
    """A new attempt, without votes."""
    row = milestone_of(rows, event.origin, event.milestone)
    agreement = agreement_of(rows, event)
    row.attempt = event.attempt
    row.approvals = 0
    row.disapprovals = 0
    row.submitted_at = event.origin.timestamp
    row.late_days = late_days(rows, agreement, row, event.origin.timestamp)
    row.evidence = anchor(rows, event.evidence, "evidence", event.origin)
    become(rows, agreement, row, "submitted", event.origin.timestamp)


def milestone_attested(rows: Rows, event: MilestoneAttested) -> None:
    """An inspector's report."""
    row = milestone_of(rows, event.origin, event.milestone)
    row.status = "inspected"
    row.attested_at = event.origin.timestamp
    row.attested_by = event.by
    row.seen_at = moment(event.seen_at)
    row.report = anchor(rows, event.report, "report", event.origin)


def milestone_approved(rows: Rows, event: MilestoneApproved) -> None:
    """A vote for it; the payment follows where it completes the quorum."""
    milestone_of(rows, event.origin, event.milestone).approvals = event.approvals


def milestone_disapproved(rows: Rows, event: MilestoneDisapproved) -> None:
    """A vote against it."""
    milestone_of(rows, event.origin, event.milestone).disapprovals = event.rejections
    anchor(rows, event.document, "rejection", event.origin)


def milestone_rejected(rows: Rows, event: MilestoneRejected) -> None:
    """Rejected; it can be submitted again."""
    row = milestone_of(rows, event.origin, event.milestone)
    row.rejections += 1
    row.rejected_at = event.origin.timestamp
    row.reject_reason = event.reason
    row.reject_document = anchor(rows, event.document, "rejection", event.origin)
    become(rows, agreement_of(rows, event), row, "rejected", event.origin.timestamp)


def milestone_partly_accepted(rows: Rows, event: MilestonePartlyAccepted) -> None:
    """A part is accepted, whose payment follows; the rest can be submitted again."""
    row = milestone_of(rows, event.origin, event.milestone)
    row.part_accepted_at = event.origin.timestamp
    row.part_reason = event.reason
    row.part_document = anchor(rows, event.document, "acceptance", event.origin)
    become(rows, agreement_of(rows, event), row, "partly-accepted", event.origin.timestamp)


def milestone_changed(rows: Rows, event: MilestoneChanged) -> None:
    """Other terms, by amendment."""
    row = milestone_of(rows, event.origin, event.milestone)
    agreement = agreement_of(rows, event)
    agreement.scheduled += event.amount - row.amount
    row.amount = event.amount
    # A date that stays keeps what the clocks have moved it by.
    if row.due_at != moment(event.due_at):
        row.due_at = moment(event.due_at)
        row.agreed_at = event.origin.timestamp
    row.payee = payee_of(agreement, event.payee)
    claim = rows.find(Claim, (agreement.address, row.number, row.payee))
    row.owed = claim.owed if claim else 0
    note_due(rows, agreement, row)


def milestone_cancelled(rows: Rows, event: MilestoneCancelled) -> None:
    """The rest is given up; where a part is accepted, that is all that remains of it."""
    row = milestone_of(rows, event.origin, event.milestone)
    agreement = agreement_of(rows, event)
    agreement.scheduled -= event.amount
    agreement.cancelled += event.amount
    row.cancelled += event.amount
    if row.accepted or row.status in DONE:
        row.amount -= event.amount
        conclude(rows, agreement, row, event.origin.timestamp)
    else:
        become(rows, agreement, row, "cancelled", event.origin.timestamp)


def prefetch(rows: Rows, changed: Iterable[Event], closed: Iterable[Event]) -> None:
    """Read what is looked at where milestones change, and where their agreement is closed."""
    found = [rows.find(Agreement, event.origin.address) for event in closed]
    keys = [(row.address, number) for row in found if row for number in range(row.milestones)]
    rows.prefetch(Milestone, keys)
    changes = [event for event in changed if isinstance(event, MilestoneChanged)]
    owners = [(rows.find(Agreement, event.origin.address), event) for event in changes]
    claims = {(a.address, e.milestone, payee_of(a, e.payee)) for a, e in owners if a}
    rows.prefetch(Claim, claims)


def _schedule(
    rows: Rows, agreement: Agreement, number: int, terms: MilestoneTerms, origin: Origin
) -> Milestone:
    agreement.scheduled += terms.amount
    document = anchor(rows, terms.document, "milestone", origin)
    row = rows.new(
        Milestone,
        agreement=agreement.address,
        number=number,
        amount=terms.amount,
        original_amount=terms.amount,
        due_at=moment(terms.due_at),
        original_due_at=moment(terms.due_at),
        agreed_at=origin.timestamp,
        payee=payee_of(agreement, terms.payee),
        document=document,
        amendment=None,
        scheduled_at=origin.timestamp,
        **born(origin),
    )
    describe_milestone(row, contents(rows, document))
    note_due(rows, agreement, row)
    return row
