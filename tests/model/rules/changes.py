"""Acts of `IAgreementChanges`."""

from __future__ import annotations

from choosing import EVIDENCE, Choice
from drawing import AMOUNTS
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from reference.agreement import Agreement
from reference.changes import CHANGEABLE
from reference.values import (
    DAY,
    NONE,
    AgreementStatus,
    Amendment,
    GuaranteeKind,
    MilestoneChange,
    MilestoneStatus,
    MilestoneTerms,
)

from rules.base import Machine, when

A = AgreementStatus


class ChangeRules(Machine):
    """Guarantees, the advance, and amendments."""

    @rule(data=st.data())
    def record_guarantee(self, data: st.DataObject) -> None:
        """Members record a guarantee that mostly suffices."""
        choice, model = self.choice(data), self.player.model
        kind = choice.of(*GuaranteeKind)
        enough = {
            GuaranteeKind.PERFORMANCE: model.security(),
            GuaranteeKind.ADVANCE: model.ledger.outstanding or model.ledger.value,
            GuaranteeKind.RETENTION: model.ledger.retained,
        }[kind]
        lasts = choice.of(500 * DAY, 30 * DAY, 1)
        arguments = {
            "kind": kind,
            "amount": choice.mostly(enough, max(enough - 1, 0), 0),
            "expires_at": self.player.now + choice.mostly(lasts, 0),
            "document": choice.mostly(EVIDENCE, NONE),
        }
        for member in choice.members():
            self.play("record_guarantee", member, **arguments)

    @when(A.ACTIVE)
    @rule(data=st.data())
    def secure(self, data: st.DataObject) -> None:
        """Members record what the supplier needs, and the advance is paid."""
        choice, model = self.choice(data), self.player.model
        expires_at = self.player.now + choice.of(500 * DAY, 40 * DAY)
        needed = {
            GuaranteeKind.PERFORMANCE: model.security(),
            GuaranteeKind.ADVANCE: model.ledger.outstanding or model.ledger.value,
        }
        for kind, amount in needed.items():
            arguments = {"kind": kind, "amount": amount, "expires_at": expires_at}
            for member in choice.members():
                self.play("record_guarantee", member, **arguments, document=EVIDENCE)
        if not model.advance_paid:
            self.play("pay_advance", choice.anyone())

    @when(A.ACTIVE)
    @rule(data=st.data())
    def pay_advance(self, data: st.DataObject) -> None:
        """Anyone has the advance paid."""
        self.play("pay_advance", self.choice(data).anyone())

    # --- amendments ---

    def amendment(self, choice: Choice) -> Amendment:
        """A change of value, end, milestones, or several of them."""
        model, now = self.player.model, self.player.now
        free = model.ledger.value - model.ledger.scheduled
        new = choice.data.draw(AMOUNTS) if choice.of(False, True) else 0
        raised = choice.of(0, max(new - free, 0), new)
        changes = [self.change(choice) for _ in range(choice.of(0, 0, 1, 1, 2))]
        lasts = not choice.seldom() if not (new or changes) else choice.seldom(3)
        return Amendment(
            increase=raised,
            decrease=choice.mostly(0, *{1, free, free + 1}) if not raised else 0,
            ends_at=now + choice.number(1, 90 * DAY) if lasts else 0,
            changes=tuple(changes),
            milestones=(MilestoneTerms(new, now + choice.number(0, 30 * DAY)),) if new else (),
            reason=choice.reason(),
            legal_ground=choice.of(NONE, EVIDENCE),
            valid_until=choice.mostly(0, now + DAY, now, now - 1),
        )

    def change(self, choice: Choice) -> MilestoneChange:
        """Another date, amount or payee, or none of it any more."""
        model, world = self.player.model, self.world
        index = choice.milestone(*choice.of(list(CHANGEABLE), list(model_statuses(model))))
        if index >= len(model.milestones):
            return MilestoneChange(index, 1, 0)
        item = model.milestones[index]
        if choice.seldom(4):
            return MilestoneChange(index, 0, 0, removed=True)
        later = max(item.due_at, self.player.now) + choice.number(0, 60 * DAY)
        due_at = choice.of(item.due_at, later, 0, max(item.due_at - DAY, 1))
        amount, payee = item.amount, item.payee
        if item.status in CHANGEABLE or choice.seldom():
            amount = choice.of(amount, amount + 1, item.accepted, max(item.accepted - 1, 0))
            payee = choice.of(payee, world.id["builder"], NONE)
        return MilestoneChange(index, amount, due_at, payee)

    @when(A.ACTIVE, A.COMPLETED)
    @rule(data=st.data())
    def amend(self, data: st.DataObject) -> None:
        """An amendment from its proposal to the last signature, if nothing hinders it."""
        choice = self.choice(data)
        self.agree(choice, self.amendment(choice))

    @precondition(lambda self: any(m.parts for m in self.player.model.milestones))
    @rule(data=st.data())
    def excuse(self, data: st.DataObject) -> None:
        """What was late is given another date."""
        choice = self.choice(data)
        late = [
            index
            for index, item in enumerate(self.player.model.milestones)
            if item.due_at and any(part.assessed for part in item.parts)
        ]
        if late:
            index = choice.of(*late)
            item = self.player.model.milestones[index]
            due_at = choice.of(0, item.due_at + choice.number(1, 20 * DAY), self.player.now)
            change = MilestoneChange(index, item.amount, due_at, item.payee)
            self.agree(choice, Amendment(changes=(change,), reason=EVIDENCE))

    def agree(self, choice: Choice, terms: Amendment) -> None:
        """Propose, sign and enact."""
        model = self.player.model
        signatories = [self.world.account["supplier"], *choice.members()]
        if not self.play("propose_amendment", signatories[0], terms=terms):
            return
        number = model.proposed
        others = [*signatories[1:], *choice.of([], [self.world.account["head"]])]
        for by in choice.data.draw(st.permutations(others)):
            self.play("sign_amendment", by, number=number, terms=terms)
        if number in model.proposals:
            self.play("enact_amendment", choice.account("treasury"), number=number, terms=terms)

    @when(A.ACTIVE)
    @rule(data=st.data())
    def propose_amendment(self, data: st.DataObject) -> None:
        """Somebody proposes an amendment, which waits."""
        choice = self.choice(data)
        by = choice.of(choice.account("supplier"), choice.members()[0])
        self.play("propose_amendment", by, terms=self.amendment(choice))

    @precondition(lambda self: self.player.model.proposals)
    @rule(data=st.data())
    def sign_amendment(self, data: st.DataObject) -> None:
        """Somebody signs an amendment that waits."""
        choice = self.choice(data)
        number, terms = self.proposal(choice)
        by = choice.of(choice.account("supplier"), choice.account("head"), choice.members()[0])
        self.play("sign_amendment", by, number=number, terms=terms)

    @precondition(lambda self: self.player.model.proposals)
    @rule(data=st.data())
    def enact_amendment(self, data: st.DataObject) -> None:
        """The treasury enacts an amendment that waits."""
        choice = self.choice(data)
        number, terms = self.proposal(choice)
        self.play("enact_amendment", choice.account("treasury"), number=number, terms=terms)

    def proposal(self, choice: Choice) -> tuple[int, Amendment]:
        """Number and content of a proposal, seldom not of the same."""
        proposals = self.player.model.proposals
        number = choice.of(*proposals)
        terms = proposals[choice.of(*proposals) if choice.seldom() else number].terms
        return choice.mostly(number, number + 1), terms


def model_statuses(model: Agreement) -> set[MilestoneStatus]:
    """The statuses of all milestones."""
    return {item.status for item in model.milestones}
