"""Events of disputes, holds and suspensions."""

from __future__ import annotations

from backend.chain.events import (
    ZERO_BYTES32,
    AgreementHoldLifted,
    AgreementHoldPlaced,
    AgreementResumed,
    AgreementSuspended,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    SettlementOffered,
)
from backend.db.models import Agreement, Dispute, Milestone, SettlementOffer, Stop
from backend.projections.about import (
    agreement_of,
    become,
    conclude,
    known,
    milestone_of,
    note_all_due,
)
from backend.projections.documents import anchor
from backend.projections.rows import Rows, born, made


def dispute_opened(rows: Rows, event: DisputeOpened) -> None:
    """A milestone is in dispute."""
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    row = milestone_of(rows, event.origin, event.milestone)
    become(rows, agreement, row, "disputed", at)
    rows.new(
        Dispute,
        agreement=agreement.address,
        milestone=event.milestone,
        side=_side(agreement, event.by),
        opened_by=event.by,
        opened_at=at,
        disputed=event.amount,
        reason=event.reason,
        document=anchor(rows, event.document, "dispute", event.origin),
        **born(event.origin),
    )


def settlement_offered(rows: Rows, event: SettlementOffered) -> None:
    """A side's latest offer."""
    agreement = agreement_of(rows, event)
    row = rows.get(Dispute, (agreement.address, event.milestone))
    rows.new(
        SettlementOffer,
        agreement=agreement.address,
        milestone=event.milestone,
        position=row.offers,
        side=_side(agreement, event.by),
        by=event.by,
        amount=event.amount,
        offered_at=event.origin.timestamp,
        **made(event.origin),
    )
    row.offers += 1
    rows.touch(row, event.origin)


def dispute_settled(rows: Rows, event: DisputeSettled) -> None:
    """Both sides offered the same; the payment follows."""
    _end_dispute(rows, event, "settled")


def dispute_ruled(rows: Rows, event: DisputeRuled) -> None:
    """The arbiter's ruling, or the agreed default; the payment follows."""
    defaulted = event.by == ZERO_BYTES32
    row = _end_dispute(rows, event, "defaulted" if defaulted else "ruled")
    row.ruled_by = known(event.by)
    row.ruling_reason = known(event.reason)
    row.ruling_document = anchor(rows, event.document, "ruling", event.origin)


def agreement_hold_placed(rows: Rows, event: AgreementHoldPlaced) -> None:
    """An auditor stops payments and clocks, or extends the hold in force."""
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    latest = _latest_stop(rows, agreement)
    if latest is None or latest.kind != "hold" or at >= latest.until:
        _stop(rows, event, agreement, "hold", event.by)
        return
    latest.planned_until = event.until
    latest.extended_at = at
    latest.extended_by = event.by
    latest.extension_reason = event.reason
    latest.extension_document = anchor(rows, event.document, "hold", event.origin)
    _set_until(rows, event, agreement, latest, event.until)


def agreement_hold_lifted(rows: Rows, event: AgreementHoldLifted) -> None:
    """Before its time."""
    _end_stop(rows, event).ended_by = event.by


def agreement_suspended(rows: Rows, event: AgreementSuspended) -> None:
    """The clocks stop."""
    _stop(rows, event, agreement_of(rows, event), "suspension", None)


def agreement_resumed(rows: Rows, event: AgreementResumed) -> None:
    """Before its time."""
    _end_stop(rows, event)


def _side(agreement: Agreement, by: str) -> str:
    return "supplier" if by == agreement.supplier else "committee"


def _end_dispute(rows: Rows, event: DisputeSettled | DisputeRuled, status: str) -> Dispute:
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    row = rows.get(Dispute, (agreement.address, event.milestone))
    row.status = status
    row.ended_at = at
    row.amount = event.amount
    row.rest = event.rest
    rows.touch(row, event.origin)
    milestone: Milestone = milestone_of(rows, event.origin, event.milestone)
    if event.amount or milestone.accepted:
        conclude(rows, agreement, milestone, at)
    else:
        become(rows, agreement, milestone, "cancelled", at)
    return row


def _latest_stop(rows: Rows, agreement: Agreement) -> Stop | None:
    key = (agreement.address, agreement.stops)
    return rows.get(Stop, key) if agreement.stops else None


def _stop(
    rows: Rows,
    event: AgreementHoldPlaced | AgreementSuspended,
    agreement: Agreement,
    kind: str,
    by: str | None,
) -> None:
    agreement.stops += 1
    row = rows.new(
        Stop,
        agreement=agreement.address,
        number=agreement.stops,
        kind=kind,
        by=by,
        placed_at=event.origin.timestamp,
        planned_until=event.until,
        until=event.until,
        reason=event.reason,
        document=anchor(rows, event.document, kind, event.origin),
        **born(event.origin),
    )
    agreement.stopped_from = row.placed_at
    agreement.stopped_until = row.until
    note_all_due(rows, agreement, event.origin)


def _end_stop(rows: Rows, event: AgreementHoldLifted | AgreementResumed) -> Stop:
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    row = rows.get(Stop, (agreement.address, agreement.stops))
    row.ended_at = at
    _set_until(rows, event, agreement, row, at)
    return row


def _set_until(
    rows: Rows,
    event: AgreementHoldPlaced | AgreementHoldLifted | AgreementResumed,
    agreement: Agreement,
    row: Stop,
    until: int,
) -> None:
    row.until = until
    agreement.stopped_until = until
    rows.touch(row, event.origin)
