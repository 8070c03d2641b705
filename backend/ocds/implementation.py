"""What became of a contract, as OCDS's `implementation`: payments, milestones, delays, the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from backend.ocds.fields import Json
from backend.ocds.identifiers import Names, event_uri
from backend.ocds.publishing import date, known, value
from backend.ocds.roles import Parties
from backend.queries.records import (
    PublishedContract,
    PublishedDeduction,
    PublishedMilestone,
    PublishedPayment,
)
from backend.queries.values import Money

MILESTONE_STATUS: Final = {
    "paid": "met",
    "owed": "met",
    "partly-accepted": "partiallyMet",
    "cancelled": "notMet",
}
"""What is none of these is `scheduled`."""

DELAY: Final = "delay"
"""The category of a performance failure: work that was submitted after its due date."""


class Implementation:
    """The `implementation` of one contract; payers and payees become `parties`."""

    def __init__(self, contract: PublishedContract, chain_id: int, parties: Parties) -> None:
        self._contract = contract
        self._chain_id = chain_id
        self._parties = parties
        self._milestones = {milestone.number: milestone for milestone in contract.milestones}
        self._names = Names()

    def build(self) -> Json:
        """The whole of it."""
        milestones = {m.number: self._milestone(m) for m in self._contract.milestones}
        return known(
            transactions=list(self._transactions(milestones)),
            milestones=list(milestones.values()),
            performanceFailures=list(self._failures()),
            **self._completion(),
        )

    def _milestone(self, milestone: PublishedMilestone) -> Json:
        return known(
            id=self._names.name(milestone.number, *self._wanted(milestone)),
            title=milestone.title,
            type="payment",
            dueDate=date(milestone.due_at),
            dateMet=date(milestone.accepted_at, milestone.source_date),
            status=MILESTONE_STATUS.get(milestone.status, "scheduled"),
        )

    def _transactions(self, milestones: dict[int, Json]) -> Iterator[Json]:
        """What left, in the order in which it was worked out; what is owed has not left."""
        names = Names()
        for payment in self._contract.payments:
            milestone = (
                self._milestones.get(payment.milestone) if payment.milestone is not None else None
            )
            wanted = self._wanted(milestone) if milestone else [self._own(payment.basis)]
            name = names.name(payment.number, *wanted)
            related = milestones.get(milestone.number) if milestone else None
            # A payment of nothing is a payment; one of which others got all is not the payee's.
            if payment.paid_at and (payment.net.minor or not payment.gross.minor):
                published = milestone.source_date if milestone else None
                yield self._transaction(name, payment, payment.net, published, related)
            for deduction in payment.deductions:
                if deduction.paid_at:
                    key = (payment.number, deduction.position)
                    part = names.name(key, f"{name}-{deduction.part}")
                    yield self._transaction(part, deduction, deduction.amount, None, related)

    def _transaction(
        self,
        name: str,
        made: PublishedPayment | PublishedDeduction,
        amount: Money,
        published: str | None,
        milestone: Json | None,
    ) -> Json:
        recipient = made.payee if isinstance(made, PublishedPayment) else made.recipient
        return known(
            id=name,
            date=date(made.paid_at, published),
            value=value(amount),
            payer=self._parties.refer(self._contract.payer, "payer"),
            payee=self._parties.refer(recipient, "payee"),
            uri=event_uri(self._chain_id, made.source.transaction, made.source.log_index),
            relatedImplementationMilestone=known(id=milestone["id"], title=milestone.get("title"))
            if milestone
            else None,
        )

    def _failures(self) -> Iterator[Json]:
        """Each payment for work that came late and bore damages for it."""
        for payment in self._contract.payments:
            late = (
                self._milestones.get(payment.milestone) if payment.milestone is not None else None
            )
            if (
                late is None
                or not payment.late_days
                or not (payment.damages.minor or payment.carried.minor)
            ):
                continue
            withheld, currency = payment.damages, payment.damages.currency
            imposed = f"{withheld.amount} {currency} withheld"
            if payment.carried.minor:
                imposed += f", {payment.carried.amount} {currency} carried forward"
            yield known(
                id=f"{self._names.name(late.number)}-{payment.number}",
                category=DELAY,
                events=payment.late_days,
                period=known(startDate=date(late.due_at), endDate=date(late.accepted_at)),
                penaltyImposed=imposed,
                penaltyPaid=not payment.carried.minor,
            )

    def _completion(self) -> Json:
        contract = self._contract
        ended = contract.status in ("completed", "terminated", "closed")
        details = contract.termination
        return known(
            endDate=date(contract.ended_at) if ended else None,
            endDateDetails=f"terminated: {details.ground}" if ended and details else None,
            finalValue=value(self._paid()) if contract.status == "closed" else None,
        )

    def _paid(self) -> Money:
        """All that left the agreement."""
        payments = self._contract.payments
        net = sum(each.net.minor for each in payments if each.paid_at)
        passed_on = sum(
            each.amount.minor for payment in payments for each in payment.deductions if each.paid_at
        )
        return self._contract.value.of(net + passed_on)

    def _wanted(self, milestone: PublishedMilestone) -> list[str]:
        """Names for a milestone and for its payment: that of the source, else one of our own."""
        own = self._own(str(milestone.number))
        return [milestone.source_id, own] if milestone.source_id else [own]

    def _own(self, name: str) -> str:
        return f"{self._contract.number}-{name}"
