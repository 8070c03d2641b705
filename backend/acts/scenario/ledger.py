"""What a contract has agreed and done by each act of its story."""

from __future__ import annotations

from backend.acts.scenario.model import (
    Accept,
    Amend,
    Claim,
    Contract,
    Fund,
    Inspect,
    Milestone,
    Reject,
    Sign,
    StoryAct,
    Submit,
)
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.rules import Complete, Decide, Enact
from backend.core.money import to_minor

MilestoneAct = Submit | Inspect | Accept | Reject
Act = StoryAct
COMPLETED = "completed"


class Ledger:
    """A contract as its story goes on. Amounts are minor units; milestones count from 1."""

    def __init__(self, contract: Contract, currency: str) -> None:
        self._currency = currency
        self._quorum = contract.quorum
        self._supplier = contract.supplier
        self._committee = set(contract.committee)
        self._signatories: set[str] = set()
        self._votes: dict[int, set[str]] = {}
        self._proposal: Amend | None = None
        self.value = to_minor(contract.value, currency)
        self.funded = 0
        self.milestones: list[Milestone] = list(contract.milestones)
        self.attempts: dict[int, int] = {}
        self.proposals = 0
        self.ends: Moment = contract.ends
        self.closed_for: str | None = None

    @property
    def proposal(self) -> Amend | None:
        """The amendment that waits for the supplier's signature."""
        return self._proposal

    def tell(self, act: Act) -> int | None:
        """Take in an act; the number of the milestone that it makes payable, if any."""
        payable = None
        if isinstance(act, Fund):
            self.funded = self.value
        elif isinstance(act, Submit):
            self.attempts[act.milestone] = self.attempts.get(act.milestone, 0) + 1
            self._votes[act.milestone] = set()
        elif isinstance(act, Accept):
            payable = self._accept(act)
        elif isinstance(act, Claim):
            payable = act.milestone
        elif isinstance(act, Complete):
            self.closed_for = COMPLETED
        elif isinstance(act, Decide) and act.act.startswith("terminate"):
            self.closed_for = act.reason
        else:
            self._change(act)
        return payable

    def value_of(self, proposal: Amend) -> int:
        """The value once a proposal is in force, in minor units."""
        up, down = (to_minor(n, self._currency) for n in (proposal.increase, proposal.decrease))
        return self.value + up - down

    def _accept(self, act: Accept) -> int | None:
        votes = self._votes.setdefault(act.milestone, set())
        votes.update(act.by)
        return act.milestone if len(votes) == self._quorum else None

    def _change(self, act: Act) -> None:
        if isinstance(act, Amend):
            self._proposal = act
            self._signatories = {act.by}
            self.proposals += 1
        elif isinstance(act, Sign):
            self._signatories.update(act.by or [self._supplier])
            if self._is_in_force():
                self._enact()
        elif isinstance(act, Enact):
            self._enact()

    def _is_in_force(self) -> bool:
        """Whether the amendment has its signatures and needs no money."""
        proposal, votes = self._proposal, self._signatories & self._committee
        signed = self._supplier in self._signatories and len(votes) >= self._quorum
        return proposal is not None and signed and self.value_of(proposal) <= self.funded

    def _enact(self) -> None:
        proposal = self._proposal
        if proposal is None:
            return
        self.value = self.value_of(proposal)
        self.funded = max(self.funded, self.value)
        for change in proposal.changes:
            before = self.milestones[change.milestone - 1]
            changed = {"amount": change.amount, "due": change.due, "payee": change.payee}
            self.milestones[change.milestone - 1] = before.model_copy(update=changed)
        self.milestones += proposal.milestones
        self.ends = proposal.ends or self.ends
        self._proposal = None
