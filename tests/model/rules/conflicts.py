"""Acts of `IAgreementConflicts`."""

from __future__ import annotations

from choosing import EVIDENCE, Choice
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from reference.state import SENT_BACK, UNDER_DECISION
from reference.values import DAY, AgreementStatus, MilestoneStatus

from rules.base import Machine, having, when

M, A = MilestoneStatus, AgreementStatus
OPEN = (*UNDER_DECISION, *SENT_BACK)
TO_SUBMIT = (M.SCHEDULED, *SENT_BACK)


class ConflictRules(Machine):
    """Disputes, holds and suspensions."""

    @having(*OPEN)
    @rule(data=st.data())
    def dispute(self, data: st.DataObject) -> None:
        """A side opens a dispute."""
        choice = self.choice(data)
        arguments = {
            "milestone": choice.milestone(*OPEN),
            "reason": choice.reason(),
            "document": choice.document(),
        }
        supplier = [choice.account("supplier")]
        for by in supplier if choice.of(True, False) else choice.members():
            self.play("dispute", by, **arguments)

    @having(M.DISPUTED)
    @rule(data=st.data())
    def offer_settlement(self, data: st.DataObject) -> None:
        """One side or both offer an amount."""
        choice = self.choice(data)
        milestone = choice.milestone(M.DISPUTED)
        amount = choice.amount(choice.rest(milestone))
        supplier, members = [choice.account("supplier")], choice.members()
        for by in choice.of(supplier, members, [*supplier, *members]):
            self.play("offer_settlement", by, milestone=milestone, amount=amount)

    @having(M.DISPUTED)
    @rule(data=st.data())
    def rule_on(self, data: st.DataObject) -> None:
        """The arbiter rules."""
        choice = self.choice(data)
        milestone = choice.milestone(M.DISPUTED)
        self.play(
            "rule",
            choice.account("judge"),
            milestone=milestone,
            amount=choice.amount(choice.rest(milestone)),
            reason=choice.reason(),
            document=choice.document(),
        )

    @having(M.DISPUTED)
    @rule(data=st.data())
    def rule_by_default(self, data: st.DataObject) -> None:
        """Anyone applies the default."""
        choice = self.choice(data)
        milestone = choice.milestone(M.DISPUTED)
        self.play("rule_by_default", choice.anyone(), milestone=milestone)

    @having(*TO_SUBMIT)
    @rule(data=st.data(), after=st.integers(0, 60 * DAY))
    def quarrel(self, data: st.DataObject, after: int) -> None:
        """A submission is rejected, or a part of it accepted, and the supplier complains."""
        choice, model = self.choice(data), self.player.model
        milestone = choice.milestone(*TO_SUBMIT)
        supplier, members = self.world.account["supplier"], choice.members()
        self.play("submit", supplier, milestone=milestone, evidence=EVIDENCE)
        self.player.pass_time(after)
        decision = {"milestone": milestone, "attempt": choice.attempt(milestone)}
        reasons = {"reason": choice.reason(), "document": choice.document()}
        if model.parties.inspectors:
            by = model.account(model.parties.inspectors[-1])
            seen = {"seen_at": self.player.now, "report": EVIDENCE}
            self.play("attest", by, **decision, **seen)
        if choice.of(True, False):
            amount = choice.amount(max(choice.rest(milestone) - 1, 0))
            for member in members:
                self.play("accept_part", member, **decision, amount=amount, **reasons)
        else:
            for member in members:
                self.play("reject", member, **decision, **reasons)
        self.play("dispute", supplier, milestone=milestone, **reasons)

    # --- stops ---

    def until(self, choice: Choice, start: int, longest: int) -> int:
        """The end of a stop that may last so many days, seldom out of bounds."""
        days = choice.of(1, longest, max(longest // 2, 1))
        return start + choice.mostly(days * DAY, 1, 0, longest * DAY + 1)

    @when(A.SIGNED, A.ACTIVE, A.COMPLETED, A.TERMINATED)
    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        """An auditor stops payments."""
        choice, model = self.choice(data), self.player.model
        by = choice.mostly(self.world.account["auditor"], self.world.account["controller"])
        until = self.until(choice, self.player.now, model.conditions.hold_days)
        arguments = {"until": until, "reason": choice.reason(), "document": choice.document()}
        self.play("hold", by, **arguments)

    @precondition(lambda self: self.reckless or self.player.model.holds)
    @rule(data=st.data())
    def extend_hold(self, data: st.DataObject) -> None:
        """An auditor extends a hold."""
        choice, model = self.choice(data), self.player.model
        end = model.held_until() or self.player.now
        arguments = {
            "until": self.until(choice, end, model.conditions.hold_days),
            "reason": choice.reason(),
            "document": choice.document(),
        }
        self.play("extend_hold", choice.account("auditor"), **arguments)

    @precondition(lambda self: self.reckless or self.player.model.holds)
    @rule(data=st.data())
    def lift_hold(self, data: st.DataObject) -> None:
        """An auditor lifts a hold."""
        self.play("lift_hold", self.choice(data).account("auditor"))

    @when(A.ACTIVE, A.COMPLETED, A.TERMINATED)
    @rule(data=st.data())
    def suspend(self, data: st.DataObject) -> None:
        """Members suspend the work."""
        choice, model = self.choice(data), self.player.model
        past = sum(stop.end - stop.start for stop in model.suspensions) // DAY
        longest = max(model.conditions.suspension_days - past, 0)
        arguments = {
            "until": self.until(choice, self.player.now, longest),
            "reason": choice.reason(),
            "document": choice.document(),
        }
        for member in choice.members():
            self.play("suspend", member, **arguments)

    @precondition(lambda self: self.reckless or self.player.model.suspensions)
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        """Members let the work go on."""
        for member in self.choice(data).members():
            self.play("resume", member)
