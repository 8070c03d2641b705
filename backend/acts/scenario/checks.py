"""What in a scenario must fit together before it can be played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from backend.acts.conditions import condition_problems
from backend.acts.scenario.ledger import Ledger
from backend.acts.scenario.model import (
    Amend,
    Contract,
    Inspect,
    Milestone,
    Sign,
    Story,
    StoryAct,
)
from backend.acts.scenario.moments import Moment
from backend.acts.scenario.people import People, recipients
from backend.acts.scenario.rules import Enact, Rule
from backend.core.money import MoneyError, to_minor
from backend.core.yamlfiles import Location, Problem


class Check:
    """What one part of the file must be for another part to make sense.

    What the contracts on the chain refuse by themselves is left to them.
    """

    def __init__(self, story: Story, people: People) -> None:
        self._story = story
        self._people = people
        self._currency = story.currency

    def problems(self) -> Iterator[Problem]:
        """All that is wrong, in no particular order."""
        yield from self._participants()
        yield from self._budget()
        for number, contract in enumerate(self._story.contracts):
            yield from self._contract(("contracts", number), contract)
        yield from self._duplicates()

    def _participants(self) -> Iterator[Problem]:
        used = self._used()
        for name, person in self._story.participants.items():
            for reference in self._people.references(name):
                if reference not in used:
                    owner, _, office = reference.partition("/")
                    place: Location = ("participants", owner)
                    place = (*place, "offices", office) if office else place
                    yield Problem(place, "nothing to do for it", "a part in some contract")
            times = [change.at for change in person.standing]
            yield from _order(times, ("participants", name, "standing"))

    def _used(self) -> set[str]:
        used: set[str] = set()
        for contract in self._story.contracts:
            used |= {contract.buyer, contract.supplier, contract.treasury}
            used |= {*contract.committee, *contract.inspectors, *contract.other_suppliers}
            used |= {*contract.auditors, *recipients(contract)}
            used |= {each for each in (contract.arbiter, contract.authority) if each}
        return used | {reference.partition("/")[0] for reference in used}

    def _budget(self) -> Iterator[Problem]:
        spent = {contract.budget for contract in self._story.contracts}
        codes = Counter((line.buyer, line.code) for line in self._story.budget.values())
        for name, line in self._story.budget.items():
            place: Location = ("budget", name)
            if name not in spent:
                yield Problem(place, "a line that nobody spends", "a contract with this budget")
            if codes[line.buyer, line.code] > 1:
                found = f"line {line.code} of {line.buyer} more than once"
                yield Problem((*place, "code"), found, "each line once")
            yield from self._reference((*place, "buyer"), line.buyer)
            times = [appropriation.at for appropriation in line.appropriations]
            yield from _order(times, (*place, "appropriations"))
            for number, appropriation in enumerate(line.appropriations):
                where = (*place, "appropriations", number, "total")
                yield from self._amount(where, appropriation.total)

    def _contract(self, place: Location, contract: Contract) -> Iterator[Problem]:
        yield from self._people_of(place, contract)
        if contract.budget not in self._story.budget:
            known = ", ".join(self._story.budget)
            yield Problem((*place, "budget"), repr(contract.budget), f"one of: {known}")
        unsound = list(self._amount((*place, "value"), contract.value))
        for where, milestone in _milestones(contract):
            unsound += self._amount((*place, *where, "amount"), milestone.amount)
        yield from unsound
        if contract.conditions is not None:
            found = condition_problems(
                contract.conditions, self._currency, len(contract.milestones)
            )
            yield from (Problem((*place, *p.location), p.found, p.expected) for p in found)
        if not unsound:
            yield from self._acts(place, contract)

    def _people_of(self, place: Location, contract: Contract) -> Iterator[Problem]:
        for key in ("buyer", "supplier", "treasury", "arbiter", "authority"):
            if getattr(contract, key) is not None:
                yield from self._reference((*place, key), getattr(contract, key))
        for key in ("committee", "inspectors", "other_suppliers", "auditors"):
            for number, reference in enumerate(getattr(contract, key)):
                yield from self._reference((*place, key, number), reference)
        yield from self._recipients_of(place, contract)

    def _recipients_of(self, place: Location, contract: Contract) -> Iterator[Problem]:
        for where, milestone in _milestones(contract):
            if milestone.payee is not None:
                yield from self._reference((*place, *where, "payee"), milestone.payee)
        if contract.conditions is not None:
            for name in ("taxes", "direct_payments"):
                for number, entry in enumerate(getattr(contract.conditions, name)):
                    term: Location = ("conditions", name, number, "to")
                    yield from self._reference((*place, *term), entry.to)

    def _acts(self, place: Location, contract: Contract) -> Iterator[Problem]:
        story: Location = (*place, "story")
        yield from _order([act.at for act in contract.story], story)
        if contract.story and contract.story[0].at < contract.signed:
            first = contract.story[0].at
            yield Problem((*story, 0, "at"), str(first), f"{contract.signed} or later")
        told = Ledger(contract, self._currency)
        for number, act in enumerate(contract.story):
            place_of_act: Location = (*story, number)
            yield from self._act(place_of_act, act, contract)
            milestone, count = getattr(act, "milestone", None) or 1, len(told.milestones)
            if milestone > count:
                expected = f"a milestone from 1 to {count}"
                yield Problem((*place_of_act, "milestone"), str(milestone), expected)
                return
            if isinstance(act, Sign | Enact) and told.proposal is None:
                yield Problem(place_of_act, "nothing to sign", "an earlier act: amend")
            told.tell(act)

    def _act(self, place: Location, act: StoryAct, contract: Contract) -> Iterator[Problem]:
        by = getattr(act, "by", None) or []
        for position, reference in enumerate([by] if isinstance(by, str) else by):
            yield from self._reference((*place, "by", position), reference)
        if isinstance(act, Amend):
            yield from self._amount((*place, "increase"), act.increase)
        if isinstance(act, Rule) and contract.arbiter is None:
            yield Problem(place, "nobody to rule", "an arbiter of the contract")
        if isinstance(act, Inspect) and not (act.by or contract.inspectors):
            yield Problem(place, "nobody to inspect", "by, or inspectors of the contract")

    def _duplicates(self) -> Iterator[Problem]:
        keys = Counter((contract.ocid, contract.id) for contract in self._story.contracts)
        for number, contract in enumerate(self._story.contracts):
            if keys[contract.ocid, contract.id] > 1:
                found = f"contract {contract.id} of {contract.ocid} more than once"
                yield Problem(("contracts", number, "id"), found, "each contract once")
        persons = Counter((p.scheme, p.identifier) for p in self._story.participants.values())
        for name, person in self._story.participants.items():
            if persons[person.scheme, person.identifier] > 1:
                found = f"{person.scheme}-{person.identifier} more than once"
                place = ("participants", name, "identifier")
                yield Problem(place, found, "each identifier once")

    def _reference(self, place: Location, reference: str) -> Iterator[Problem]:
        if not self._people.knows(reference):
            name = reference.partition("/")[0]
            person = self._story.participants.get(name)
            known = self._story.participants if person is None else person.offices
            what = "participants" if person is None else f"offices of {name}"
            expected = f"one of the {what}: {', '.join(known) or 'there are none'}"
            yield Problem(place, repr(reference), expected)

    def _amount(self, place: Location, amount: Decimal) -> Iterator[Problem]:
        try:
            to_minor(amount, self._currency)
        except MoneyError as error:
            found, _, expected = error.detail.partition("; expected ")
            yield Problem(place, found, expected)


def _milestones(contract: Contract) -> Iterator[tuple[Location, Milestone]]:
    """Each milestone, agreed at signature or later, with its place in the contract."""
    for number, milestone in enumerate(contract.milestones):
        yield ("milestones", number), milestone
    for number, act in enumerate(contract.story):
        if isinstance(act, Amend):
            for added, milestone in enumerate(act.milestones):
                yield ("story", number, "milestones", added), milestone


def _order(times: Sequence[Moment], place: Location) -> Iterator[Problem]:
    for number, (before, after) in enumerate(pairwise(times), 1):
        if after < before:
            yield Problem((*place, number, "at"), str(after), f"{before} or later")
