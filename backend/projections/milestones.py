"""Events that are about one milestone."""

from __future__ import annotations

from backend.chain.events import (
    MilestoneAccepted,
    MilestoneApproved,
    MilestoneAttested,
    MilestoneDisapproved,
    MilestoneRejected,
    MilestoneScheduled,
    MilestoneSubmitted,
    Origin,
    PaymentMade,
    PaymentOwed,
)
from backend.db.models import Agreement, Milestone, Payment
from backend.projections.documents import anchor, contents, describe_milestone
from backend.projections.moments import moment
from backend.projections.rows import Rows, born


def milestone_scheduled(rows: Rows, event: MilestoneScheduled) -> None:
    """A new milestone."""
    origin = event.origin
    agreement = _agreement(rows, origin)
    agreement.scheduled += event.amount
    agreement.milestones += 1
    rows.touch(agreement, origin)
    document = anchor(rows, event.document, "milestone", origin)
    row = Milestone(
        agreement=agreement.address,
        number=event.milestone,
        amount=event.amount,
        due_at=moment(event.due_at),
        payee=event.payee,
        document=document,
        amendment=rows.signed_amendments.get((origin.transaction, agreement.address)),
        scheduled_at=origin.timestamp,
        **born(origin),
    )
    describe_milestone(row, contents(rows, document))
    rows.add(row)


def milestone_submitted(rows: Rows, event: MilestoneSubmitted) -> None:
    """A new attempt, without votes."""
    row = _milestone(rows, event.origin, event.milestone)
    row.status = "submitted"
    row.attempt = event.attempt
    row.approvals = 0
    row.disapprovals = 0
    row.submitted_at = event.origin.timestamp
    row.evidence = anchor(rows, event.evidence, "evidence", event.origin)


def milestone_attested(rows: Rows, event: MilestoneAttested) -> None:
    """An inspector's report."""
    row = _milestone(rows, event.origin, event.milestone)
    row.status = "inspected"
    row.attested_at = event.origin.timestamp
    row.attested_by = event.by
    row.seen_at = moment(event.seen_at)
    row.report = anchor(rows, event.report, "report", event.origin)


def milestone_approved(rows: Rows, event: MilestoneApproved) -> None:
    """A vote for it."""
    _milestone(rows, event.origin, event.milestone).approvals = event.approvals


def milestone_accepted(rows: Rows, event: MilestoneAccepted) -> None:
    """Accepted; `PaymentMade` or `PaymentOwed` follows and gives the status."""
    row = _milestone(rows, event.origin, event.milestone)
    row.accepted_at = event.origin.timestamp
    agreement = _agreement(rows, event.origin)
    agreement.accepted += event.amount
    agreement.milestones_accepted += 1


def milestone_disapproved(rows: Rows, event: MilestoneDisapproved) -> None:
    """A vote against it."""
    _milestone(rows, event.origin, event.milestone).disapprovals = event.rejections
    anchor(rows, event.document, "rejection", event.origin)


def milestone_rejected(rows: Rows, event: MilestoneRejected) -> None:
    """Rejected; it can be submitted again."""
    row = _milestone(rows, event.origin, event.milestone)
    row.status = "rejected"
    row.rejections += 1
    row.rejected_at = event.origin.timestamp
    row.reject_reason = event.reason
    row.reject_document = anchor(rows, event.document, "rejection", event.origin)


def payment_made(rows: Rows, event: PaymentMade) -> None:
    """Money that reached the payee."""
    origin = event.origin
    row = _milestone(rows, origin, event.milestone)
    row.status = "paid"
    row.paid_at = origin.timestamp
    agreement = _agreement(rows, origin)
    agreement.paid += event.amount
    agreement.payments += 1
    if event.claimed:
        agreement.owed -= event.amount
    payment = Payment(
        number=rows.next_number(Payment),
        agreement=agreement.address,
        milestone=event.milestone,
        payee=event.payee,
        account=event.account,
        token=agreement.token,
        amount=event.amount,
        claimed=event.claimed,
        paid_at=origin.timestamp,
        block=origin.block,
        transaction=origin.transaction,
        log_index=origin.log_index,
    )
    rows.add(payment)


def payment_owed(rows: Rows, event: PaymentOwed) -> None:
    """Accepted, and waiting as a claim of the payee."""
    _milestone(rows, event.origin, event.milestone).status = "owed"
    _agreement(rows, event.origin).owed += event.amount


def _milestone(rows: Rows, origin: Origin, number: int) -> Milestone:
    rows.touch(_agreement(rows, origin), origin)
    row = rows.get(Milestone, (origin.address, number))
    rows.touch(row, origin)
    return row


def _agreement(rows: Rows, origin: Origin) -> Agreement:
    return rows.get(Agreement, origin.address)
