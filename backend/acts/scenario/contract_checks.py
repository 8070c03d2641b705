"""What in one contract of a scenario must fit together before it can be played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.acts.scenario.acts import Amend, Enact, Inspect, Rule, Sign, StoryAct
from backend.acts.scenario.finding import Finding, order
from backend.acts.scenario.ledger import Ledger
from backend.acts.scenario.model import Contract
from backend.acts.scenario.schedule import Milestone
from backend.core.yamlfiles import Location, Problem


class ContractCheck:
    """Checks one contract; `place` is where it stands."""

    def __init__(self, finding: Finding, contract: Contract, place: Location) -> None:
        self._finding = finding
        self._story = finding.story
        self._contract = contract
        self._place = place

    def problems(self) -> Iterator[Problem]:
        """All that is wrong, in no particular order."""
        yield from self._names()
        yield from self._parties()
        yield from self._direct_payments()
        wrong = list(self._amounts())
        yield from wrong
        yield from self._times()
        yield from self._acts(told=not wrong)

    def _names(self) -> Iterator[Problem]:
        contract, story = self._contract, self._story
        for key, known in (("budget", [*story.budget]), ("conditions", [*story.conditions])):
            name = getattr(contract, key)
            if name not in known:
                yield Problem((*self._place, key), repr(name), f"one of: {', '.join(known)}")

    def _parties(self) -> Iterator[Problem]:
        contract = self._contract
        for key in ("buyer", "supplier", "treasury", "arbiter", "authority"):
            yield from self._finding.reference((*self._place, key), getattr(contract, key))
        for key in ("committee", "inspectors", "other_suppliers", "auditors"):
            for number, reference in enumerate(getattr(contract, key)):
                yield from self._finding.reference((*self._place, key, number), reference)
        yield from self._payees(self._place, contract.milestones)

    def _payees(self, place: Location, milestones: Sequence[Milestone]) -> Iterator[Problem]:
        for number, item in enumerate(milestones):
            where = (*place, "milestones", number, "payee")
            yield from self._finding.reference(where, item.payee)

    def _direct_payments(self) -> Iterator[Problem]:
        count = len(self._contract.milestones)
        for number, direct in enumerate(self._contract.direct_payments):
            place = (*self._place, "direct_payments", number)
            yield from self._finding.reference((*place, "to"), direct.to)
            yield from self._finding.amount((*place, "amount"), direct.amount)
            if direct.milestone > count:
                yield _no_milestone(place, direct.milestone, count)

    def _amounts(self) -> Iterator[Problem]:
        contract, story = self._contract, (*self._place, "story")
        yield from self._finding.amount((*self._place, "value"), contract.value)
        yield from self._amounts_of(self._place, contract.milestones)
        for number, act in enumerate(contract.story):
            place: Location = (*story, number)
            for key in ("amount", "increase", "decrease"):
                yield from self._finding.amount((*place, key), getattr(act, key, None))
            if isinstance(act, Amend):
                yield from self._amounts_of(place, act.milestones)
                for changed, change in enumerate(act.changes):
                    where = (*place, "changes", changed, "amount")
                    yield from self._finding.amount(where, change.amount)

    def _amounts_of(self, place: Location, milestones: Sequence[Milestone]) -> Iterator[Problem]:
        for number, item in enumerate(milestones):
            yield from self._finding.amount((*place, "milestones", number, "amount"), item.amount)

    def _times(self) -> Iterator[Problem]:
        contract, story = self._contract, (*self._place, "story")
        yield from order([act.at for act in contract.story], story)
        if contract.story and contract.story[0].at < contract.signed:
            first = contract.story[0].at
            yield Problem((*story, 0, "at"), str(first), f"{contract.signed} or later")

    def _acts(self, *, told: bool) -> Iterator[Problem]:
        """Each act, as far as the milestones are there that they are about."""
        ledger = Ledger(self._contract, self._story.currency) if told else None
        for number, act in enumerate(self._contract.story):
            place: Location = (*self._place, "story", number)
            yield from self._act(place, act)
            if ledger is None:
                continue
            missing = list(_missing(place, act, ledger))
            yield from missing
            if missing:
                ledger = None
            else:
                ledger.tell(act)

    def _act(self, place: Location, act: StoryAct) -> Iterator[Problem]:
        by = getattr(act, "by", None) or []
        for position, reference in enumerate([by] if isinstance(by, str) else by):
            yield from self._finding.reference((*place, "by", position), reference)
        for key in ("bearer", "payee"):
            yield from self._finding.reference((*place, key), getattr(act, key, None))
        if isinstance(act, Amend):
            yield from self._payees(place, act.milestones)
            for number, change in enumerate(act.changes):
                where = (*place, "changes", number, "payee")
                yield from self._finding.reference(where, change.payee)
        if isinstance(act, Inspect) and not (act.by or self._contract.inspectors):
            yield Problem(place, "nobody to inspect", "by, or inspectors of the contract")
        if isinstance(act, Rule) and not self._contract.arbiter:
            yield Problem(place, "nobody to rule", "an arbiter of the contract")


def _missing(place: Location, act: StoryAct, ledger: Ledger) -> Iterator[Problem]:
    """What an act is about and the contract does not have by then."""
    count = len(ledger.milestones)
    milestone = getattr(act, "milestone", None) or 1
    if milestone > count:
        yield _no_milestone(place, milestone, count)
    if isinstance(act, Amend):
        for number, change in enumerate(act.changes):
            if change.milestone > count:
                yield _no_milestone((*place, "changes", number), change.milestone, count)
    if isinstance(act, Sign | Enact) and ledger.proposal is None:
        yield Problem(place, "nothing to sign", "an earlier act: amend")


def _no_milestone(place: Location, milestone: int, count: int) -> Problem:
    return Problem((*place, "milestone"), str(milestone), f"a milestone from 1 to {count}")
