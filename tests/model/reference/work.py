"""Signature, funding, and the life of a milestone: the acts of `IAgreementWork`."""

from __future__ import annotations

from reference.paying import Paying
from reference.people import Role
from reference.refusals import Checks, Refused, weigh
from reference.state import SENT_BACK, UNDER_DECISION, Milestone
from reference.values import (
    DAY,
    NONE,
    AgreementStatus,
    Basis,
    MilestoneStatus,
    Standing,
)

S, M = AgreementStatus, MilestoneStatus


class Work(Paying):
    """The acts of a contract that goes well."""

    # --- signature and funding ---

    def sign(self, by: str) -> None:
        """The supplier signs."""
        weigh(self._may_sign(by))
        self.signed = True
        self.tell("AgreementSigned", by=self.parties.supplier)
        self.activate()

    def _may_sign(self, by: str) -> Checks:
        yield from self.in_status(S.SIGNED)
        yield from self.is_party(by, self.parties.supplier)
        yield from self.directory.active(self.parties.supplier, Role.SUPPLIER)
        if self.signed:
            yield Refused("AlreadySigned")

    def fund(self, by: str, value: int) -> None:
        """The treasury brings in the value."""
        weigh(self._may_fund(by, value))
        ledger = self.ledger
        missing = ledger.value - ledger.funded
        ledger.bring_in(missing, by)
        self.tell("AgreementFunded", by=self.parties.treasury, amount=missing, funded=ledger.funded)
        self.activate()

    def _may_fund(self, by: str, value: int) -> Checks:
        ledger = self.ledger
        yield from self.in_status(S.SIGNED)
        yield from self.is_party(by, self.parties.treasury)
        if value != ledger.value:
            yield Refused("AgreementUnexpectedValue", current=ledger.value, given=value)
        if ledger.funded >= ledger.value:
            yield Refused("NothingToFund", value=ledger.value, funded=ledger.funded)

    def activate(self) -> None:
        """Start the work when both have signed and the money is there."""
        if self.signed and self.ledger.funded >= self.ledger.value:
            self.status = S.ACTIVE
            self.tell("AgreementActivated")

    # --- submission and inspection ---

    def submit(self, by: str, milestone: int, evidence: bytes) -> None:
        """The supplier says that a milestone is reached."""
        weigh(self._may_submit(by, milestone, evidence))
        item = self.milestones[milestone]
        item.status = M.SUBMITTED
        item.attempt += 1
        item.approvals, item.rejections = set(), set()
        item.submitted_at, item.decided_at = self.now, 0
        item.review_span = self.calendar.span(self.now, self.conditions.review_days)
        self.tell(
            "MilestoneSubmitted",
            milestone=milestone,
            attempt=item.attempt,
            by=self.parties.supplier,
            evidence=evidence,
        )

    def _may_submit(self, by: str, milestone: int, evidence: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE)
        yield from self.is_party(by, self.parties.supplier)
        yield from self.stands(milestone, M.SCHEDULED, *SENT_BACK)
        if evidence == NONE:
            yield Refused("EvidenceMissing", milestone=milestone)

    def attest(self, by: str, milestone: int, attempt: int, seen_at: int, report: bytes) -> None:
        """An inspector attests what was seen."""
        weigh(self._may_attest(by, milestone, attempt, seen_at, report))
        self.milestones[milestone].status = M.INSPECTED
        self.tell(
            "MilestoneAttested",
            milestone=milestone,
            attempt=attempt,
            by=self.directory.who(by),
            seen_at=seen_at,
            report=report,
        )

    def _may_attest(
        self, by: str, milestone: int, attempt: int, seen_at: int, report: bytes
    ) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        who = self.directory.who(by)
        if who not in self.parties.inspectors:
            yield Refused("CallerNotInspector", caller=by, participant=who)
        else:
            yield from self.directory.active(who, Role.INSPECTOR)
        yield from self.stands(milestone, M.SUBMITTED)
        yield from self.latest(milestone, attempt)
        if seen_at > self.now:
            yield Refused("DateInFuture", given=seen_at, present=self.now)
        if report == NONE:
            yield Refused("EvidenceMissing", milestone=milestone)

    # --- decisions of the committee ---

    def accept(self, by: str, milestone: int, attempt: int) -> None:
        """A member accepts; the last vote pays."""
        weigh(self._may_accept(by, milestone, attempt))
        item, who = self.milestones[milestone], self.directory.who(by)
        item.approvals.add(who)
        self.tell(
            "MilestoneApproved",
            milestone=milestone,
            attempt=attempt,
            by=who,
            approvals=len(item.approvals),
            quorum=self.parties.quorum,
        )
        if len(item.approvals) >= self.parties.quorum:
            self._accept_rest(milestone, Basis.ACCEPTANCE)

    def _may_accept(self, by: str, milestone: int, attempt: int) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.not_held()
        yield from self.on_committee(by)
        yield from self.stands(milestone, *self._acceptable())
        yield from self.latest(milestone, attempt)
        yield from self._first_vote(by, milestone)

    def _acceptable(self) -> tuple[MilestoneStatus, ...]:
        """What can be accepted: where inspectors are named, one must have attested."""
        return (M.INSPECTED,) if self.parties.inspectors else (M.SUBMITTED,)

    def _first_vote(self, by: str, milestone: int) -> Checks:
        if milestone < len(self.milestones):
            item, who = self.milestones[milestone], self.directory.who(by)
            if who in item.approvals | item.rejections:
                yield Refused("AlreadyVoted", milestone=milestone, participant=who)

    def _accept_rest(self, milestone: int, basis: Basis) -> None:
        item = self.milestones[milestone]
        item.status = M.PAID
        self.accept_amount(milestone, item.rest, basis)

    def accept_part(
        self,
        by: str,
        milestone: int,
        attempt: int,
        amount: int,
        reason: bytes,
        document: bytes,
    ) -> None:
        """A member accepts a part; a quorum for the same part pays it."""
        decision = ("acceptPart", milestone, attempt, amount, reason, document)
        weigh(self._may_accept_part(by, decision, milestone, attempt, amount, reason))
        if not self.decide(by, decision):
            return
        item = self.milestones[milestone]
        item.status, item.decided_at = M.PARTLY_ACCEPTED, self.now
        self.accept_amount(milestone, amount, Basis.PARTIAL_ACCEPTANCE)
        self.tell(
            "MilestonePartlyAccepted",
            milestone=milestone,
            attempt=attempt,
            amount=amount,
            rest=item.rest,
            reason=reason,
            document=document,
        )

    def _may_accept_part(
        self,
        by: str,
        decision: tuple[object, ...],
        milestone: int,
        attempt: int,
        amount: int,
        reason: bytes,
    ) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.not_held()
        yield from self.on_committee(by)
        yield from self.stands(milestone, *self._acceptable())
        yield from self.latest(milestone, attempt)
        if milestone < len(self.milestones):
            yield from self.within(amount, 1, max(self.milestones[milestone].rest - 1, 0))
        yield from self.reasoned(reason)
        yield from self.new_vote(by, decision, milestone)

    def reject(self, by: str, milestone: int, attempt: int, reason: bytes, document: bytes) -> None:
        """A member rejects; so does the agreement once a quorum can no longer be reached."""
        weigh(self._may_reject(by, milestone, attempt, reason))
        item, who = self.milestones[milestone], self.directory.who(by)
        item.rejections.add(who)
        needed = len(self.parties.committee) - self.parties.quorum + 1
        told = {"milestone": milestone, "attempt": attempt, "reason": reason, "document": document}
        self.tell(
            "MilestoneDisapproved", **told, by=who, rejections=len(item.rejections), needed=needed
        )
        if len(item.rejections) >= needed:
            item.status, item.decided_at = M.REJECTED, self.now
            self.tell("MilestoneRejected", **told)

    def _may_reject(self, by: str, milestone: int, attempt: int, reason: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.on_committee(by)
        yield from self.stands(milestone, *UNDER_DECISION)
        yield from self.latest(milestone, attempt)
        yield from self._first_vote(by, milestone)
        yield from self.reasoned(reason)

    # --- what time makes due ---

    def accept_by_silence(self, by: str, milestone: int, attempt: int) -> None:
        """Anyone accepts what the committee did not decide on in time."""
        weigh(self._may_be_silent(milestone, attempt))
        self._accept_rest(milestone, Basis.SILENCE)

    def _may_be_silent(self, milestone: int, attempt: int) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.not_held()
        if self.conditions.review_days == 0:
            yield Refused("SilenceNotAgreed")
        yield from self.stands(milestone, *self._acceptable())
        yield from self.latest(milestone, attempt)
        if milestone < len(self.milestones):
            yield from self.ripe(self.review_ends(self.milestones[milestone]))

    def silence_accepts(self, item: Milestone) -> bool:
        """Whether silence can accept a submission as it stands."""
        return self.conditions.review_days > 0 and item.status in self._acceptable()

    # --- claims and interest ---

    def claim(self, by: str, milestone: int, payee: bytes) -> None:
        """Anyone has a claim paid out."""
        weigh(self._may_claim(milestone, payee))
        account = self.account(payee)
        amount = self.ledger.settle((milestone, payee), account)
        self.tell("ClaimPaid", milestone=milestone, payee=payee, account=account, amount=amount)

    def _may_claim(self, milestone: int, payee: bytes) -> Checks:
        if self.status != S.CLOSED:
            yield from self.not_held()
        if not self.ledger.claims[milestone, payee]:
            yield Refused("NothingOwed", milestone=milestone, payee=payee)
        yield from self._not_suspended(payee)
        owner = self.milestones[milestone].payee if milestone < len(self.milestones) else None
        if payee in (owner, self.parties.supplier):
            yield from self.secured()

    def pay_interest(self, by: str, amount: int) -> None:
        """The treasury pays interest straight to the supplier."""
        weigh(self._may_pay_interest(by, amount))
        account = self.account(self.parties.supplier)
        self.ledger.interest -= amount
        self.ledger.move(amount, by, account)
        self.tell(
            "InterestPaid",
            by=self.parties.treasury,
            account=account,
            amount=amount,
            owed=self.ledger.interest,
        )

    def _may_pay_interest(self, by: str, amount: int) -> Checks:
        yield from self.is_party(by, self.parties.treasury)
        yield from self.within(amount, 1, self.ledger.interest)
        yield from self._not_suspended(self.parties.supplier)

    def _not_suspended(self, payee: bytes) -> Checks:
        person = self.directory.people.get(payee)
        if person and person.standing == Standing.SUSPENDED:
            yield Refused("PayeeSuspended", payee=payee)

    def review_view(self, item: Milestone) -> int:
        """When silence accepts it, as the clocks stand; 0 if it never does."""
        counts = self.conditions.review_days and item.status in UNDER_DECISION
        end = self.end_of(item.submitted_at, item.review_span * DAY)
        return end if counts else 0
