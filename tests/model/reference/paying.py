"""How money leaves an agreement: payments, claims, interest, and what is returned."""

from __future__ import annotations

from dataclasses import asdict

from reference.clocks import days_late, full_days
from reference.payment import Before, Rates, Split, split, split_received, up
from reference.refusals import Checks, Refused
from reference.state import Accepted, Milestone, State
from reference.values import (
    BASIS_POINTS,
    DAY,
    LARGEST_AMOUNT,
    MILLIONTHS,
    NO_MILESTONE,
    NOBODY,
    AgreementStatus,
    Basis,
    GuaranteeKind,
    MilestoneStatus,
    Part,
    Payment,
)


class Paying(State):
    """Everything that moves money out."""

    # --- an accepted amount ---

    def accept_amount(self, index: int, gross: int, basis: Basis) -> None:
        """Pay an accepted amount of a milestone; what is left of it stands as before."""
        item = self.milestones[index]
        late = days_late(self.lateness(item, item.due_at, item.submitted_at))
        before = Before(
            value=self.ledger.value,
            outstanding=self.ledger.outstanding,
            assessed=self.ledger.damages + self.ledger.carried,
            carried=self.ledger.carried,
            late_days=late,
            direct=item.direct,
        )
        parts = split(gross, self.rates(), before)
        self.book(item, parts)
        self.accrue_interest(index, parts.payment.net)
        self.hand_out(index, item.payee, item.attempt, basis, parts)

    def lateness(self, item: Milestone, due_at: int, submitted_at: int) -> int:
        """Seconds by which a submission is late, without those in which the clocks stood."""
        if due_at == 0 or self.conditions.damages_rate == 0:
            return 0
        return submitted_at - due_at - self.pauses.between(item.agreed_at, submitted_at)

    def rates(self) -> Rates:
        """What of the conditions decides on a payment."""
        c = self.conditions
        return Rates(c.recovery_rate, c.retention_rate, c.damages_rate, c.damages_cap, c.taxes)

    def book(self, item: Milestone, parts: Split) -> None:
        """Enter the parts that stay in the agreement."""
        ledger, payment = self.ledger, parts.payment
        left = zip(item.direct, parts.direct, strict=True)
        item.direct = [(who, agreed - paid) for (who, agreed), (_, paid) in left]
        item.accepted += payment.gross
        item.parts.append(Accepted(payment.gross, item.submitted_at, parts.assessed))
        ledger.accepted += payment.gross
        ledger.recovered += payment.advance
        ledger.outstanding -= payment.advance
        ledger.retained += payment.retention
        ledger.damages += payment.damages
        ledger.carried = payment.carried

    def hand_out(self, index: int, payee: bytes, attempt: int, basis: Basis, parts: Split) -> None:
        """Send each part where it belongs."""
        waits = any(True for _ in self.secured()) or bool(self.held_until())
        account = self.push(index, payee, parts.payment.net, waits=waits)
        self.tell(
            "PaymentMade",
            milestone=index,
            payee=payee,
            account=account,
            attempt=attempt,
            basis=basis,
            payment=asdict(parts.payment),
        )
        for recipient, amount in parts.taxes:
            self.deduct(index, recipient, Part.TAX, amount)
        for recipient, amount in parts.direct:
            self.deduct(index, recipient, Part.DIRECT_PAYMENT, amount)

    def pay_received(self, amount: int, basis: Basis) -> None:
        """Pay the supplier an advance or retention that is released."""
        parts = split_received(amount, self.conditions.taxes)
        self.hand_out(NO_MILESTONE, self.parties.supplier, 0, basis, parts)

    def release(self, amount: int) -> None:
        """Give the supplier retained money."""
        self.ledger.retained -= amount
        self.pay_received(amount, Basis.RETENTION_RELEASE)

    def deduct(self, index: int, recipient: bytes, part: Part, amount: int) -> None:
        """Send a tax or a direct payment."""
        if amount == 0:
            return
        account = self.push(index, recipient, amount)
        self.tell(
            "DeductionPaid",
            milestone=index,
            recipient=recipient,
            account=account,
            part=part,
            amount=amount,
        )

    def push(self, index: int, recipient: bytes, amount: int, *, waits: bool = False) -> str:
        """Pay at once, or owe; gives the account, nobody's where it is owed."""
        if amount == 0:
            return self.account(recipient)
        account = self.directory.payable(recipient)
        if account is None or waits:
            self.owe(index, recipient, amount)
            return NOBODY
        self.ledger.pay(amount, account)
        return account

    def owe(self, index: int, recipient: bytes, amount: int) -> None:
        """Add to a claim."""
        claims = self.ledger.claims
        claims[index, recipient] += amount
        self.tell(
            "PaymentOwed",
            milestone=index,
            payee=recipient,
            amount=amount,
            owed=claims[index, recipient],
        )

    def finish(self, index: int, *, removed: bool = False) -> None:
        """Give up what is left of a milestone, which is then accepted or cancelled."""
        item = self.milestones[index]
        if item.rest or removed:
            self.tell("MilestoneCancelled", milestone=index, amount=item.rest)
        self.settle_rest(item)

    def settle_rest(self, item: Milestone) -> None:
        """What is left of a milestone is not scheduled any more."""
        self.ledger.scheduled -= item.rest
        if item.accepted:
            item.status, item.amount = MilestoneStatus.PAID, item.accepted
        else:
            item.status = MilestoneStatus.CANCELLED

    # --- what is owed beside the agreement's money ---

    def accrue_interest(self, index: int, net: int) -> None:
        """Reckon what a late payment costs the buyer."""
        item, c = self.milestones[index], self.conditions
        allowed = (item.review_span + c.payment_days) * DAY
        late = full_days(self.pauses.running(item.submitted_at, self.now) - allowed)
        amount = net * c.interest_rate * late // MILLIONTHS
        amount = min(amount, LARGEST_AMOUNT - self.ledger.interest)
        if amount:
            self.ledger.interest += amount
            self.tell(
                "InterestAccrued",
                milestone=index,
                late=late,
                amount=amount,
                owed=self.ledger.interest,
            )

    # --- what makes the supplier wait ---

    def secured(self) -> Checks:
        """The supplier's guarantees must be in force while work goes on."""
        if self.status == AgreementStatus.ACTIVE:
            yield from self.covers(GuaranteeKind.PERFORMANCE, self.security())
            yield from self.covers(GuaranteeKind.ADVANCE, self.ledger.outstanding)

    def security(self) -> int:
        """What the performance security must reach."""
        return up(self.conditions.security_rate * self.ledger.value, BASIS_POINTS)

    def covers(self, kind: GuaranteeKind, required: int) -> Checks:
        """A guarantee must reach an amount and last to the present."""
        found = self.guarantees[kind]
        if required and (found.amount < required or found.expires_at <= self.now):
            yield Refused(
                "GuaranteeLapsed",
                kind=kind,
                amount=found.amount,
                required=required,
                expires_at=found.expires_at,
            )

    # --- what a later date returns ---

    def return_damages(self, index: int) -> None:
        """Give back the damages that a new date makes undue."""
        item, ledger = self.milestones[index], self.ledger
        undue = sum(self.make_undue(item, part) for part in item.parts)
        carried = min(undue, ledger.carried)
        ledger.carried -= carried
        back = min(undue - carried, ledger.damages)
        ledger.damages -= back
        if undue:
            parts = Split(Payment(gross=back, net=back, carried=ledger.carried), 0, (), ())
            self.hand_out(NO_MILESTONE, self.parties.supplier, 0, Basis.DAMAGES_RETURNED, parts)

    def make_undue(self, item: Milestone, part: Accepted) -> int:
        """Lower what a part was assessed with to what the new date leaves; gives the rest."""
        late = days_late(self.lateness(item, item.due_at, part.submitted_at))
        due = up(part.gross * self.conditions.damages_rate * late, MILLIONTHS)
        undue = max(part.assessed - due, 0)
        part.assessed -= undue
        return undue
