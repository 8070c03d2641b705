"""Branches: any_contract.tree."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

MEMBERS = ("first", "second", "third")
REASONS = ("completed", "default", "completed")


class Play:
    """One agreement, and what is permitted next. Refusals have tests of their own."""

    def __init__(self, world, law):
        self.world, self.law = world, law
        self.agreement = world.sign()
        self.amendments = 0
        self.closing = set()
        self.standing = dict.fromkeys(("supplier", "subcontractor"), law.Standing.ACTIVE)

    def acts(self):
        """Every act that is permitted now; several times what moves the work forward."""
        status = self.agreement.status()
        acts = [(self.stand, (name, current % 3 + 1)) for name, current in self.standing.items()]
        if status != self.law.AgreementStatus.CLOSED:
            acts += [
                (self.close, (name, reason))
                for name, reason in zip(MEMBERS, REASONS, strict=True)
                if (name, reason) not in self.closing
            ]
            money = self.world.money(self.agreement)
            if money.funded < money.value:
                acts += [(self.world.fund, (self.agreement,))] * 8
            active = set(self.standing.values()) == {self.law.Standing.ACTIVE}
            if status == self.law.AgreementStatus.ACTIVE and active:
                acts.append((self.amend, ()))
        for number, milestone in enumerate(self.world.milestones(self.agreement)):
            acts += self.acts_on(number, milestone, status)
        return acts

    def acts_on(self, number, milestone, status):
        statuses, agreement, world = self.law.MilestoneStatus, self.agreement, self.world
        if milestone.status == statuses.OWED:
            payee = "subcontractor" if number % 2 else "supplier"
            suspended = self.standing[payee] == self.law.Standing.SUSPENDED
            return [] if suspended else [(self.claim, (number,))]
        if status != self.law.AgreementStatus.ACTIVE:
            return []
        if milestone.status in (statuses.SCHEDULED, statuses.REJECTED):
            return [(world.submit, (agreement, number))] * 5
        if milestone.status not in (statuses.SUBMITTED, statuses.INSPECTED):
            return []
        committee = self.law.plain(agreement.parties().committee)
        votes = milestone.approvals | milestone.rejections
        free = [name for name in MEMBERS if not votes >> committee.index(world.id[name]) & 1]
        acts = [(world.reject, (agreement, name, number)) for name in free]
        if milestone.status == statuses.SUBMITTED:
            return acts + [(world.attest, (agreement, number))] * 5
        money = world.money(agreement)
        if milestone.amount <= money.funded - money.accepted or not milestone.approvals:
            acts += [(world.accept, (agreement, name, number)) for name in free] * 5
        return acts

    def stand(self, name, standing):
        self.standing[name] = standing
        self.world.stand(name, standing)

    def close(self, name, reason):
        self.closing.add((name, reason))
        self.agreement.close(
            self.law.digest(reason), self.law.NONE, sender=self.world.account[name]
        )

    def claim(self, number):
        self.agreement.claim(number, sender=self.world.stranger)

    def amend(self):
        self.amendments += 1
        odd = len(self.agreement.milestones()) % 2
        payee = self.world.id["subcontractor"] if odd else self.law.NONE
        milestones = [(7_001, 0, payee, self.law.NONE)]
        amendment = (7_001, 0, milestones, self.law.digest("more"), self.law.NONE)
        account = self.world.account
        self.agreement.proposeAmendment(amendment, sender=account["third"])
        self.agreement.signAmendment(self.amendments, amendment, sender=account["supplier"])

    def end(self):
        """The way out that is open from every state."""
        for name in ("supplier", "subcontractor"):
            if self.standing[name] == self.law.Standing.SUSPENDED:
                self.stand(name, self.law.Standing.DEBARRED)
        if self.agreement.status() != self.law.AgreementStatus.CLOSED:
            self.world.close(self.agreement, "the end")
        for number, milestone in enumerate(self.world.milestones(self.agreement)):
            if milestone.status == self.law.MilestoneStatus.OWED:
                self.claim(number)


def test_keeps_its_money_whatever_happens_and_ends_with_none(world, law, ledger, chain):
    committed = world.budget.get(world.line).committed

    @settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(choices=st.lists(st.integers(0, 2**16), min_size=25, max_size=25))
    def play(choices):
        start = chain.snapshot()
        try:
            _play(choices)
        finally:
            chain.restore(start)

    def _play(choices):
        history = Play(world, law)
        for choice in choices:
            acts = history.acts()
            if all(act == history.stand for act, _ in acts):
                break
            act, arguments = acts[choice % len(acts)]
            act(*arguments)
            ledger(history.agreement)
        history.end()
        held, paid, owed, _ = ledger(history.agreement)
        assert (held, owed) == (0, 0)
        assert world.budget.get(world.line).committed == committed + paid

    play()
