"""Disputes over single milestones: acts of `IAgreementConflicts`."""

from __future__ import annotations

from reference.paying import Paying
from reference.refusals import Checks, Refused, weigh
from reference.state import SENT_BACK, UNDER_DECISION
from reference.values import BASIS_POINTS, DAY, NONE, AgreementStatus, Basis, MilestoneStatus

S, M = AgreementStatus, MilestoneStatus


class Disputes(Paying):
    """What the parties do not agree on."""

    def dispute(self, by: str, milestone: int, reason: bytes, document: bytes) -> None:
        """The supplier, or the committee by quorum, takes a milestone to the arbiter."""
        supplies = self.directory.who(by) == self.parties.supplier
        decision = ("dispute", milestone, self.attempt_of(milestone), reason, document)
        if supplies:
            weigh(self._may_complain(milestone, reason))
        else:
            weigh(self._may_refer(by, decision, milestone, reason))
            if not self.decide(by, decision):
                return
        item = self.milestones[milestone]
        item.status, item.disputed_at = M.DISPUTED, self.now
        self.tell(
            "DisputeOpened",
            milestone=milestone,
            by=self.directory.who(by),
            amount=item.rest,
            reason=reason,
            document=document,
        )

    def _may_complain(self, milestone: int, reason: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.stands(milestone, *UNDER_DECISION, *SENT_BACK)
        if milestone < len(self.milestones):
            item = self.milestones[milestone]
            if item.status in UNDER_DECISION:
                yield from self.ripe(self.review_ends(item))
            elif item.status in SENT_BACK:
                yield from self.timely(self.dispute_ends(item))
        yield from self.reasoned(reason)

    def _may_refer(
        self, by: str, decision: tuple[object, ...], milestone: int, reason: bytes
    ) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.on_committee(by)
        yield from self.stands(milestone, *UNDER_DECISION)
        yield from self.new_vote(by, decision, milestone)
        yield from self.reasoned(reason)

    def offer_settlement(self, by: str, milestone: int, amount: int) -> None:
        """A side says what it would settle for; equal offers settle."""
        supplies = self.directory.who(by) == self.parties.supplier
        decision = ("offerSettlement", milestone, amount)
        weigh(self._may_offer(by, supplies, decision, milestone, amount))
        if not supplies and not self.decide(by, decision):
            return
        item = self.milestones[milestone]
        item.offers["supplier" if supplies else "committee"] = amount
        self.tell(
            "SettlementOffered", milestone=milestone, by=self.directory.who(by), amount=amount
        )
        if item.offers.get("supplier") == item.offers.get("committee"):
            self.tell("DisputeSettled", milestone=milestone, amount=amount, rest=item.rest - amount)
            self._end_dispute(milestone, amount, Basis.SETTLEMENT)

    def _may_offer(
        self,
        by: str,
        supplies: bool,
        decision: tuple[object, ...],
        milestone: int,
        amount: int,
    ) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.not_held()
        if not supplies:
            yield from self.on_committee(by)
        yield from self.stands(milestone, M.DISPUTED)
        yield from self._in_dispute(milestone, amount)
        if not supplies:
            yield from self.new_vote(by, decision, milestone)

    def _in_dispute(self, milestone: int, amount: int) -> Checks:
        if milestone < len(self.milestones):
            yield from self.within(amount, 0, self.milestones[milestone].rest)

    def _end_dispute(self, milestone: int, amount: int, basis: Basis) -> None:
        if amount:
            self.accept_amount(milestone, amount, basis)
        self.finish(milestone)

    def rule(self, by: str, milestone: int, amount: int, reason: bytes, document: bytes) -> None:
        """The arbiter says what the supplier gets."""
        weigh(self._may_rule(by, milestone, amount, reason))
        self._ruled(milestone, self.parties.arbiter, amount, reason, document)
        self._end_dispute(milestone, amount, Basis.RULING)

    def _may_rule(self, by: str, milestone: int, amount: int, reason: bytes) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.not_held()
        who, arbiter = self.directory.who(by), self.parties.arbiter
        if who != arbiter or arbiter == NONE:
            yield Refused("CallerNotArbiter", caller=by, participant=who, arbiter=arbiter)
        yield from self.stands(milestone, M.DISPUTED)
        if milestone < len(self.milestones):
            yield from self.timely(self.ruling_ends(milestone))
        yield from self._in_dispute(milestone, amount)
        yield from self.reasoned(reason)

    def rule_by_default(self, by: str, milestone: int) -> None:
        """Anyone applies what was agreed for a dispute on which nobody ruled."""
        weigh(self._may_default(milestone))
        rest = self.milestones[milestone].rest
        amount = self.conditions.default_share * rest // BASIS_POINTS
        self._ruled(milestone, NONE, amount, None, NONE)
        self._end_dispute(milestone, amount, Basis.DEFAULT_RULING)

    def _may_default(self, milestone: int) -> Checks:
        yield from self.in_status(S.ACTIVE, S.TERMINATED)
        yield from self.not_held()
        yield from self.stands(milestone, M.DISPUTED)
        if milestone < len(self.milestones) and self.parties.arbiter != NONE:
            yield from self.ripe(self.ruling_ends(milestone))

    def ruling_ends(self, milestone: int) -> int:
        """The last moment for a ruling."""
        opened = self.milestones[milestone].disputed_at
        return self.end_of(opened, self.conditions.ruling_days * DAY)

    def _ruled(
        self, milestone: int, by: bytes, amount: int, reason: bytes | None, document: bytes
    ) -> None:
        told = {} if reason is None else {"reason": reason}
        self.tell(
            "DisputeRuled",
            milestone=milestone,
            by=by,
            amount=amount,
            rest=self.milestones[milestone].rest - amount,
            document=document,
            **told,
        )
