"""Money that leaves a contract, or waits as a claim."""

from __future__ import annotations

from backend.chain.events import ZERO_ADDRESS, Basis, ClaimPaid, DeductionPaid, PaymentMade
from backend.ocds.publishing import date, known, moment_of
from backend.ocds.telling import Due, Stage, Telling
from backend.projections.labels import label
from backend.projections.payments import ACCEPTING

DELAY = "delay"
"""The category of a performance failure: work that was submitted after its due date."""


def payment_made(telling: Telling, event: PaymentMade) -> None:
    """A payment, at once or as a claim, and what it says of its milestone."""
    stage = telling.stages.get(event.milestone)
    wanted = _wanted(telling, event, stage)
    telling.payment = telling.name(event, *wanted)
    if stage and event.basis in ACCEPTING:
        _accept(telling, event, stage)
    if stage and event.payment.late_days:
        _note_delay(telling, event, stage)
    net, published = event.payment.net, stage.source_date if stage else None
    due = Due(telling.payment, event.payee, net, stage, published)
    if event.account == ZERO_ADDRESS and net:
        telling.owed[event.milestone, event.payee].append(due)
    # A payment of nothing is a payment; one of which others got all is not the payee's.
    elif net or not event.payment.gross:
        telling.pay(due, event)


def deduction_paid(telling: Telling, event: DeductionPaid) -> None:
    """What of the payment before is a collector's or a subcontractor's."""
    name = telling.name(event, f"{telling.payment}-{label(event.part)}")
    due = Due(name, event.recipient, event.amount, telling.stages.get(event.milestone))
    if event.account == ZERO_ADDRESS:
        telling.owed[event.milestone, event.recipient].append(due)
    else:
        telling.pay(due, event)


def claim_paid(telling: Telling, event: ClaimPaid) -> None:
    """All that somebody was owed for a milestone."""
    for due in telling.owed.pop((event.milestone, event.payee), []):
        telling.pay(due, event)
    if telling.status == "closed":
        telling.draft.implementation["finalValue"] = telling.money(telling.paid)


def _wanted(telling: Telling, event: PaymentMade, stage: Stage | None) -> list[str]:
    """Names for a payment: that of the source, else one of ours."""
    if stage is None:
        return [telling.own(label(event.basis))]
    source_id = telling.texts(event.milestone).source_id
    return [*([source_id] if source_id else []), telling.own(event.milestone)]


def _accept(telling: Telling, event: PaymentMade, stage: Stage) -> None:
    stage.accepted += event.payment.gross
    telling.accepted = telling.accepted or stage.accepted > 0
    if event.basis is not Basis.PARTIAL_ACCEPTANCE:
        telling.conclude(stage, event.origin.timestamp)


def _note_delay(telling: Telling, event: PaymentMade, stage: Stage) -> None:
    """Damages for work that came late, from its due date to this acceptance."""
    parts = event.payment
    if not (parts.damages or parts.carried):
        return
    withheld, carried = map(telling.contract.currency.money, (parts.damages, parts.carried))
    imposed = f"{withheld.amount} {withheld.currency} withheld"
    if parts.carried:
        imposed += f", {carried.amount} {carried.currency} carried forward"
    period = [date(moment_of(each)) for each in (stage.due_at or 0, event.origin.timestamp)]
    failure = known(
        id=telling.payment,
        category=DELAY,
        events=parts.late_days,
        period=known(startDate=period[0], endDate=period[1]),
        penaltyImposed=imposed,
        penaltyPaid=not parts.carried,
    )
    telling.draft.put("performanceFailures", failure)
