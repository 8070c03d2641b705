"""The life of milestones: `Agreement.sol`, `AgreementConflicts.sol` and the amendments."""

from __future__ import annotations

from backend.verification.arithmetic import share_down
from backend.verification.paying import Paying
from backend.verification.rows import BASES, ZERO, Milestone, Row, document, moment
from backend.verification.spool import Fact
from backend.verification.state import made


class Work(Paying):
    """Submissions, decisions, disputes and changes of milestones."""

    def milestones_scheduled(self, fact: Fact) -> None:
        """New milestones; where an amendment adds them, its event follows."""
        self.expected(fact)
        self.require(fact, first=len(self.milestones))
        added = [self._schedule(fact, terms) for terms in fact.values["milestones"]]
        if self.proposals:
            self.scheduled_now += added

    def milestone_submitted(self, fact: Fact) -> None:
        """A new attempt, without votes; the review ends by the calendar as it stands."""
        self.expected(fact)
        item = self.milestone(fact)
        item.attempt += 1
        self.require(fact, attempt=item.attempt, by=self.supplier)
        item.approved_by, item.disapproved_by = set(), set()
        item.submitted_at = fact.timestamp
        item.late_days = self.late_days(item, fact.timestamp)
        days = self.conditions["reviewDays"]
        item.review_span = self.calendar.span(fact.place, fact.timestamp, days)
        item.evidence = document(fact.values["evidence"])
        item.become("submitted", fact.timestamp)

    def milestone_attested(self, fact: Fact) -> None:
        """An inspector's report."""
        self.expected(fact)
        item = self.milestone(fact)
        self.require(fact, attempt=item.attempt)
        item.status = "inspected"
        item.attested_at, item.attested_by = fact.timestamp, fact.values["by"]
        item.seen_at = moment(fact.values["seenAt"])
        item.report = document(fact.values["report"])

    def milestone_approved(self, fact: Fact) -> None:
        """A vote for it; with the quorum all that is open must be paid."""
        item, quorum = self.milestone(fact), self.parties["quorum"]
        # Votes that are brought in together may be more than the quorum.
        more = bool(self.due) and self.due[0].gross == item.rest and item.approvals >= quorum
        if not more:
            self.expected(fact)
        item.approved_by.add(fact.values["by"])
        self.require(fact, attempt=item.attempt, approvals=item.approvals, quorum=quorum)
        if item.approvals >= quorum and not more:
            basis = BASES.index("acceptance")
            self.expect("PaymentMade", milestone=item.number, basis=basis, gross=item.rest)

    def milestone_partly_accepted(self, fact: Fact) -> None:
        """A part is accepted, and must be paid at once."""
        self.expected(fact)
        item, amount = self.milestone(fact), fact.values["amount"]
        self.require(fact, attempt=item.attempt, rest=item.rest - amount)
        item.part_accepted_at = fact.timestamp
        item.part_reason = fact.values["reason"]
        item.part_document = document(fact.values["document"])
        item.become("partly-accepted", fact.timestamp)
        basis = BASES.index("partial-acceptance")
        self.expect("PaymentMade", milestone=item.number, basis=basis, gross=amount)

    def milestone_disapproved(self, fact: Fact) -> None:
        """A vote against it."""
        self.expected(fact)
        item = self.milestone(fact)
        item.disapproved_by.add(fact.values["by"])
        needed = len(self.parties["committee"]) - self.parties["quorum"] + 1
        votes = item.disapprovals
        self.require(fact, attempt=item.attempt, rejections=votes, needed=needed)
        if votes == needed:
            self.expect("MilestoneRejected", milestone=item.number, attempt=item.attempt)

    def milestone_rejected(self, fact: Fact) -> None:
        """It can be submitted again."""
        if self.expected(fact) is None:
            self.differ(fact, "event", None, fact.values)
        item = self.milestone(fact)
        item.rejections += 1
        item.rejected_at = fact.timestamp
        item.reject_reason = fact.values["reason"]
        item.reject_document = document(fact.values["document"])
        item.become("rejected", fact.timestamp)

    def milestone_changed(self, fact: Fact) -> None:
        """Other terms, by amendment; a date that stays keeps what the clocks moved it by."""
        self.expected(fact)
        item, values = self.milestone(fact), fact.values
        self.total.scheduled += values["amount"] - item.amount
        item.amount = values["amount"]
        if item.due != values["dueAt"]:
            item.due, item.agreed_at = values["dueAt"], fact.timestamp
        item.payee = values["payee"]
        claim = self.claims.get((item.number, item.payee))
        item.owed = claim.owed if claim else 0
        self.changed.append((item.number, item.amount, item.due))

    def milestone_cancelled(self, fact: Fact) -> None:
        """The rest is given up; where a part is accepted, that is all that remains."""
        item = self.milestone(fact)
        after_dispute = self.expected(fact) is not None
        if not after_dispute:
            self.require(fact, amount=item.rest)
        if after_dispute != (item.status == "disputed"):
            self.differ(fact, "event", None, fact.values)
        if not after_dispute:
            self.removed.append(item.number)
        amount = fact.values["amount"]
        self.total.scheduled -= amount
        self.total.cancelled += amount
        item.cancelled += amount
        # What is accepted by the same ruling is still to come.
        accepts = bool(self.due) and self.due[0].name == "PaymentMade"
        if item.accepted or accepts:
            item.amount -= amount
        if not accepts:
            item.give_up(fact.timestamp)

    # --- disputes ---

    def dispute_opened(self, fact: Fact) -> None:
        """A milestone is in dispute over what is open of it."""
        self.expected(fact)
        item = self.milestone(fact)
        self.require(fact, amount=item.rest)
        item.become("disputed", fact.timestamp)

    def dispute_settled(self, fact: Fact) -> None:
        """Both sides offered the same."""
        self._end_dispute(fact, "settlement")

    def dispute_ruled(self, fact: Fact) -> None:
        """The arbiter's ruling; by nobody, what was agreed for his silence."""
        defaulted = fact.values["by"] == ZERO
        if defaulted:
            share = self.conditions["defaultShare"]
            self.require(fact, amount=share_down(self.milestone(fact).rest, share))
        self._end_dispute(fact, "default-ruling" if defaulted else "ruling")

    def _end_dispute(self, fact: Fact, basis: str) -> None:
        """`AgreementPayments._conclude`: the rest is given up, and then the amount paid."""
        self.expected(fact)
        item, amount = self.milestone(fact), fact.values["amount"]
        rest = item.rest - amount
        self.require(fact, rest=rest)
        if rest:
            self.expect("MilestoneCancelled", milestone=item.number, amount=rest)
        if amount:
            code = BASES.index(basis)
            self.expect("PaymentMade", milestone=item.number, basis=code, gross=amount)
        if not rest and not amount:
            item.give_up(fact.timestamp)

    # --- amendments ---

    def amendment_proposed(self, fact: Fact) -> None:
        """What an amendment will change if it takes effect."""
        self.expected(fact)
        number = self.counts["proposals"] = self.counts.get("proposals", 0) + 1
        self.require(fact, amendment=number)
        self.proposals[number] = fact.values["terms"]

    def amendment_signed(self, fact: Fact) -> None:
        """A signature under what was proposed."""
        self.expected(fact)
        if fact.values["amendment"] not in self.proposals:
            self.differ(fact, "AmendmentProposed before it", fact.values["amendment"], None)

    def amendment_enacted(self, fact: Fact) -> None:
        """`AgreementChanges._enact`: all that changes follows from the proposal."""
        self.expected(fact)
        terms = self.proposals.get(fact.values["amendment"])
        if terms is None:
            self.differ(fact, "AmendmentProposed before it", fact.values["amendment"], None)
            return
        self._require_changes(fact, terms)
        previous = self.total.value
        value = previous + terms["increase"] - terms["decrease"]
        self.ends_at = terms["endsAt"] or self.ends_at
        self.require(fact, previousValue=previous, value=value, endsAt=self.ends_at)
        self.total.value = value
        self.total.released += terms["decrease"]
        self.counts["amendments"] = self.counts.get("amendments", 0) + 1
        for item in self.scheduled_now:
            item.amendment = fact.values["amendment"]
        if self.total.scheduled > value:
            self.differ(fact, "scheduled", f"at most {value}", self.total.scheduled)
        if self.total.funded < value:
            self.differ(fact, "funded", f"at least {value}", self.total.funded)
        self.return_damages([number for number, _, _ in self.changed])
        self.changed, self.removed, self.scheduled_now = [], [], []

    def _require_changes(self, fact: Fact, terms: Row) -> None:
        """What the events before told of milestones is what was agreed on."""
        agreed = [
            (change["milestone"], change["amount"], change["dueAt"])
            for change in terms["changes"]
            if not change["removed"]
        ]
        removed = [change["milestone"] for change in terms["changes"] if change["removed"]]
        added = [(new["amount"], new["dueAt"]) for new in terms["milestones"]]
        told = [(item.original_amount, item.original_due) for item in self.scheduled_now]
        for what, expected, found in (
            ("MilestoneChanged before it", agreed, self.changed),
            ("MilestoneCancelled before it", removed, self.removed),
            ("MilestonesScheduled before it", added, told),
        ):
            if expected != found:
                self.differ(fact, what, expected, found)

    def _schedule(self, fact: Fact, terms: Row) -> Milestone:
        item = Milestone(
            agreement=self.address,
            number=len(self.milestones),
            amount=terms["amount"],
            original_amount=terms["amount"],
            due=terms["dueAt"],
            original_due=terms["dueAt"],
            agreed_at=fact.timestamp,
            payee=self.supplier if terms["payee"] == ZERO else terms["payee"],
            document=document(terms["document"]),
            scheduled_at=fact.timestamp,
            **made(fact),
        )
        self.milestones.append(item)
        self.total.scheduled += item.amount
        return item
