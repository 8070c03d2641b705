"""What a contract has agreed by each act of its story."""

from __future__ import annotations

from backend.acts.scenario.acts import Amend, Enact, Fund, Sign, StoryAct, Submit
from backend.acts.scenario.model import Contract
from backend.acts.scenario.schedule import Milestone
from backend.core.money import to_minor


class Ledger:
    """A contract as its story goes on. Amounts are minor units; milestones count from 1.

    What is refused on the chain is told here all the same.
    """

    def __init__(self, contract: Contract, currency: str) -> None:
        self._currency = currency
        self._quorum = contract.quorum
        self._supplier = contract.supplier
        self._committee = frozenset(contract.committee)
        self._signatories: set[str] = set()
        self._attempts: dict[int, int] = {}
        self.value = to_minor(contract.value, currency)
        self.funded = 0
        self.milestones: list[Milestone] = list(contract.milestones)
        self.proposals = 0
        self.proposal: Amend | None = None

    def attempt(self, milestone: int) -> int:
        """How often a milestone was submitted so far."""
        return self._attempts.get(milestone, 0)

    def missing(self, proposal: Amend) -> int:
        """What the treasury must bring in for an amendment."""
        return max(0, self._value_with(proposal) - self.funded)

    def tell(self, act: StoryAct) -> None:
        """Take in an act."""
        match act:
            case Fund():
                self.funded = self.value
            case Submit():
                self._attempts[act.milestone] = self.attempt(act.milestone) + 1
            case Amend():
                self.proposal = act
                self.proposals += 1
                self._sign([act.by])
            case Sign():
                self._sign([*self._signatories, *(act.by or [self._supplier])])
            case Enact() if self.proposal:
                self._enact(self.proposal)
            case _:
                pass

    def _sign(self, signatories: list[str]) -> None:
        """With the last signature an amendment takes effect, unless money has to come in."""
        self._signatories = set(signatories)
        votes = self._signatories & self._committee
        complete = self._supplier in self._signatories and len(votes) >= self._quorum
        if self.proposal and complete and not self.missing(self.proposal):
            self._enact(self.proposal)

    def _enact(self, proposal: Amend) -> None:
        self.funded += self.missing(proposal)
        self.value = self._value_with(proposal)
        for change in proposal.changes:
            told = {key: getattr(change, key) for key in ("amount", "due", "payee")}
            known = {key: value for key, value in told.items() if value is not None}
            before = self.milestones[change.milestone - 1]
            self.milestones[change.milestone - 1] = before.model_copy(update=known)
        self.milestones += proposal.milestones
        self.proposal = None

    def _value_with(self, proposal: Amend) -> int:
        up, down = (to_minor(n, self._currency) for n in (proposal.increase, proposal.decrease))
        return self.value + up - down
