"""Events of money that leaves an agreement, or waits in it as a claim."""

from __future__ import annotations

from msgspec.structs import asdict

from backend.chain.events import (
    ZERO_ADDRESS,
    Basis,
    ClaimPaid,
    DeductionPaid,
    InterestAccrued,
    InterestPaid,
    PaymentMade,
    PaymentOwed,
)
from backend.chain.events import Payment as Parts
from backend.db import models as m
from backend.projections.about import (
    DONE,
    agreement_of,
    become,
    conclude,
    known_milestone,
    milestone_of,
)
from backend.projections.deductions import find_term
from backend.projections.labels import label
from backend.projections.rows import Rows, UnderWay, born

ACCEPTING = (
    Basis.ACCEPTANCE,
    Basis.PARTIAL_ACCEPTANCE,
    Basis.SILENCE,
    Basis.SETTLEMENT,
    Basis.RULING,
    Basis.DEFAULT_RULING,
)
"""What a payment of accepted work rests on."""


def payment_made(rows: Rows, event: PaymentMade) -> None:
    """A payment with all its parts; what it withholds stays in the agreement."""
    agreement, at, parts = agreement_of(rows, event), event.origin.timestamp, event.payment
    owed = event.account == ZERO_ADDRESS and parts.net > 0
    row = rows.new(
        m.Payment,
        number=rows.next_number(m.Payment),
        agreement=agreement.address,
        milestone=known_milestone(event.milestone),
        payee=event.payee,
        account=None if event.account == ZERO_ADDRESS else event.account,
        token=agreement.token,
        basis=label(event.basis),
        attempt=event.attempt,
        status="owed" if owed else "paid",
        made_at=at,
        paid_at=None if owed else at,
        dated_at=at,
        **asdict(parts),
        **born(event.origin),
    )
    rows.under_way[agreement.address] = UnderWay(row)
    agreement.payments += not owed
    agreement.taxes += parts.taxes
    agreement.direct += parts.direct
    agreement.paid += 0 if owed else parts.net
    _book(agreement, event.basis, parts)
    if event.basis in ACCEPTING:
        _accept(rows, agreement, event)


def deduction_paid(rows: Rows, event: DeductionPaid) -> None:
    """A part of the payment before."""
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    payment = rows.payment_under_way(event.origin)
    owed = event.account == ZERO_ADDRESS
    rows.new(
        m.Deduction,
        payment=payment.row.number,
        position=payment.deductions,
        agreement=agreement.address,
        milestone=known_milestone(event.milestone),
        token=agreement.token,
        part=label(event.part),
        term=find_term(rows, payment, event),
        recipient=event.recipient,
        account=None if owed else event.account,
        amount=event.amount,
        status="owed" if owed else "paid",
        paid_at=None if owed else at,
        **born(event.origin),
    )
    payment.deductions += 1
    agreement.paid += 0 if owed else event.amount


def payment_owed(rows: Rows, event: PaymentOwed) -> None:
    """A payee's claim grows; the payment or deduction that it is for follows."""
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    agreement.owed += event.amount
    milestone = known_milestone(event.milestone)
    key = (agreement.address, m.NO_MILESTONE if milestone is None else milestone, event.payee)
    claim = rows.find(m.Claim, key)
    if claim is None:
        agreed, number, payee = key
        claim = rows.new(
            m.Claim, agreement=agreed, milestone=number, payee=payee, since=at, **born(event.origin)
        )
    elif not claim.owed:
        claim.since = at
    claim.owed = event.owed
    rows.touch(claim, event.origin)
    _note_owed(rows, agreement, event, event.owed)


def claim_paid(rows: Rows, event: ClaimPaid) -> None:
    """A claim was pulled: all that a payee was owed for a milestone."""
    agreement, at = agreement_of(rows, event), event.origin.timestamp
    agreement.owed -= event.amount
    agreement.paid += event.amount
    milestone = known_milestone(event.milestone)
    place = m.NO_MILESTONE if milestone is None else milestone
    claim = rows.get(m.Claim, (agreement.address, place, event.payee))
    claim.owed -= event.amount
    claim.paid += event.amount
    claim.paid_at = at
    rows.touch(claim, event.origin)
    payments, deductions = _owed_to(rows, agreement, milestone, event.payee)
    freed: list[m.Payment | m.Deduction] = [*payments, *deductions]
    for row in freed:
        row.status = "paid"
        row.claimed = True
        row.account = event.account
        row.paid_at = at
        rows.touch(row, event.origin)
    for payment in payments:
        payment.dated_at = at
        agreement.payments += 1
    _note_owed(rows, agreement, event, claim.owed)


def interest_accrued(rows: Rows, event: InterestAccrued) -> None:
    """The payment before came late."""
    agreement = agreement_of(rows, event)
    agreement.interest_accrued += event.amount
    agreement.interest_owed = event.owed
    payment = rows.payment_under_way(event.origin).row
    payment.interest += event.amount
    payment.interest_days = event.late
    # Not touched: what changed a payment last is what paid it.


def interest_paid(rows: Rows, event: InterestPaid) -> None:
    """Beside the agreement's money."""
    agreement, origin = agreement_of(rows, event), event.origin
    agreement.interest_paid += event.amount
    agreement.interest_owed = event.owed
    rows.new(
        m.InterestPayment,
        agreement=agreement.address,
        made_block=origin.block,
        made_log_index=origin.log_index,
        made_transaction=origin.transaction,
        by=event.by,
        account=event.account,
        amount=event.amount,
        paid_at=origin.timestamp,
    )


def _book(agreement: m.Agreement, basis: Basis, parts: Parts) -> None:
    if basis in ACCEPTING:
        agreement.accepted += parts.gross
        agreement.advance_outstanding -= parts.advance
        agreement.retained += parts.retention
        agreement.damages += parts.damages
        agreement.damages_carried = parts.carried
    elif basis is Basis.ADVANCE:
        agreement.advance_paid += parts.gross
        agreement.advance_outstanding += parts.gross
    elif basis is Basis.DAMAGES_RETURNED:
        agreement.damages -= parts.gross
        agreement.damages_carried = parts.carried
    elif basis is Basis.RETENTION_RELEASE and agreement.status != "closed":
        # What the final account releases, closing has taken from what is retained.
        agreement.retained -= parts.gross


def _accept(rows: Rows, agreement: m.Agreement, event: PaymentMade) -> None:
    row = milestone_of(rows, event.origin, event.milestone)
    row.accepted += event.payment.gross
    if event.basis is not Basis.PARTIAL_ACCEPTANCE:
        conclude(rows, agreement, row, event.origin.timestamp)


def _note_owed(
    rows: Rows, agreement: m.Agreement, event: PaymentOwed | ClaimPaid, owed: int
) -> None:
    """A milestone is owed for as long as its own payee has a claim."""
    if known_milestone(event.milestone) is None:
        return
    row = milestone_of(rows, event.origin, event.milestone)
    if row.payee != event.payee:
        return
    row.owed = owed
    if row.status in DONE:
        become(rows, agreement, row, "owed" if owed else "paid", event.origin.timestamp)


def _owed_to(
    rows: Rows, agreement: m.Agreement, milestone: int | None, payee: str
) -> tuple[list[m.Payment], list[m.Deduction]]:
    place = {"agreement": agreement.address, "milestone": milestone, "status": "owed"}
    payments = rows.select(m.Payment, payee=payee, **place)
    deductions = rows.select(m.Deduction, recipient=payee, **place)
    return payments, deductions
