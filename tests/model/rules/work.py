"""Acts of `IAgreementWork`."""

from __future__ import annotations

from choosing import EVIDENCE, Choice
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from reference.state import SENT_BACK, UNDER_DECISION
from reference.values import DAY, NONE, AgreementStatus, MilestoneStatus

from rules.base import Machine, having, when

M, A = MilestoneStatus, AgreementStatus


class WorkRules(Machine):
    """Signature, funding, and the life of a milestone."""

    @when(A.SIGNED)
    @rule(data=st.data())
    def sign(self, data: st.DataObject) -> None:
        """The supplier signs."""
        self.play("sign", self.choice(data).account("supplier"))

    @when(A.SIGNED)
    @rule(data=st.data())
    def fund(self, data: st.DataObject) -> None:
        """The treasury funds."""
        choice, value = self.choice(data), self.player.model.ledger.value
        self.play("fund", choice.account("treasury"), value=choice.mostly(value, value + 1))

    @having(M.SCHEDULED, *SENT_BACK)
    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """The supplier submits."""
        choice = self.choice(data)
        milestone = choice.milestone(M.SCHEDULED, *SENT_BACK)
        evidence = choice.mostly(EVIDENCE, NONE)
        by = choice.account("supplier")
        self.play("submit", by, milestone=milestone, evidence=evidence)

    @having(M.SUBMITTED)
    @rule(data=st.data())
    def attest(self, data: st.DataObject) -> None:
        """An inspector attests."""
        choice = self.choice(data)
        milestone = choice.milestone(M.SUBMITTED)
        now = self.player.now
        inspectors = self.player.model.parties.inspectors
        by = self.player.model.account(choice.of(*inspectors)) if inspectors else None
        self.play(
            "attest",
            choice.mostly(by or choice.anyone(), choice.anyone()),
            milestone=milestone,
            attempt=choice.attempt(milestone),
            seen_at=choice.mostly(now, now - DAY, now + 1),
            report=choice.mostly(EVIDENCE, NONE),
        )

    @having(*UNDER_DECISION)
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        """Members accept."""
        choice = self.choice(data)
        milestone = choice.milestone(M.INSPECTED, M.SUBMITTED)
        attempt = choice.attempt(milestone)
        for member in choice.members():
            self.play("accept", member, milestone=milestone, attempt=attempt)

    @having(M.SCHEDULED, *SENT_BACK)
    @rule(data=st.data(), after=st.one_of(st.integers(0, 3 * DAY), st.integers(0, 90 * DAY)))
    def work(self, data: st.DataObject, after: int) -> None:
        """A milestone goes all the way, if nothing hinders it."""
        choice = self.choice(data)
        self.work_on(choice, choice.milestone(M.SCHEDULED, *SENT_BACK), after)

    @when(A.ACTIVE)
    @rule(data=st.data(), after=st.integers(0, 10 * DAY))
    def work_on_everything(self, data: st.DataObject, after: int) -> None:
        """All milestones go all the way."""
        choice = self.choice(data)
        if not choice.seldom(3):
            return
        for index, item in enumerate(self.player.model.milestones):
            if item.status in (M.SCHEDULED, *SENT_BACK):
                self.work_on(choice, index, after)
        self.play("complete", choice.anyone())

    def work_on(self, choice: Choice, milestone: int, after: int) -> None:
        """From submission to acceptance."""
        self.play("submit", self.world.account["supplier"], milestone=milestone, evidence=EVIDENCE)
        self.player.pass_time(after)
        attempt, model = choice.attempt(milestone), self.player.model
        for inspector in model.parties.inspectors[:1]:
            self.play(
                "attest",
                model.account(inspector),
                milestone=milestone,
                attempt=attempt,
                seen_at=self.player.now,
                report=EVIDENCE,
            )
        for member in choice.members():
            self.play("accept", member, milestone=milestone, attempt=attempt)

    @having(*UNDER_DECISION)
    @rule(data=st.data())
    def accept_part(self, data: st.DataObject) -> None:
        """Members accept a part."""
        choice = self.choice(data)
        milestone = choice.milestone(M.INSPECTED, M.SUBMITTED)
        arguments = {
            "milestone": milestone,
            "attempt": choice.attempt(milestone),
            "amount": choice.amount(max(choice.rest(milestone) - 1, 0)),
            "reason": choice.reason(),
            "document": choice.document(),
        }
        for member in choice.members():
            self.play("accept_part", member, **arguments)

    @having(*UNDER_DECISION)
    @rule(data=st.data())
    def reject(self, data: st.DataObject) -> None:
        """Members reject."""
        choice = self.choice(data)
        milestone = choice.milestone(*UNDER_DECISION)
        arguments = {
            "milestone": milestone,
            "attempt": choice.attempt(milestone),
            "reason": choice.reason(),
            "document": choice.document(),
        }
        for member in choice.members():
            self.play("reject", member, **arguments)

    @having(*UNDER_DECISION)
    @rule(data=st.data())
    def accept_by_silence(self, data: st.DataObject) -> None:
        """Anyone has silence accept."""
        choice = self.choice(data)
        milestone = choice.milestone(*UNDER_DECISION)
        attempt = choice.attempt(milestone)
        self.play("accept_by_silence", choice.anyone(), milestone=milestone, attempt=attempt)

    @rule(data=st.data())
    def claim(self, data: st.DataObject) -> None:
        """Anyone has a claim paid out."""
        choice = self.choice(data)
        waiting = list(self.player.model.ledger.claims)
        wrong = (choice.milestone(M.PAID), self.world.id["supplier"])
        milestone, payee = choice.mostly(choice.of(*waiting) if waiting else wrong, wrong)
        self.play("claim", choice.anyone(), milestone=milestone, payee=payee)

    @precondition(lambda self: self.reckless or self.player.model.ledger.interest)
    @rule(data=st.data())
    def pay_interest(self, data: st.DataObject) -> None:
        """The treasury pays interest."""
        choice = self.choice(data)
        amount = choice.amount(self.player.model.ledger.interest)
        self.play("pay_interest", choice.account("treasury"), amount=amount)
