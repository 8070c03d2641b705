"""What each payment comes to, and what of it stays in the agreement: `AgreementPayments.sol`."""

from __future__ import annotations

from backend.verification.arithmetic import (
    DAY,
    LARGEST_AMOUNT,
    Situation,
    Split,
    damages_uncapped,
    interest_on,
    share_down,
    share_up,
    split_accepted,
    split_received,
)
from backend.verification.rows import BASES, Assessment, Milestone, Payment
from backend.verification.spool import NO_MILESTONE, Fact
from backend.verification.state import ADVANCE, PERFORMANCE, State

ACCEPTING = BASES[1:7]


class WorkingOut(State):
    """The arithmetic of an agreement, with its own figures only."""

    def return_damages(self, changed: list[int]) -> None:
        """`AgreementChanges._returnDamages`: what new dates make undue must be given back."""
        undue = sum(self._reassess(self.milestones[number]) for number in changed)
        if not undue:
            return
        carried = min(undue, self.total.damages_carried)
        self.total.damages_carried -= carried
        self.total.damages -= undue - carried
        basis = BASES.index("damages-returned")
        self.expect("PaymentMade", milestone=NO_MILESTONE, basis=basis, gross=undue - carried)

    def late_days(self, milestone: Milestone, submitted_at: int) -> int:
        """Days by which a submission is late."""
        return self.pauses.late_days(milestone.due, milestone.agreed_at, submitted_at)

    def unannounced(self, fact: Fact, basis: str, milestone: Milestone | None) -> int:
        """What a payment must come to that no event before it announced."""
        if basis == "silence" and milestone is not None:
            return milestone.rest
        if basis == "advance":
            return self._advance(fact)
        if basis == "retention-release":
            return self.total.retained
        self.differ(fact, "event", None, fact.values)
        return int(fact.values["payment"]["gross"])

    def work_out(self, basis: str, milestone: Milestone | None, gross: int) -> Split:
        """The parts of a payment, entered in the totals."""
        if basis == "damages-returned":
            return Split(gross=gross, net=gross, carried=self.total.damages_carried)
        if milestone is None or basis not in ACCEPTING:
            return self._received(basis, gross)
        split = split_accepted(gross, self.conditions, self._situation(milestone))
        self._book(milestone, split)
        return split

    def accrue(self, milestone: Milestone, row: Payment, now: int) -> None:
        """`AgreementPayments._accrueInterest`: an event tells of what comes to something."""
        start = milestone.submitted_at or 0
        days = milestone.review_span + self.conditions["paymentDays"]
        late = max(0, now - self.pauses.deadline(start, days, now)) // DAY
        amount = interest_on(row.net, self.conditions["interestRate"], late)
        amount = min(amount, LARGEST_AMOUNT - self.total.interest_owed)
        if amount <= 0:
            return
        self.total.interest_accrued += amount
        self.total.interest_owed += amount
        row.interest, row.interest_days = amount, late
        owed = self.total.interest_owed
        self.expect(
            "InterestAccrued", milestone=milestone.number, late=late, amount=amount, owed=owed
        )

    def _advance(self, fact: Fact) -> int:
        """`AgreementChanges.payAdvance`."""
        ahead = self.total.value - self.total.accepted
        agreed = share_down(self.total.original_value, self.conditions["advanceRate"])
        amount = min(agreed, share_down(ahead, self.conditions["recoveryRate"]))
        if self.advance_made:
            self.differ(fact, "advance", "paid once", "paid again")
        self.advance_made = True
        security = share_up(self.total.value, self.conditions["securityRate"])
        for kind, required in ((PERFORMANCE, security), (ADVANCE, amount)):
            if not self.covers(kind, required, fact.timestamp):
                self.differ(fact, f"guarantee {kind}", required, self.guarantees.get(kind))
        return amount

    def _received(self, basis: str, gross: int) -> Split:
        if basis == "advance":
            self.total.advance_paid += gross
            self.total.advance_outstanding += gross
        elif self.status != "closed":
            # What the final account releases, closing has taken from what is retained.
            self.total.retained -= gross
        return split_received(gross, self.conditions["taxes"])

    def _situation(self, milestone: Milestone) -> Situation:
        total, rated = self.total, self.conditions["damagesRate"] > 0
        return Situation(
            value=total.value,
            outstanding=total.advance_outstanding,
            assessed=total.damages + total.damages_carried,
            carried=total.damages_carried,
            late_days=self.late_days(milestone, milestone.submitted_at or 0) if rated else 0,
            direct_due=[
                entry["amount"] - paid if entry["milestone"] == milestone.number else 0
                for entry, paid in zip(
                    self.conditions["directPayments"], self.direct_paid, strict=True
                )
            ],
        )

    def _book(self, milestone: Milestone, split: Split) -> None:
        total = self.total
        total.accepted += split.gross
        total.advance_outstanding -= split.advance
        total.retained += split.retention
        total.damages += split.damages
        total.damages_carried = split.carried
        milestone.accepted += split.gross
        if split.assessed:
            assessed = (split.gross, split.assessed, milestone.submitted_at or 0)
            milestone.assessments.append(Assessment(*assessed))
        for term, amount in enumerate(split.direct_by_term):
            self.direct_paid[term] += amount

    def _reassess(self, milestone: Milestone) -> int:
        undue = 0
        for part in milestone.assessments:
            late = self.late_days(milestone, part.submitted_at)
            uncapped = damages_uncapped(part.gross, self.conditions["damagesRate"], late)
            undue += part.amount - min(part.amount, uncapped)
            part.amount = min(part.amount, uncapped)
        return undue
