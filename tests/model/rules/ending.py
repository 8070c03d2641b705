"""Acts of `IAgreementEnding`."""

from __future__ import annotations

from choosing import EVIDENCE
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from reference.values import DAY, AgreementStatus, GuaranteeKind

from rules.base import Machine, when

A = AgreementStatus


class EndingRules(Machine):
    """Completion, default, and other ends."""

    @precondition(lambda self: self.reckless or self.is_done())
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        """Anyone records completion."""
        self.play("complete", self.choice(data).anyone())

    def is_done(self) -> bool:
        """Whether everything is accepted."""
        ledger, status = self.player.model.ledger, self.player.model.status
        return bool(status == A.ACTIVE and ledger.accepted == ledger.scheduled)

    @when(A.COMPLETED)
    @rule(data=st.data())
    def release_retention(self, data: st.DataObject) -> None:
        """Anyone has the retention released, mostly against a guarantee."""
        choice, model = self.choice(data), self.player.model
        if not choice.seldom(4):
            lasts = model.conditions.defects_days * DAY + choice.of(0, DAY, 40 * DAY)
            arguments = {
                "kind": GuaranteeKind.RETENTION,
                "amount": model.ledger.retained,
                "expires_at": model.completed_at + lasts,
                "document": EVIDENCE,
            }
            for member in choice.members():
                self.play("record_guarantee", member, **arguments)
        self.play("release_retention", choice.anyone())

    def vote(self, name: str, data: st.DataObject, *others: str) -> None:
        """Members, and others before or after them, decide for a reason."""
        choice = self.choice(data)
        arguments = {"reason": choice.reason(), "document": choice.document()}
        voters = [*others, *choice.members()]
        for by in data.draw(st.permutations(voters)) if others else voters:
            self.play(name, by, **arguments)

    @when(A.ACTIVE, A.COMPLETED)
    @rule(data=st.data())
    def notice_default(self, data: st.DataObject) -> None:
        """Members give notice."""
        self.vote("notice_default", data)

    @precondition(lambda self: self.reckless or self.player.model.noticed_at)
    @rule(data=st.data())
    def withdraw_notice(self, data: st.DataObject) -> None:
        """Members take a notice back."""
        self.vote("withdraw_notice", data)

    @precondition(lambda self: self.reckless or self.player.model.noticed_at)
    @rule(data=st.data())
    def terminate_for_default(self, data: st.DataObject) -> None:
        """Members end it for default."""
        self.vote("terminate_for_default", data)

    @when(A.SIGNED, A.ACTIVE)
    @rule(data=st.data())
    def terminate(self, data: st.DataObject) -> None:
        """Members end it for convenience; seldom, since little happens afterwards."""
        if self.choice(data).seldom(10):
            self.vote("terminate", data)

    @when(A.SIGNED, A.ACTIVE)
    @rule(data=st.data())
    def terminate_by_agreement(self, data: st.DataObject) -> None:
        """Both sides end it; seldom, as well."""
        choice = self.choice(data)
        if choice.seldom(10):
            self.vote("terminate_by_agreement", data, choice.account("supplier"))

    @precondition(lambda self: self.reckless or self.lapses())
    @rule(data=st.data())
    def lapse(self, data: st.DataObject) -> None:
        """Anyone ends what nobody ended."""
        self.play("lapse", self.choice(data).anyone())

    def lapses(self) -> bool:
        """Whether the last day is near."""
        model = self.player.model
        return bool(model.status < A.CLOSED and self.player.now + DAY > model.lapses_at())

    @when(A.COMPLETED, A.TERMINATED)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        """Anyone draws the final account."""
        self.play("close", self.choice(data).anyone())
