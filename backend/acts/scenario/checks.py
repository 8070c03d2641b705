"""What in a scenario must fit together before it can be played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from backend.acts.conditions import condition_problems
from backend.acts.scenario.contract_checks import ContractCheck
from backend.acts.scenario.finding import Finding, order
from backend.acts.scenario.model import Story
from backend.acts.scenario.people import People, payees_of
from backend.core.yamlfiles import Location, Problem


class Check:
    """What one part of the file must be for another part to make sense.

    What the contracts on the chain refuse by themselves is left to them.
    """

    def __init__(self, story: Story, people: People) -> None:
        self._story = story
        self._people = people
        self._finding = Finding(story, people)

    def problems(self) -> Iterator[Problem]:
        """All that is wrong, in no particular order."""
        yield from self._participants()
        yield from order([each.at for each in self._story.calendar], ("calendar",))
        yield from self._budget()
        yield from self._conditions()
        for number, contract in enumerate(self._story.contracts):
            place: Location = ("contracts", number)
            yield from ContractCheck(self._finding, contract, place).problems()
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
            yield from order(times, ("participants", name, "standing"))
            yield from self._successions(name)

    def _successions(self, name: str) -> Iterator[Problem]:
        place: Location = ("participants", name, "succession")
        told = self._story.participants[name].succession
        yield from order([each.at for each in told], place)
        for number, each in enumerate(told):
            reference = name if each.office is None else f"{name}/{each.office}"
            yield from self._finding.reference((*place, number, "office"), reference)
            if each.by not in {name, reference}:
                expected = f"the participant itself or its legal person: {reference}, {name}"
                yield Problem((*place, number, "by"), repr(each.by), expected)
            if each.confirmed < each.at:
                where = (*place, number, "confirmed")
                yield Problem(where, str(each.confirmed), f"{each.at} or later")

    def _used(self) -> set[str]:
        used: set[str] = set()
        for contract in self._story.contracts:
            used |= {contract.buyer, contract.supplier, contract.treasury}
            used |= {*contract.committee, *contract.inspectors, *contract.other_suppliers}
            used |= {*contract.auditors, *payees_of(contract)}
            used |= {each for each in (contract.arbiter, contract.authority) if each}
        for agreed in self._story.conditions.values():
            used |= {tax.to for tax in agreed.taxes}
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
            yield from self._finding.reference((*place, "buyer"), line.buyer)
            times = [appropriation.at for appropriation in line.appropriations]
            yield from order(times, (*place, "appropriations"))
            for number, appropriation in enumerate(line.appropriations):
                where = (*place, "appropriations", number, "total")
                yield from self._finding.amount(where, appropriation.total)

    def _conditions(self) -> Iterator[Problem]:
        agreed = {contract.conditions for contract in self._story.contracts}
        for name, draft in self._story.conditions.items():
            place: Location = ("conditions", name)
            if name not in agreed:
                expected = "a contract with these conditions"
                yield Problem(place, "conditions that nobody agrees", expected)
            if draft.direct_payments:
                found, expected = "direct payments of no contract", "them in a contract"
                yield Problem((*place, "direct_payments"), found, expected)
            for number, tax in enumerate(draft.taxes):
                yield from self._finding.reference((*place, "taxes", number, "to"), tax.to)
            alone = draft.model_copy(update={"direct_payments": []})
            for problem in condition_problems(alone, self._story.currency, milestones=0):
                where = (*place, *problem.location[1:])
                yield Problem(where, problem.found, problem.expected)

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
